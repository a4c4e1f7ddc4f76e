package gatewaytest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

// Harness is a gateway with the hands to act as its customer and to trip its wire.
// Functions are nil where the gateway has nothing of the kind.
type Harness struct {
	Gateway billing.Gateway
	// Now is the time of the gateway's clock, Advance moves it.
	Now     func() time.Time
	Advance func(time.Duration)
	// Pay and Decline are what the customer does with a payment that was begun.
	Pay, Decline func(t *testing.T, s billing.Status)
	// Save completes the saving of a method, for a gateway that is a MethodKeeper.
	Save func(t *testing.T, s billing.SetupStatus)
	// DeclinedIsFinal says that a customer's decline ends the payment; else they may
	// try again within it.
	DeclinedIsFinal bool
	// Decliner makes a saved method refuse from now on, for a reason of that class.
	Decliner func(t *testing.T, m billing.Mandate, class billing.DeclineClass) billing.Mandate
	// Hook is the last webhook that the provider sent.
	Hook func(t *testing.T) (http.Header, []byte)
	// LoseCall cuts the connection before the next call takes effect, LoseAnswer after.
	LoseCall, LoseAnswer func()
	// Fail answers the next call with that status; nothing happens.
	Fail func(status int)
	// Moved is how often the provider took money for a payment of the shop, Returned how
	// much of it went back.
	Moved    func(paymentID string) int
	Returned func(paymentID string) money.Amount
}

// Run holds a gateway to the contract. open makes a fresh one for each test.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			if c.when != nil && !c.when(h) {
				t.Skip("the gateway has nothing of the kind")
			}
			c.run(t, h)
		})
	}
}

type testCase struct {
	name string
	when func(h Harness) bool
	run  func(t *testing.T, h Harness)
}

var cases = slices.Concat(beginCases, chargeCases, refundCases, webhookCases, setupCases)

// charge is a payment of 12.10 euro.
func (h Harness) charge(id string) billing.Charge {
	return billing.Charge{
		ID: id, InvoiceID: "inv_1", CustomerID: "cus_1", Email: "ada@example.com", Name: "Ada Lovelace",
		Amount: money.New(1210, money.EUR), Description: "Invoice inv_1", Reference: "HF7K3Q9",
		ReturnURL: "https://shop.example/return", CreatedAt: h.Now(),
	}
}

func (h Harness) begin(t *testing.T, c billing.Charge) billing.Status {
	t.Helper()
	s, err := h.Gateway.Begin(t.Context(), c)
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	return s
}

func (h Harness) fetch(t *testing.T, reference string) billing.Status {
	t.Helper()
	s, err := h.Gateway.Fetch(t.Context(), reference)
	if err != nil {
		t.Fatalf("Fetch: %v", err)
	}
	return s
}

// paid is a payment that the customer has paid.
func (h Harness) paid(t *testing.T, c billing.Charge) billing.Status {
	t.Helper()
	s := h.begin(t, c)
	h.Pay(t, s)
	return h.fetch(t, s.Reference)
}

// mandate is a method that a customer has left for later.
func (h Harness) mandate(t *testing.T) billing.Mandate {
	t.Helper()
	c := h.charge("pay_mandate")
	c.SaveMethod = true
	s := h.paid(t, c)
	if s.Method == nil {
		t.Fatalf("nothing was saved: %+v", s)
	}
	return billing.Mandate{Reference: s.Method.Reference, ProviderCustomer: s.ProviderCustomer, Kind: s.Method.Kind}
}

// outcome wants an error that is a typed outcome of one of these results.
func outcome(t *testing.T, err error, want ...fault.Result) *fault.Outcome {
	t.Helper()
	var o *fault.Outcome
	if !errors.As(err, &o) {
		t.Fatalf("error %v is no outcome, want %v", err, want)
	}
	for _, w := range want {
		if o.Result == w {
			return o
		}
	}
	t.Fatalf("outcome %v, want %v", o, want)
	return nil
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
