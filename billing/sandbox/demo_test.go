package sandbox_test

import (
	"strings"
	"sync"
	"testing"

	"hostfront/billing"
	"hostfront/billing/sandbox"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

func TestTheSandboxIsRefusedOutsideTheDemo(t *testing.T) {
	t.Parallel()
	if _, err := sandbox.New(sandbox.Config{BaseURL: "http://127.0.0.1:1", Key: "key"}); err == nil || !strings.Contains(err.Error(), "demo") {
		t.Fatalf("New: %v", err)
	}
	if _, err := sandbox.New(sandbox.Config{Demo: true, BaseURL: "nowhere"}); err == nil {
		t.Fatal("a stand-in without a URL was taken")
	}
}

func TestAKeyTheProviderDoesNotKnowIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t)
	g, err := sandbox.New(sandbox.Config{Demo: true, BaseURL: r.url, Key: "other"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Fetch(t.Context(), "sbx_1")
	if o := fault.OutcomeOf(err); o.Result != fault.Rejected || strings.Contains(err.Error(), "other") {
		t.Fatalf("Fetch: %v", err)
	}
}

func TestChallengeOnThePageEndsPaid(t *testing.T) {
	t.Parallel()
	r := open(t)
	h := r.harness()
	s, err := h.Gateway.Begin(t.Context(), billing.Charge{
		ID: "pay_1", CustomerID: "cus_1", Amount: money.New(1210, money.EUR), ReturnURL: "https://shop.example/back", SaveMethod: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.choose(t, s, "challenge")
	if s, err = h.Gateway.Fetch(t.Context(), s.Reference); err != nil || s.State != billing.PaymentRequiresAction || s.Next == nil {
		t.Fatalf("Fetch = %+v, %v", s, err)
	}
	if resp := r.choose(t, s, "confirm"); resp.Header.Get("Location") != "https://shop.example/back" {
		t.Fatalf("the customer was sent to %s", resp.Header.Get("Location"))
	}
	if s, err = h.Gateway.Fetch(t.Context(), s.Reference); err != nil || s.State != billing.PaymentSucceeded || s.Method == nil || !s.Fee.IsPositive() {
		t.Fatalf("Fetch = %+v, %v", s, err)
	}
}

func TestChargesAtOnceAreEachMadeOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	m := saved(t, r)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			s, err := r.gateway.Charge(t.Context(), m, billing.Charge{ID: "pay_same", CustomerID: "cus_1", Amount: money.New(500, money.EUR)})
			if err != nil || s.State != billing.PaymentSucceeded {
				t.Errorf("Charge = %+v, %v", s, err)
			}
		})
	}
	all.Wait()
	if n, _ := r.of("pay_same"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
}

// saved is a method that a customer left.
func saved(t testing.TB, r room) billing.Mandate {
	t.Helper()
	s, err := r.gateway.Begin(t.Context(), billing.Charge{ID: "pay_first", CustomerID: "cus_1", Amount: money.New(1210, money.EUR), SaveMethod: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.provider.Decide(s.Reference, pay.ChoosePay, pay.Succeed); err != nil {
		t.Fatal(err)
	}
	if s, err = r.gateway.Fetch(t.Context(), s.Reference); err != nil {
		t.Fatal(err)
	}
	return billing.Mandate{Reference: s.Method.Reference, ProviderCustomer: s.ProviderCustomer, Kind: s.Method.Kind}
}
