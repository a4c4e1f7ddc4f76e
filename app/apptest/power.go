package apptest

import (
	"errors"
	"net/http"
	"slices"
	"sync"

	"hostfront/upstream"
)

// ErrCut is what everything answers while the power is off.
var ErrCut = errors.New("the power is cut")

// Switch cuts the shop's power at an exact point: the k-th time that it passes a
// boundary (before and after each commit, each outside call and each mail). From
// then on nothing passes until Restore. Without CutAt it only counts.
type Switch struct {
	mu     sync.Mutex
	passed int
	cutAt  int
	where  string
	dead   bool
	trace  []string
}

// CutAt has the power cut at the k-th boundary from now, the first being 1.
func (s *Switch) CutAt(k int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passed, s.cutAt, s.where, s.dead, s.trace = 0, k, "", false, nil
}

// Restore brings the power back, for good.
func (s *Switch) Restore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutAt, s.dead = 0, false
}

// Passed is how many boundaries were passed since CutAt.
func (s *Switch) Passed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passed
}

// Dead says whether the power is off, Where at which boundary it went.
func (s *Switch) Dead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// Where is the boundary that the power was cut at.
func (s *Switch) Where() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.where
}

// Trace is every boundary passed since CutAt, up to the one that was cut.
func (s *Switch) Trace() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.trace)
}

// Point is app.Options.Cut.
func (s *Switch) Point(point string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return ErrCut
	}
	s.passed++
	if s.where == "" {
		s.trace = append(s.trace, point)
	}
	if s.passed == s.cutAt {
		s.dead, s.where = true, point
		return ErrCut
	}
	return nil
}

// transport is the seam on the calls of the sandbox gateway, which brings a
// transport of its own. onAnswer runs before an answer is there.
func (s *Switch) transport(onAnswer func(*http.Request)) http.RoundTripper {
	return cutTransport{next: upstream.NewTransport(), power: s, onAnswer: onAnswer}
}

type cutTransport struct {
	next     http.RoundTripper
	power    *Switch
	onAnswer func(*http.Request)
}

func (t cutTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.power.Point("http:before " + r.Method + " " + r.URL.Path); err != nil {
		return nil, errors.Join(upstream.ErrNotSent, err)
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.onAnswer(r)
	if err := t.power.Point("http:after " + r.Method + " " + r.URL.Path); err != nil {
		response.Body.Close()
		return nil, err
	}
	return response, nil
}
