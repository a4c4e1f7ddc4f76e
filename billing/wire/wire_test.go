package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hostfront/billing/wire"
	"hostfront/upstream"
)

// wrapped is a transport of somebody else around net/http's.
type wrapped struct {
	next          http.RoundTripper
	before, after error
}

func (w wrapped) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.before != nil {
		return nil, w.before
	}
	resp, err := w.next.RoundTrip(r)
	if err == nil && w.after != nil {
		resp.Body.Close()
		return nil, w.after
	}
	return resp, err
}

func TestOnlyWhatWasNeverWrittenIsNotSent(t *testing.T) {
	t.Parallel()
	up := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer up.Close()
	down := httptest.NewServer(nil)
	down.Close()
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer cut.Close()
	odd := errors.New("odd")
	for name, tt := range map[string]struct {
		base    http.RoundTripper
		url     string
		notSent bool
	}{
		"nobody listens":             {&http.Transport{}, down.URL, true},
		"nobody listens, wrapped":    {wrapped{next: &http.Transport{}}, down.URL, true},
		"cut after writing":          {&http.Transport{}, cut.URL, false},
		"lost by the wrapper":        {wrapped{next: &http.Transport{}, after: odd}, up.URL, false},
		"failed in an unknown way":   {wrapped{before: odd}, up.URL, false},
		"the wrapper says so itself": {wrapped{before: fmt.Errorf("cut: %w", upstream.ErrNotSent)}, up.URL, true},
	} {
		client := &http.Client{Transport: wire.Marker{Base: tt.base}}
		resp, err := client.Post(tt.url, "text/plain", strings.NewReader("x"))
		if err == nil {
			resp.Body.Close()
			t.Fatalf("%s: no error", name)
		}
		if wire.NotSent(err) != tt.notSent {
			t.Errorf("%s: %v", name, err)
		}
	}
}
