package ljpc

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxBody is the largest request that is read.
const maxBody = 1 << 20

// call is one request that is being answered, with the lock held.
type call struct {
	*http.Request
	key  *Key // nil without one
	body []byte
	now  time.Time
}

// answer is what to say: data in the envelope, or raw, or nothing (204).
type answer struct {
	status  int
	data    any
	message string
	raw     []byte
	jti     string
	// change is the count of the change that the call made; 0 for none.
	change int64
}

func ok(data any) answer      { return answer{status: http.StatusOK, data: data} }
func created(data any) answer { return answer{status: http.StatusCreated, data: data} }

func refuse(status int, format string, args ...any) answer {
	return answer{status: status, message: fmt.Sprintf(format, args...)}
}

// serve answers a call, misbehaving where it was told to.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, op operation) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.write(w, refuse(http.StatusRequestEntityTooLarge, "The request is too large"))
		return
	}
	s.mu.Lock()
	s.calls[op.name]++
	told := s.takeFaults(op.name)
	s.mu.Unlock()
	s.pause(max(told.delay, s.options.Delay))
	if told.breakBefore(s, w) {
		return
	}
	a := s.answer(r, op, body, told.kind == FaultLoseKey)
	if err := s.saver.keep(a.change); err != nil {
		s.options.Log.Error("sandbox ljpc: state not saved", "error", err)
	}
	if told.breakAfter(s, w, a) {
		return
	}
	s.write(w, a)
}

// answer does what is asked. Everything of it happens under one lock, so that
// guards and effects are one step.
func (s *Server) answer(r *http.Request, op operation, body []byte, keyLost bool) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Request: r, body: body, now: s.options.Clock.Now()}
	secret := r.Header.Get("X-API-Key")
	c.key = s.keys[secret]
	a := s.guard(c, op, secret != "", keyLost)
	if a.status == 0 {
		a = op.answer(s, c)
	}
	a.jti = s.uuid()
	if r.Method != http.MethodGet || op.name == "orders.get" {
		s.changes++
		a.change = s.changes
	}
	return a
}

// guard is the key and its permission; the zero answer when both are good.
func (s *Server) guard(c *call, op operation, keyGiven, keyLost bool) answer {
	if keyLost || (c.key == nil && (keyGiven || !op.public)) {
		return refuse(http.StatusUnauthorized, "Invalid API key")
	}
	if !op.public && slices.Contains(c.key.Without, op.permission) {
		return refuse(http.StatusForbidden, "You don't have permission to do this")
	}
	return answer{}
}

// account is whose key the call came with.
func (c *call) account() string { return c.key.Account }

// read decodes the body; a body that is not JSON of the right shape is a 422.
func (c *call) read(into any) *answer {
	if err := json.Unmarshal(c.body, into); err != nil {
		a := refuse(http.StatusUnprocessableEntity, "The request body is not valid.")
		return &a
	}
	return nil
}

// pathID is the id in the path; 0 for what no id is.
func (c *call) pathID() int64 {
	id, err := strconv.ParseInt(c.PathValue("id"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// pause waits in real time, until the sandbox is closed.
func (s *Server) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.closed:
	}
}
