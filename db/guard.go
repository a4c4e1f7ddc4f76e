package db

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrCallInTx is what a guarded transport gives inside a transaction.
var ErrCallInTx = errors.New("no network call inside a transaction: make it a task")

// Guard is next, but refuses to call out from inside a transaction's closure:
// there it would hold the writer for as long as the other side pleases, and run
// again when the transaction does. Nothing has been sent when it refuses.
func (s *Store) Guard(next http.RoundTripper) http.RoundTripper {
	return guarded{inside: s.inside, next: next}
}

type guarded struct {
	inside *marks
	next   http.RoundTripper
}

func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.inside.here() {
		return g.next.RoundTrip(r)
	}
	err := fmt.Errorf("%s %s: %w", r.Method, r.URL.Host, ErrCallInTx)
	if r.Body != nil {
		err = errors.Join(err, r.Body.Close())
	}
	return nil, err
}
