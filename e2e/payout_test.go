package e2e_test

import (
	"hostfront/billing"
	"testing"
)

// stands holds what the ledger has of the money that came by Stripe.
func (r *stripeRoad) stands(step string, accounts map[string]int64) {
	r.t.Helper()
	for account, want := range accounts {
		if got := r.onAccount(billing.Account(account)); got != want {
			r.t.Errorf("%s: %s stands at %d, want %d", step, account, got, want)
		}
	}
}

func TestAPayoutBringsTheMoneyOfAnOrderToTheBankLessItsFee(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("paid-out.nl")
	r.must(r.confirm(intent, "pm_card_visa"))
	r.waitFor(p.Order.ID, "completed")
	gross := r.stripe.Charges()[0].Amount
	for range 5 {
		r.must(r.w.Move(aDay))
	}
	payouts := r.stripe.Payouts()
	if len(payouts) != 1 || payouts[0].Status != "paid" {
		t.Fatalf("Stripe paid out %+v", payouts)
	}
	fee := gross - payouts[0].Amount
	if fee <= 0 {
		t.Fatalf("Stripe kept %d of %d", fee, gross)
	}
	r.stands("paid out", map[string]int64{
		"bank": payouts[0].Amount, "fees:stripe": fee, "clearing:stripe": 0, "transit:stripe": 0, "unmatched:stripe": 0,
	})
	r.ledgerIsZero()
}
