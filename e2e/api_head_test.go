package e2e

import (
	"io"
	"net/http"
	"testing"
)

func TestHEADAnswersAsGETDoesWithoutABody(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	for _, address := range []string{
		"/v1/catalog/tlds", "/v1/catalog/products?limit=1", "/healthz", "/readyz", "/openapi.yaml", "/docs", "/v1/orders",
		"/v1/orders/" + p.order, "/v1/invoices/" + p.invoice + "/pdf", "/v1/orders/" + p.order + "/events",
		"/v1/orders/none", "/nothing-here",
	} {
		get, body := f.over(t, http.MethodGet, address, p.buyer.token)
		head, none := f.over(t, http.MethodHead, address, p.buyer.token)
		if head.StatusCode != get.StatusCode || len(none) != 0 {
			t.Errorf("HEAD %s answered %d and %d bytes, GET %d", address, head.StatusCode, len(none), get.StatusCode)
		}
		for _, name := range []string{"Content-Type", "Etag", "Cache-Control"} {
			if head.Header.Get(name) != get.Header.Get(name) {
				t.Errorf("HEAD %s has %s %q, GET %q", address, name, head.Header.Get(name), get.Header.Get(name))
			}
		}
		if get.ContentLength >= 0 && head.ContentLength != int64(len(body)) {
			t.Errorf("HEAD %s has length %d, GET %d", address, head.ContentLength, len(body))
		}
	}
	if r, _ := f.over(t, http.MethodHead, "/v1/auth/login", ""); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD of what only takes POST answered %d", r.StatusCode)
	}
}

// over makes a call over the network: it is the listener that leaves a body out.
func (f *front) over(t *testing.T, method, address, token string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, f.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	return response, body
}
