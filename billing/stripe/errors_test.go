package stripe_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/stripe"
	"hostfront/clock"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/sandbox/mishap"
)

// away is a gateway before a server that answers as told.
func away(t *testing.T, handler http.HandlerFunc, change ...func(*stripe.Config)) (*stripe.Gateway, *httptest.Server, *strings.Builder) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	log := &strings.Builder{}
	c := config(clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)), server.URL)
	c.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, f := range change {
		f(&c)
	}
	g, err := stripe.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return g, server, log
}

func begun() billing.Charge {
	r := room{at: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC))}
	return r.charge("pay_1", true)
}

func TestAnswersThatCannotBeReadAreUnknownForWhatChanges(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"HTML":         func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>hush</html>") },
		"HTML and 502": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502); _, _ = io.WriteString(w, "<html>") },
		"cut JSON":     func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"cus_1","cl`) },
		"no id":        func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
		},
		"cut": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"conflict": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(409)
			_, _ = io.WriteString(w, `{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"hush"}}`)
		},
	} {
		g, _, _ := away(t, answer)
		if _, err := g.Begin(t.Context(), begun()); result(t, err) != fault.Unknown || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: Begin: %v", name, err)
		}
		if name == "no id" {
			continue
		}
		if _, err := g.Fetch(t.Context(), "pi_1"); result(t, err) != fault.Unavailable {
			t.Errorf("%s: Fetch: %v", name, err)
		}
	}
}

func TestNothingHappenedWhereNobodyListens(t *testing.T) {
	t.Parallel()
	g, server, _ := away(t, func(http.ResponseWriter, *http.Request) {})
	server.Close()
	if _, err := g.Begin(t.Context(), begun()); result(t, err) != fault.Unavailable {
		t.Fatalf("Begin: %v", err)
	}
}

func TestATimeOutIsUnknown(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *stripe.Config) { c.Timeout = 50 * time.Millisecond })
	r.strike(t, mishap.Fault{Kind: mishap.Slow, DelayMS: 600_000, Times: 1})
	if _, err := r.gateway.Begin(t.Context(), r.charge("pay_1", false)); result(t, err) != fault.Unknown {
		t.Fatalf("Begin: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r.strike(t, mishap.Fault{Kind: mishap.Slow, DelayMS: 600_000, Times: 1})
	if _, err := r.gateway.Begin(ctx, r.charge("pay_1", false)); result(t, err) != fault.Unknown {
		t.Fatalf("Begin: %v", err)
	}
	s := r.begin(t, r.charge("pay_1", false))
	if n := len(r.stripe.Intents()); n != 1 || s.Reference == "" {
		t.Fatalf("%d intents for one payment", n)
	}
}

func TestAKeyThatStripeRefusesIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *stripe.Config) { c.SecretKey = "sk_test_hush" })
	_, err := r.gateway.Begin(t.Context(), r.charge("pay_1", false))
	if result(t, err) != fault.Rejected || fault.OutcomeOf(err).Code != "gateway_not_authorised" {
		t.Fatalf("Begin: %v", err)
	}
	if r.stripe.Requests() != 1 {
		t.Fatalf("%d requests with a key that is refused", r.stripe.Requests())
	}
}

func TestStripeChargesTheLeastThatTheGatewayNames(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := r.charge("pay_1", false)
	c.Amount = r.gateway.LeastCharge(c.Amount.Currency)
	if c.Amount.Minor != 50 {
		t.Fatalf("the least is %s", c.Amount)
	}
	if _, err := r.gateway.Begin(t.Context(), c); err != nil {
		t.Fatalf("the least is refused: %v", err)
	}
	c = r.charge("pay_2", false)
	c.Amount = r.gateway.LeastCharge(c.Amount.Currency).Sub(money.New(1, c.Amount.Currency))
	if _, err := r.gateway.Begin(t.Context(), c); fault.OutcomeOf(err).Code != "amount_too_small" {
		t.Fatalf("a cent less: %v", err)
	}
	if got := r.gateway.LeastCharge("BHD"); !got.IsZero() {
		t.Errorf("of a currency without a known least it is %s", got)
	}
}

func TestRefusedCallsKeepStripesCode(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := r.charge("pay_1", false)
	c.Amount.Minor = 10
	_, err := r.gateway.Begin(t.Context(), c)
	if result(t, err) != fault.Rejected || fault.OutcomeOf(err).Code != "amount_too_small" {
		t.Fatalf("Begin: %v", err)
	}
	c = r.charge("pay_2", false)
	c.ProviderCustomer = "cus_gone"
	_, err = r.gateway.Begin(t.Context(), c)
	if result(t, err) != fault.Rejected || fault.OutcomeOf(err).Code != "resource_missing" {
		t.Fatalf("Begin: %v", err)
	}
}

func TestNoErrorOrLogRepeatsASecret(t *testing.T) {
	t.Parallel()
	const body = `{"error":{"type":"%T","code":"x","message":"sk_test_standin pi_1_secret_abc ada@example.com whsec_present","param":"amount",
		"payment_intent":{"id":"pi_1","object":"payment_intent","client_secret":"pi_1_secret_abc","receipt_email":"ada@example.com","status":"requires_payment_method"}}}`
	for _, status := range []int{400, 401, 403, 404, 409, 429, 500, 503} {
		for _, kind := range []string{"invalid_request_error", "api_error", "idempotency_error"} {
			g, server, log := away(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, strings.Replace(body, "%T", kind, 1))
			})
			var said strings.Builder
			note := func(err error) { said.WriteString(err.Error() + "\n") }
			tour(t, g, note)
			server.Close()
			tour(t, g, note)
			for _, s := range []string{"sk_test", "_secret_", "whsec", "ada@", "pk_test"} {
				if strings.Contains(said.String()+log.String(), s) {
					t.Fatalf("%d %s: %q is in\n%s%s", status, kind, s, said.String(), log.String())
				}
			}
		}
	}
}

// tour calls everything that can fail.
func tour(t *testing.T, g *stripe.Gateway, note func(error)) {
	t.Helper()
	c := begun()
	old := begun()
	old.CreatedAt = old.CreatedAt.AddDate(0, -1, 0)
	calls := []func() error{
		func() error { _, err := g.Begin(t.Context(), c); return err },
		func() error { _, err := g.Begin(t.Context(), old); return err },
		func() error { _, err := g.Fetch(t.Context(), "pi_1"); return err },
		func() error { _, err := g.Cancel(t.Context(), "pi_1"); return err },
		func() error { _, _, err := g.Find(t.Context(), "pay_1"); return err },
		func() error {
			_, err := g.Charge(t.Context(), billing.Mandate{Reference: "pm_1", ProviderCustomer: "cus_1", Kind: "card"}, c)
			return err
		},
		func() error {
			_, err := g.Refund(t.Context(), billing.RefundRequest{ID: "ref_1", PaymentReference: "pi_1", Amount: c.Amount})
			return err
		},
		func() error { _, err := g.FetchRefund(t.Context(), "re_1"); return err },
	}
	for i, call := range calls {
		err := call()
		if err == nil {
			t.Fatalf("call %d came through", i)
		}
		result(t, err)
		note(err)
	}
}
