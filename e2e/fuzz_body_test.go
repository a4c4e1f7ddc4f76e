package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hostfront/app/apptest"
)

// FuzzABodyAndItsKey: whatever body comes under whatever idempotency key, it is answered,
// never by an internal error, and what is refused is a problem with a code. A key that made
// something answers with it again, and to no other body.
func FuzzABodyAndItsKey(f *testing.F) {
	w := apptest.NewSmall(f, apptest.Outside{})
	const quote = `{"country":"NL","lines":[{"action":"register","domain":"fuzz-example.nl","years":1}]}`
	for _, body := range []string{
		quote, `{"country":"NL","lines":[]}`, `{"country":"\u0000","lines":[{"domain":"\u0000"}]}`, `{"lines":[{"years":1e400}]}`, `[]`, `null`, `""`, `{`,
		`{"country":"NL","country":"DE","lines":[null]}`, `{"country":"NL","lines":[{"action":"transfer","domain":"a.nl","years":1,"auth_code":"\ud800"}]}`, "\xff\xfe", strings.Repeat("[", 10000),
	} {
		f.Add([]byte(body), "key-1")
		f.Add([]byte(body), "")
		f.Add([]byte(body), "k\x00\xffé")
	}
	f.Fuzz(func(t *testing.T, body []byte, key string) {
		first := fuzzed(t, w, body, key)
		again := fuzzed(t, w, body, key)
		if first.ok() != again.ok() {
			t.Fatalf("the same under the same key: %s, then %s", first, again)
		}
		if !first.ok() || key == "" {
			return
		}
		var one, two struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(first.Body, &one) != nil || json.Unmarshal(again.Body, &two) != nil || one.ID != two.ID || one.ID == "" {
			t.Fatalf("one key made %s, then %s", first, again)
		}
		if other := fuzzed(t, w, append(bytes.Clone(body), ' '), key); other.code() != "idempotency_key_reused" {
			t.Fatalf("the key answered to another body: %s", other)
		}
	})
}

// fuzzed asks for a quote, without a listener between.
func fuzzed(t *testing.T, w *apptest.World, body []byte, key string) reply {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/v1/quotes", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	response, err := w.App.API.Fiber().Test(r, -1)
	if err != nil {
		return reply{Status: http.StatusBadRequest} // no HTTP at all
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	said := reply{response.StatusCode, content}
	if said.Status >= http.StatusInternalServerError && said.Status != http.StatusServiceUnavailable || !said.ok() && said.code() == "" {
		t.Fatalf("body %q under key %q: %s", body, key, said)
	}
	return said
}
