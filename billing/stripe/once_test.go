package stripe_test

import (
	"errors"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/sandbox/mishap"
)

const createIntent = "POST /v1/payment_intents"

// result is the outcome of an error.
func result(t *testing.T, err error) fault.Result {
	t.Helper()
	var o *fault.Outcome
	if !errors.As(err, &o) {
		t.Fatalf("%v is no outcome", err)
	}
	return o.Result
}

func TestChargeAfterA500ThatTookEffectIsFoundByItsMetadata(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, m := r.leave(t, "pm_card_visa")
	r.strike(t, mishap.Fault{Op: createIntent, Kind: mishap.ErrorAfter, Times: 1})
	// The look-up comes within the same call, and search would not know it yet.
	s, err := r.gateway.Charge(t.Context(), m, r.charge("pay_2", false))
	if err != nil || s.State != billing.PaymentSucceeded || r.moved("pay_2") != 1 {
		t.Fatalf("Charge = %+v, %v; taken %d times", s, err, r.moved("pay_2"))
	}
}

func TestChargeAfterA500ThatDidNothingTakesTheNextKey(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, m := r.leave(t, "pm_card_visa")
	r.strike(t, mishap.Fault{Op: createIntent, Kind: mishap.ErrorBefore, Times: 1})
	_, err := r.gateway.Charge(t.Context(), m, r.charge("pay_2", false))
	if result(t, err) != fault.Unknown {
		t.Fatalf("the first 500: %v", err)
	}
	// Stripe gives the same 500 for the same key for a day.
	for range 2 {
		s, err := r.gateway.Charge(t.Context(), m, r.charge("pay_2", false))
		if err != nil || s.State != billing.PaymentSucceeded || r.moved("pay_2") != 1 {
			t.Fatalf("Charge = %+v, %v; taken %d times", s, err, r.moved("pay_2"))
		}
	}
}

func TestEndless500sEndAsUnknown(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, m := r.leave(t, "pm_card_visa")
	r.strike(t, mishap.Fault{Op: createIntent, Kind: mishap.ErrorBefore})
	for range 12 {
		if _, err := r.gateway.Charge(t.Context(), m, r.charge("pay_2", false)); result(t, err) != fault.Unknown {
			t.Fatalf("Charge: %v", err)
		}
	}
	if r.moved("pay_2") != 0 {
		t.Fatal("money was taken")
	}
}

func TestKeysOlderThanADayAreNotTrusted(t *testing.T) {
	t.Parallel()
	r := open(t)
	first, m := r.leave(t, "pm_card_visa")
	c := r.charge("pay_2", false)
	b := r.charge("pay_3", false)
	refund := billing.RefundRequest{ID: "ref_1", PaymentReference: first.Reference, Amount: money.New(210, money.EUR), CreatedAt: r.at.Now()}
	for range 4 {
		if s, err := r.gateway.Charge(t.Context(), m, c); err != nil || s.State != billing.PaymentSucceeded {
			t.Fatalf("Charge = %+v, %v", s, err)
		}
		if _, err := r.gateway.Begin(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if made, err := r.gateway.Refund(t.Context(), refund); err != nil || made.State != "succeeded" {
			t.Fatalf("Refund = %+v, %v", made, err)
		}
		r.at.Advance(25 * time.Hour)
	}
	if n := r.moved("pay_2"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
	if n := len(r.stripe.Intents()); n != 3 {
		t.Fatalf("%d intents for three payments", n)
	}
	if n := len(r.stripe.Customers()); n != 1 {
		t.Fatalf("%d customers for one", n)
	}
	if back := r.returned("pay_first"); back != refund.Amount {
		t.Fatalf("%s went back", back)
	}
}

func TestKeyWithOtherParametersFindsWhatItMade(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, m := r.leave(t, "pm_card_visa")
	c := r.charge("pay_2", false)
	first, err := r.gateway.Charge(t.Context(), m, c)
	if err != nil {
		t.Fatal(err)
	}
	c.Description = "Invoice 1, now with a better text"
	again, err := r.gateway.Charge(t.Context(), m, c)
	if err != nil || again.Reference != first.Reference || r.moved("pay_2") != 1 {
		t.Fatalf("Charge = %+v, %v", again, err)
	}
}

func TestFindSeesWhatSearchDoesNotYet(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t, r.charge("pay_1", false))
	for _, later := range []time.Duration{0, 30 * time.Second, time.Hour, 30 * 24 * time.Hour} {
		r.at.Advance(later)
		found, ok, err := r.gateway.Find(t.Context(), "pay_1")
		if err != nil || !ok || found.Reference != s.Reference {
			t.Fatalf("%s later: %+v, %v, %v", later, found, ok, err)
		}
	}
	for _, id := range []string{"pay_2", "pay'1", `pay"1`} {
		if _, ok, err := r.gateway.Find(t.Context(), id); ok || err != nil {
			t.Fatalf("Find(%s) = %v, %v", id, ok, err)
		}
	}
}
