package stripe_test

import (
	"os"
	"testing"

	"hostfront/billing"
	"hostfront/billing/stripe"
	"hostfront/clock"
	"hostfront/money"
)

// TestStripeMockTakesEveryRequest sends each kind of request to stripe-mock, which
// knows every parameter of Stripe's API and refuses others. Start it with
//
//	go run github.com/stripe/stripe-mock@v0.203.0 -http-port 12111
//
// and set STRIPE_MOCK_URL=http://127.0.0.1:12111.
func TestStripeMockTakesEveryRequest(t *testing.T) {
	t.Parallel()
	url := os.Getenv("STRIPE_MOCK_URL")
	if url == "" {
		t.Skip("STRIPE_MOCK_URL is not set")
	}
	at := clock.System{}
	for _, allowDelayed := range []bool{false, true} {
		c := config(at, url)
		c.AllowDelayed = allowDelayed
		g, err := stripe.New(c)
		if err != nil {
			t.Fatal(err)
		}
		mockCheckout(t, g, at)
		mockLater(t, g, at)
		mockPayouts(t, g, at)
	}
	c := config(at, url)
	c.PaymentMethodConfiguration = "pmc_123"
	g, err := stripe.New(c)
	if err != nil {
		t.Fatal(err)
	}
	mockCheckout(t, g, at)
}

func mockCharge(at clock.Clock) billing.Charge {
	return billing.Charge{
		ID: "pay_mock", InvoiceID: "inv_1", CustomerID: "cus_shop", Email: "ada@example.com", Name: "Ada Lovelace",
		Amount: money.New(1210, money.EUR), Description: "Invoice 1", Reference: "HF7K3Q9", SaveMethod: true,
		CreatedAt: at.Now(),
	}
}

func mockCheckout(t *testing.T, g *stripe.Gateway, at clock.Clock) {
	t.Helper()
	c := mockCharge(at)
	s, err := g.Begin(t.Context(), c)
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	if _, err := g.Fetch(t.Context(), s.Reference); err != nil {
		t.Fatalf("Fetch: %v", err)
	}
	if _, err := g.Cancel(t.Context(), s.Reference); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	// A key that is too old: the look-ups by list.
	c.CreatedAt = c.CreatedAt.AddDate(0, 0, -2)
	if _, err := g.Begin(t.Context(), c); err != nil {
		t.Fatalf("Begin with an old key: %v", err)
	}
	if _, _, err := g.Find(t.Context(), "pay_mock"); err != nil {
		t.Fatalf("Find: %v", err)
	}
}

func mockLater(t *testing.T, g *stripe.Gateway, at clock.Clock) {
	t.Helper()
	for _, kind := range []string{"card", "sepa_debit", ""} {
		m := billing.Mandate{Reference: "pm_123", ProviderCustomer: "cus_123", Kind: kind}
		if _, err := g.Charge(t.Context(), m, mockCharge(at)); err != nil {
			t.Fatalf("Charge of %q: %v", kind, err)
		}
	}
	r := billing.RefundRequest{ID: "ref_1", PaymentReference: "pi_123", Amount: money.New(100, money.EUR), Reason: "failed", CreatedAt: at.Now()}
	for range 2 {
		made, err := g.Refund(t.Context(), r)
		if err != nil {
			t.Fatalf("Refund: %v", err)
		}
		if _, err := g.FetchRefund(t.Context(), made.Reference); err != nil {
			t.Fatalf("FetchRefund: %v", err)
		}
		r.CreatedAt = r.CreatedAt.AddDate(0, 0, -2)
	}
}

func mockPayouts(t *testing.T, g *stripe.Gateway, at clock.Clock) {
	t.Helper()
	if _, err := g.Payouts(t.Context(), at.Now()); err != nil {
		t.Fatalf("Payouts: %v", err)
	}
	if _, err := g.FetchPayout(t.Context(), "po_123"); err != nil {
		t.Fatalf("FetchPayout: %v", err)
	}
	for _, after := range []string{"", "txn_123"} {
		if _, _, err := g.PayoutMovements(t.Context(), "po_123", after); err != nil {
			t.Fatalf("PayoutMovements: %v", err)
		}
	}
}
