package stripe

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"hostfront/sandbox/mishap"
)

// answer is what a request is answered with, and what its idempotency key keeps.
type answer struct {
	status int
	body   []byte
}

// serve takes a request through key, parameters, faults and idempotency to its handler.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, e endpoint) {
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	if !s.authorized(r) {
		s.refuse(w, unauthorized())
		return
	}
	// The body is read first: only then does the server see that a client has gone.
	c, refused := readCall(r, e)
	if refused != nil {
		s.refuse(w, refused)
		return
	}
	f, struck := s.faults.Next(e.pattern)
	switch {
	case struck && f.Kind == mishap.DropBefore:
		panic(http.ErrAbortHandler)
	case struck && f.Kind == mishap.RateLimit:
		w.Header().Set("Retry-After", "1")
		s.refuse(w, tooMany())
		return
	case struck && f.Kind == mishap.Refuse:
		s.refuse(w, invalid("", "account_invalid", "Your account cannot currently make live charges."))
		return
	case struck && f.Kind == mishap.Slow:
		wait(r, time.Duration(f.DelayMS)*time.Millisecond)
	}
	a, replayed := s.once(r, c, func() answer { return s.run(e, c, f.Kind) })
	if struck && f.Kind == mishap.DropAfter {
		panic(http.ErrAbortHandler)
	}
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	s.write(w, a)
}

// run does the call under a fault that shows as a 500. The lock is held.
func (s *Server) run(e endpoint, c call, fault mishap.Kind) answer {
	if fault == mishap.ErrorBefore {
		return s.encode(told().status, s.errorBody(told()))
	}
	s.payDays()
	o, refused := e.do(s, c)
	switch {
	case fault == mishap.ErrorAfter:
		return s.encode(told().status, s.errorBody(told()))
	case refused != nil:
		return s.encode(refused.status, s.errorBody(refused))
	}
	return s.encode(http.StatusOK, o)
}

func readCall(r *http.Request, e endpoint) (call, *apiError) {
	f, refused := readForm(r)
	if refused != nil {
		return call{}, refused
	}
	if refused := f.check(e.params); refused != nil {
		return call{}, refused
	}
	wanted, refused := expansionOf(f)
	return call{id: r.PathValue("id"), form: f, expand: wanted}, refused
}

// authorized takes the key as a bearer token or as the user of basic authentication.
func (s *Server) authorized(r *http.Request) bool {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		key, _, _ = r.BasicAuth()
	}
	return subtle.ConstantTimeCompare([]byte(key), []byte(s.options.Key)) == 1
}

func (s *Server) refuse(w http.ResponseWriter, e *apiError) {
	s.mu.Lock()
	a := s.encode(e.status, s.errorBody(e))
	s.mu.Unlock()
	s.write(w, a)
}

func (s *Server) encode(status int, o object) answer {
	body, err := json.Marshal(o)
	if err != nil {
		return answer{http.StatusInternalServerError, []byte(`{"error":{"type":"api_error","message":"the answer cannot be written"}}`)}
	}
	return answer{status, body}
}

func (s *Server) write(w http.ResponseWriter, a answer) {
	s.mu.Lock()
	id := s.newID("req_")
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Request-Id", id)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}
