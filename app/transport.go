package app

import (
	"fmt"
	"net/http"

	"hostfront/upstream"
)

// pooledTransport keeps connections to the few hosts a shop talks to.
func pooledTransport() http.RoundTripper {
	t := upstream.NewTransport()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.MaxConnsPerHost = 2*mostCallsAtOnce, mostCallsAtOnce, mostCallsAtOnce
	return t
}

// cutTransport is the crash tests' seam on outside calls: a cut before the call
// keeps it from happening, a cut after it loses the answer.
type cutTransport struct {
	next http.RoundTripper
	cut  func(point string) error
}

// RoundTrip asks at both sides of the call.
func (t cutTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + r.URL.Path
	if err := t.cut("http:before " + name); err != nil {
		return nil, fmt.Errorf("%w: %w", upstream.ErrNotSent, err)
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := t.cut("http:after " + name); err != nil {
		response.Body.Close()
		return nil, err
	}
	return response, nil
}
