package stripemock

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// Env is the environment variable that says where stripe-mock listens.
const Env = "STRIPE_MOCK_URL"

// version is the API version that the shop's library is written for.
const version = "2023-10-16"

// Replay is next, with each request of Stripe's API also sent to stripe-mock where that is
// present. The test fails for a request that stripe-mock refuses: an unknown or wrong
// parameter, or a call that there is not.
func Replay(t testing.TB, next http.Handler) http.Handler {
	base := strings.TrimSuffix(os.Getenv(Env), "/")
	if base == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			send(t, base, r, body)
		}
		next.ServeHTTP(w, r)
	})
}

func send(t testing.TB, base string, r *http.Request, body []byte) {
	again, err := http.NewRequest(r.Method, base+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		t.Errorf("replay %s %s: %v", r.Method, r.URL.Path, err)
		return
	}
	again.Header.Set("Authorization", "Bearer sk_test_123")
	again.Header.Set("Stripe-Version", version)
	if ct := r.Header.Get("Content-Type"); ct != "" {
		again.Header.Set("Content-Type", ct)
	}
	answer, err := http.DefaultClient.Do(again)
	if err != nil {
		t.Errorf("stripe-mock does not answer %s %s: %v", r.Method, r.URL.Path, err)
		return
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Errorf("stripe-mock refuses %s %s with %d: %s\n%s", r.Method, r.URL.RequestURI(), answer.StatusCode, said, body)
	}
}
