package stripe

import (
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

var errRedirected = errors.New("redirects are not followed: the key must not travel to another host")

// notSentError is a failure before anything was written to a connection: Stripe
// has not seen the call.
type notSentError struct{ cause error }

func (e *notSentError) Error() string { return "not sent: " + e.cause.Error() }
func (e *notSentError) Unwrap() error { return e.cause }

// sentTracker marks a failure of a request that was never written.
type sentTracker struct{ base http.RoundTripper }

// RoundTrip sends the request, and notes whether a connection was there to write to.
func (t sentTracker) RoundTrip(r *http.Request) (*http.Response, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := t.base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && tracesConnections(t.base) && !connected.Load() {
		return nil, &notSentError{cause: err}
	}
	return resp, err
}

// tracesConnections is true for transports known to report their connections; of
// any other, a failure may have come after writing.
func tracesConnections(rt http.RoundTripper) bool {
	_, ok := rt.(*http.Transport)
	return ok
}
