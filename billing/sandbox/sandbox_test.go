package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/gatewaytest"
	"hostfront/billing/sandbox"
	"hostfront/clock"
	"hostfront/money"
	"hostfront/sandbox/mishap"
	"hostfront/sandbox/pay"
)

// shop is a webhook endpoint that keeps what it gets.
type shop struct {
	mu     sync.Mutex
	header http.Header
	body   []byte
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.header, s.body = http.Header{pay.SignatureHeader: r.Header[pay.SignatureHeader]}, body
}

type room struct {
	at       *clock.Manual
	provider *pay.Server
	shop     *shop
	url      string
	gateway  *sandbox.Gateway
}

func open(t testing.TB) room {
	t.Helper()
	r := room{at: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)), shop: &shop{}}
	endpoint := httptest.NewServer(r.shop)
	t.Cleanup(endpoint.Close)
	provider, err := pay.New(pay.Options{
		Clock: r.at, APIKey: "key", WebhookSecret: "secret", WebhookURL: endpoint.URL, WebhookBackoff: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(provider)
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = provider.Close() })
	provider.SetBaseURL(server.URL)
	r.provider, r.url = provider, server.URL
	r.gateway, err = sandbox.New(sandbox.Config{Demo: true, BaseURL: server.URL, Key: "key", WebhookSecrets: []string{"old", "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// choose presses a button of the payment's page, as a browser does.
func (r room) choose(t *testing.T, s billing.Status, choice string) *http.Response {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.PostForm(s.Next.URL, url.Values{"choice": {choice}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: status %d", choice, resp.StatusCode)
	}
	return resp
}

func (r room) quiet(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.provider.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
}

func (r room) strike(kind mishap.Kind) {
	if err := r.provider.Faults().Add(mishap.Fault{Kind: kind, Times: 1}); err != nil {
		panic(err)
	}
}

func (r room) of(paymentID string) (paid int, back money.Amount) {
	for _, p := range r.provider.Payments() {
		if p.PaymentID == paymentID && p.State == pay.Paid {
			paid++
			back = back.Add(p.Refunded)
		}
	}
	return paid, back
}

func (r room) harness() gatewaytest.Harness {
	return gatewaytest.Harness{
		Gateway: r.gateway, Now: r.at.Now, Advance: r.at.Advance, DeclinedIsFinal: true,
		Pay:     func(t *testing.T, s billing.Status) { r.choose(t, s, "pay") },
		Decline: func(t *testing.T, s billing.Status) { r.choose(t, s, "decline") },
		Save:    func(t *testing.T, s billing.SetupStatus) { r.choose(t, billing.Status{Next: s.Next}, "pay") },
		Decliner: func(t *testing.T, m billing.Mandate, class billing.DeclineClass) billing.Mandate {
			behaviour := map[billing.DeclineClass]pay.Behaviour{
				billing.DeclineSoft: pay.Decliner, billing.DeclineHard: pay.HardDecline, billing.DeclineAuthentication: pay.Authenticate,
			}[class]
			if err := r.provider.SetMethod(m.Reference, behaviour); err != nil {
				t.Fatal(err)
			}
			return m
		},
		Hook: func(t *testing.T) (http.Header, []byte) {
			r.quiet(t)
			r.shop.mu.Lock()
			defer r.shop.mu.Unlock()
			return r.shop.header, r.shop.body
		},
		LoseCall:   func() { r.strike(mishap.DropBefore) },
		LoseAnswer: func() { r.strike(mishap.DropAfter) },
		Fail: func(status int) {
			r.strike(map[int]mishap.Kind{429: mishap.RateLimit, 500: mishap.ErrorBefore}[status])
		},
		Moved:    func(id string) int { n, _ := r.of(id); return n },
		Returned: func(id string) money.Amount { _, back := r.of(id); return back },
	}
}

func TestSandboxHoldsToTheGatewayContract(t *testing.T) {
	t.Parallel()
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Harness { return open(t).harness() })
}
