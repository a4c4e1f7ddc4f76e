package pay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/sandbox/pay"
)

var start = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

// shop counts the webhooks it is sent, and refuses the first few.
type shop struct {
	mu     sync.Mutex
	refuse int
	events []pay.Event
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse > 0 {
		s.refuse--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	var e pay.Event
	if r.Header.Get(pay.SignatureHeader) == pay.Sign("secret", body, start) && json.Unmarshal(body, &e) == nil {
		s.events = append(s.events, e)
	}
}

type room struct {
	provider *pay.Server
	url      string
	shop     *shop
}

func open(t *testing.T, change ...func(*pay.Options)) room {
	t.Helper()
	r := room{shop: &shop{}}
	endpoint := httptest.NewServer(r.shop)
	t.Cleanup(endpoint.Close)
	o := pay.Options{
		Clock: clock.NewManual(start), APIKey: "key", WebhookSecret: "secret", WebhookURL: endpoint.URL, WebhookBackoff: time.Millisecond,
	}
	for _, f := range change {
		f(&o)
	}
	var err error
	if r.provider, err = pay.New(o); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r.provider)
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = r.provider.Close() })
	r.provider.SetBaseURL(server.URL)
	r.url = server.URL
	return r
}

// call is a request of the shop; it gives the status and the answer.
func (r room) call(t *testing.T, method, path, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer key")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil && resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, answer
}

func (r room) begin(t *testing.T, id, more string) map[string]any {
	t.Helper()
	status, p := r.call(t, "POST", "/v1/payments",
		`{"payment_id":"`+id+`","amount":{"amount":"12.10","currency":"EUR"},"customer":"cus_1","return_url":"https://shop.example/back"`+more+`}`)
	if status != http.StatusOK {
		t.Fatalf("status %d: %v", status, p)
	}
	return p
}

func (r room) press(t *testing.T, page string, values url.Values) (int, string) {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.PostForm(page, values)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

func (r room) page(t *testing.T, page string) (int, string) {
	t.Helper()
	resp, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (r room) quiet(t *testing.T) []pay.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.provider.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
	r.shop.mu.Lock()
	defer r.shop.mu.Unlock()
	return append([]pay.Event(nil), r.shop.events...)
}

func TestThePageAsksForThreeDSecureAndBringsTheCustomerBack(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.begin(t, "pay_1", `,"description":"<b>Order</b>"`)
	page := p["url"].(string)
	status, body := r.page(t, page)
	if status != http.StatusOK || !strings.Contains(body, "12.10 EUR") || !strings.Contains(body, "&lt;b&gt;Order") || !strings.Contains(body, `value="challenge"`) {
		t.Fatalf("page %d:\n%s", status, body)
	}
	if status, to := r.press(t, page, url.Values{"choice": {"challenge"}}); status != http.StatusSeeOther || !strings.HasSuffix(page, to) {
		t.Fatalf("%d to %s", status, to)
	}
	if _, body := r.page(t, page); !strings.Contains(body, `value="confirm"`) || strings.Contains(body, `value="pay"`) {
		t.Fatalf("page:\n%s", body)
	}
	if status, to := r.press(t, page, url.Values{"choice": {"confirm"}}); status != http.StatusSeeOther || to != "https://shop.example/back" {
		t.Fatalf("%d to %s", status, to)
	}
	if events := r.quiet(t); len(events) != 2 || events[0].Type == events[1].Type || events[0].Payment != p["id"] {
		t.Fatalf("webhooks %+v", events)
	}
	if _, body := r.page(t, page); !strings.Contains(body, "Paid.") || strings.Contains(body, "<button") {
		t.Fatalf("page:\n%s", body)
	}
	// What is decided stays so.
	r.press(t, page, url.Values{"choice": {"decline"}})
	if ps := r.provider.Payments(); len(ps) != 1 || ps[0].State != pay.Paid {
		t.Fatalf("payments %+v", ps)
	}
}

func TestRefusedChallengeIsADecline(t *testing.T) {
	t.Parallel()
	r := open(t)
	page := r.begin(t, "pay_1", "")["url"].(string)
	r.press(t, page, url.Values{"choice": {"challenge"}})
	r.press(t, page, url.Values{"choice": {"refuse"}})
	if p := r.provider.Payments()[0]; p.State != pay.Declined || p.Decline.Class != "authentication" {
		t.Fatalf("payment %+v", p)
	}
}

func TestASavedMethodCanBeToldToDecline(t *testing.T) {
	t.Parallel()
	r := open(t)
	page := r.begin(t, "pay_1", `,"save_method":true`)["url"].(string)
	r.press(t, page, url.Values{"choice": {"pay"}, "behaviour": {"decline"}})
	m := r.provider.Methods()[0]
	charge := func(id string) map[string]any {
		_, p := r.call(t, "POST", "/v1/payments", `{"payment_id":"`+id+`","amount":{"amount":"5.00","currency":"EUR"},"customer":"cus_1","method":"`+m.ID+`"}`)
		return p
	}
	if p := charge("pay_2"); p["state"] != "declined" {
		t.Fatalf("charge %v", p)
	}
	if status, answer := r.call(t, "POST", "/_sandbox/methods/"+m.ID, `{"behaviour":"succeed"}`); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	if p := charge("pay_3"); p["state"] != "paid" {
		t.Fatalf("charge %v", p)
	}
	if status, to := r.press(t, r.url+"/methods", url.Values{"method": {m.ID}, "behaviour": {"authenticate"}}); status != http.StatusSeeOther || to != "methods" {
		t.Fatalf("%d to %s", status, to)
	}
	if _, body := r.page(t, r.url+"/methods"); !strings.Contains(body, `value="authenticate" selected`) {
		t.Fatalf("page:\n%s", body)
	}
	for _, answer := range []string{`{"behaviour":"dance"}`, `{"behavior":"decline"}`, `{`} {
		if status, _ := r.call(t, "POST", "/_sandbox/methods/"+m.ID, answer); status < 400 {
			t.Errorf("%s was taken", answer)
		}
	}
}

func TestWebhooksAreSentUntilTheShopHasThem(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.shop.refuse = 3
	r.press(t, r.begin(t, "pay_1", "")["url"].(string), url.Values{"choice": {"pay"}})
	if events := r.quiet(t); len(events) != 1 || events[0].Type != "payment.paid" {
		t.Fatalf("webhooks %+v", events)
	}
}

func TestWebhooksTwiceAndNever(t *testing.T) {
	t.Parallel()
	r := open(t)
	if status, _ := r.call(t, "POST", "/_sandbox/faults", `{"webhooks":[{"kind":"twice","times":1},{"kind":"never","times":1}]}`); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	r.press(t, r.begin(t, "pay_1", "")["url"].(string), url.Values{"choice": {"pay"}})
	r.press(t, r.begin(t, "pay_2", "")["url"].(string), url.Values{"choice": {"pay"}})
	if events := r.quiet(t); len(events) != 2 || events[0].ID != events[1].ID {
		t.Fatalf("webhooks %+v", events)
	}
	if status, _ := r.call(t, "POST", "/_sandbox/faults", `{"faults":[{"kind":"explode"}]}`); status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d for a fault that is not there", status)
	}
}

func TestStateOutlivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pay.jsonl")
	keep := func(o *pay.Options) { o.StateFile = file }
	first := open(t, keep)
	first.press(t, first.begin(t, "pay_1", `,"save_method":true`)["url"].(string), url.Values{"choice": {"pay"}})
	id := first.provider.Payments()[0].ID
	first.call(t, "POST", "/v1/refunds", `{"refund_id":"ref_1","payment":"`+id+`","amount":{"amount":"2.00","currency":"EUR"}}`)
	payments, refunds, methods := first.provider.Payments(), first.provider.Refunds(), first.provider.Methods()
	if err := first.provider.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, keep)
	if len(payments) != 1 || second.provider.Payments()[0] != payments[0] || second.provider.Refunds()[0] != refunds[0] || second.provider.Methods()[0] != methods[0] {
		t.Fatalf("%+v became %+v", payments, second.provider.Payments())
	}
	if again := second.begin(t, "pay_1", `,"save_method":true`); again["id"] != id {
		t.Fatalf("the same payment was made again: %v", again)
	}
}

func TestCallsThatAreWrongAreRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.begin(t, "pay_1", "")
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
	}{
		"same id, other amount": {"POST", "/v1/payments", `{"payment_id":"pay_1","amount":{"amount":"1.00","currency":"EUR"}}`, 409},
		"no id":                 {"POST", "/v1/payments", `{"amount":{"amount":"1.00","currency":"EUR"}}`, 422},
		"script as return URL":  {"POST", "/v1/payments", `{"payment_id":"p","amount":{"amount":"1.00","currency":"EUR"},"return_url":"javascript:1"}`, 422},
		"unknown field":         {"POST", "/v1/payments", `{"pay":1}`, 400},
		"no such payment":       {"GET", "/v1/payments/x", "", 404},
		"no such refund":        {"GET", "/v1/refunds/x", "", 404},
		"no such method":        {"POST", "/_sandbox/methods/x", `{"behaviour":"decline"}`, 404},
	} {
		if status, answer := r.call(t, tt.method, tt.path, tt.body); status != tt.status || answer["error"] == "" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	resp, err := http.Post(r.url+"/v1/payments", "application/json", bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a key: %d", resp.StatusCode)
	}
	if status, _ := r.page(t, r.url+"/pay/x"); status != http.StatusNotFound {
		t.Errorf("page of no payment: %d", status)
	}
	for _, choice := range []string{"", "confirm", "steal"} {
		if status, _ := r.press(t, r.url+"/pay/"+r.provider.Payments()[0].ID, url.Values{"choice": {choice}}); status != http.StatusUnprocessableEntity {
			t.Errorf("choice %q: %d", choice, status)
		}
	}
}
