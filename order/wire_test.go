package order_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// wire is the way to LJPc, where a test can refuse a contact as a registry would.
type wire struct {
	mu      sync.Mutex
	refused string
	// meanwhile happens once, while LJPc is asked whether a name is free.
	meanwhile func()
}

// refuseContact refuses new contacts that hold this text.
func (w *wire) refuseContact(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = text
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	refused, meanwhile := w.refused, w.meanwhile
	if meanwhile != nil && strings.Contains(r.URL.Path, "check") {
		w.meanwhile = nil
		defer meanwhile()
	}
	w.mu.Unlock()
	if refused == "" || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/contacts") {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(body, []byte(refused)) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		return http.DefaultTransport.RoundTrip(r)
	}
	answer := `{"success":false,"jti":"1","message":"The email field must be a valid email address."}`
	return &http.Response{
		StatusCode: http.StatusUnprocessableEntity, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(answer)), Request: r,
	}, nil
}
