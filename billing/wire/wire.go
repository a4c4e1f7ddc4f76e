package wire

import (
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"hostfront/upstream"
)

// NotSent is true when nothing of a request can have been written: the transport
// asked for a connection and got none, or says so itself (upstream.ErrNotSent).
func NotSent(err error) bool {
	var u *unsent
	return errors.As(err, &u) || errors.Is(err, upstream.ErrNotSent)
}

// Marker is a transport that marks failures for NotSent.
type Marker struct{ Base http.RoundTripper }

// RoundTrip sends the request. A connection that was there once counts for good:
// net/http sends a request with an idempotency key again by itself, and the first
// sending may have arrived. A transport that reports nothing is not believed.
func (m Marker) RoundTrip(r *http.Request) (*http.Response, error) {
	var asked, connected atomic.Bool
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}
	resp, err := m.Base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && asked.Load() && !connected.Load() {
		return nil, &unsent{cause: err}
	}
	return resp, err
}

type unsent struct{ cause error }

func (e *unsent) Error() string { return "not sent: " + e.cause.Error() }
func (e *unsent) Unwrap() error { return e.cause }
