package stripe

import (
	"net/http"
	"time"
)

// keyKept is how long an idempotency key is remembered.
const keyKept = 24 * time.Hour

// keyed is what a key was used for and what came of it.
type keyed struct {
	request string
	answer  answer
	at      time.Time
}

// once runs a call, or answers as the same key was answered before: a 5xx as well.
func (s *Server) once(r *http.Request, c call, run func() answer) (a answer, replayed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	if r.Method != http.MethodPost || key == "" {
		return run(), false
	}
	now := s.options.Clock.Now()
	request := r.URL.Path + "?" + c.form.values.Encode()
	if known, ok := s.keys[key]; ok && now.Sub(known.at) < keyKept {
		if known.request != request {
			return s.mismatch(), false
		}
		return known.answer, true
	}
	a = run()
	s.keys[key] = &keyed{request: request, answer: a, at: now}
	return a, false
}

func (s *Server) mismatch() answer {
	e := &apiError{
		status: http.StatusBadRequest, kind: kindIdempotency,
		message: "Keys for idempotent requests can only be used with the same parameters they were first used with.",
	}
	return s.encode(e.status, s.errorBody(e))
}
