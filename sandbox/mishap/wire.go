package mishap

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// Errors writes the stand-in's own error bodies.
type Errors func(w http.ResponseWriter, status int)

// Strike runs a handler under the fault that is next for its operation, if any.
func (p *Plan) Strike(op string, w http.ResponseWriter, r *http.Request, run http.HandlerFunc, fail Errors) {
	f, ok := p.Next(op)
	if !ok {
		run(w, r)
		return
	}
	switch f.Kind {
	case DropBefore:
		drop()
	case DropAfter:
		run(newDiscard(), r)
		drop()
	case ErrorBefore:
		fail(w, http.StatusInternalServerError)
	case ErrorAfter:
		run(newDiscard(), r)
		fail(w, http.StatusInternalServerError)
	case RateLimit:
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusTooManyRequests)
	case Refuse:
		fail(w, http.StatusBadRequest)
	case Slow:
		wait(r, f.delay())
		run(w, r)
	}
}

// drop cuts the connection: net/http closes it without an answer.
func drop() { panic(http.ErrAbortHandler) }

// wait lets time pass until the client gives up. The body is read first: only then does
// the server see that a client has gone.
func wait(r *http.Request, d time.Duration) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// discard is an answer that nobody will see.
type discard struct{ header http.Header }

func newDiscard() *discard { return &discard{header: http.Header{}} }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
