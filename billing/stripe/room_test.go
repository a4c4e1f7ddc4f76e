package stripe_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/gatewaytest"
	"hostfront/billing/stripe"
	"hostfront/clock"
	"hostfront/money"
	"hostfront/sandbox/mishap"
	standin "hostfront/sandbox/stripe"
	"hostfront/sandbox/stripemock"
)

const (
	testKey = "sk_test_standin"
	secret  = "whsec_present"
	before  = "whsec_before"
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
	s.header, s.body = http.Header{"Stripe-Signature": r.Header["Stripe-Signature"]}, body
}

// room is the gateway before the stand-in.
type room struct {
	at      *clock.Manual
	stripe  *standin.Server
	shop    *shop
	url     string
	gateway *stripe.Gateway
}

func config(at clock.Clock, url string) stripe.Config {
	return stripe.Config{
		SecretKey: testKey, PublishableKey: "pk_test_standin", WebhookSecrets: []string{before, secret},
		APIBase: url, Clock: at,
		// On a connection used before, net/http itself sends a request with a key again.
		Transport: &http.Transport{DisableKeepAlives: true},
	}
}

func open(t *testing.T, change ...func(*stripe.Config)) room {
	t.Helper()
	r := room{at: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)), shop: &shop{}}
	endpoint := httptest.NewServer(r.shop)
	t.Cleanup(endpoint.Close)
	var err error
	r.stripe, err = standin.New(standin.Options{
		Clock: r.at, Key: testKey, WebhookSecret: secret, WebhookURL: endpoint.URL, WebhookBackoff: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stripemock.Replay(t, r.stripe))
	t.Cleanup(server.Close)
	t.Cleanup(r.stripe.Close)
	r.url = server.URL
	c := config(r.at, server.URL)
	for _, f := range change {
		f(&c)
	}
	if r.gateway, err = stripe.New(c); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r room) quiet(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.stripe.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
}

func (r room) strike(t *testing.T, f mishap.Fault) {
	t.Helper()
	if err := r.stripe.Faults().Add(f); err != nil {
		t.Fatal(err)
	}
}

func (r room) confirm(t *testing.T, s billing.Status, method string) {
	t.Helper()
	if err := r.stripe.Confirm(s.Reference, method); err != nil {
		t.Fatal(err)
	}
}

func (r room) moved(paymentID string) int {
	n := 0
	for _, c := range r.stripe.Charges() {
		if c.Status == "succeeded" && c.Metadata["hostfront_payment"] == paymentID {
			n++
		}
	}
	return n
}

func (r room) returned(paymentID string) money.Amount {
	back := money.Zero(money.EUR)
	for _, c := range r.stripe.Charges() {
		for _, f := range r.stripe.Refunds() {
			if f.Intent == c.Intent && c.Metadata["hostfront_payment"] == paymentID {
				back = back.Add(money.New(f.Amount, money.EUR))
			}
		}
	}
	return back
}

func (r room) harness() gatewaytest.Harness {
	once := func(kind mishap.Kind) func() {
		return func() { _ = r.stripe.Faults().Add(mishap.Fault{Kind: kind, Times: 1}) }
	}
	return gatewaytest.Harness{
		Gateway: r.gateway, Now: r.at.Now, Advance: r.at.Advance,
		Pay: func(t *testing.T, s billing.Status) { r.confirm(t, s, "pm_card_visa") },
		Save: func(t *testing.T, s billing.SetupStatus) {
			if err := r.stripe.ConfirmSetup(s.Reference, "pm_card_visa"); err != nil {
				t.Fatal(err)
			}
		},
		Decline: func(t *testing.T, s billing.Status) {
			if err := r.stripe.Confirm(s.Reference, "4000000000000002"); err == nil {
				t.Fatal("the card was taken")
			}
		},
		Decliner: func(t *testing.T, m billing.Mandate, class billing.DeclineClass) billing.Mandate {
			number := map[billing.DeclineClass]string{
				billing.DeclineSoft: "4000000000009995", billing.DeclineHard: "4000000000009987", billing.DeclineAuthentication: "4000002760003184",
			}[class]
			if err := r.stripe.TurnInto(m.Reference, number); err != nil {
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
		LoseCall: once(mishap.DropBefore), LoseAnswer: once(mishap.DropAfter),
		Fail:  func(status int) { once(map[int]mishap.Kind{429: mishap.RateLimit, 500: mishap.ErrorBefore}[status])() },
		Moved: r.moved, Returned: r.returned,
	}
}

func TestStripeHoldsToTheGatewayContract(t *testing.T) {
	t.Parallel()
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Harness { return open(t).harness() })
}
