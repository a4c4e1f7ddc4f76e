package ljpc_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

const hosting = "/api/hosting/v1"

type bundle struct {
	server *ljpc.Server
	clock  *clock.Manual
	url    string
}

func setup(t testing.TB, change ...func(*ljpc.Options)) bundle {
	t.Helper()
	price := money.New(1000, money.EUR)
	b := bundle{clock: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC))}
	o := ljpc.Options{Clock: b.clock, TLDs: []ljpc.TLD{{Name: "nl", List: &price, Cost: price, Transfer: true}}}
	for _, f := range change {
		f(&o)
	}
	var err error
	if b.server, err = ljpc.New(o); err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(b.server)
	b.url = listener.URL
	t.Cleanup(func() {
		_ = b.server.Close()
		listener.Close()
	})
	return b
}

type reply struct {
	Success bool            `json:"success"`
	JTI     string          `json:"jti"`
	Data    json.RawMessage `json:"data"`
	Message string          `json:"message"`

	status int
	header http.Header
	raw    []byte
}

// call makes a call with a key ("" for none) and a body (nil for none).
func (b bundle) call(t testing.TB, key, method, path string, body any) reply {
	t.Helper()
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, b.url+path, content)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("X-API-Key", key)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	r := reply{status: answer.StatusCode, header: answer.Header}
	if r.raw, err = io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(r.raw, &r)
	return r
}

func (b bundle) do(t testing.TB, method, path string, body any) reply {
	t.Helper()
	return b.call(t, ljpc.DefaultAPIKey, method, path, body)
}

func contact() map[string]any {
	return map[string]any{
		"first_name": "Ada", "last_name": "Smit", "email": "a@example.com", "phone": "+31201234567", "street": "Dam",
		"house_number": "1", "postal_code": "1012JS", "city": "Amsterdam", "country": "NL",
	}
}

func register(name, handle string) map[string]any {
	return map[string]any{"domain": name, "contact_handle": handle}
}

func orderOf(reference string, items ...map[string]any) map[string]any {
	lines := []map[string]any{}
	for _, item := range items {
		lines = append(lines, map[string]any{"description": "line", "cart_item": item})
	}
	return map[string]any{"summary": "s", "meta": map[string]any{"external_reference": reference, "other": 1}, "order_lines": lines}
}
