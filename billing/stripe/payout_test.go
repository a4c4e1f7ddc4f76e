package stripe_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/sandbox/mishap"
)

// paidOut lets days go by until what lies on the balance is paid out, and gives the payouts.
func (r room) paidOut(t *testing.T, since time.Time) []billing.PayoutStatus {
	t.Helper()
	r.at.Advance(4 * 24 * time.Hour)
	found, err := r.gateway.Payouts(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// movements are all that a payout is made of.
func (r room) movements(t *testing.T, reference string) (all []billing.Movement) {
	t.Helper()
	for after := ""; ; {
		page, more, err := r.gateway.PayoutMovements(t.Context(), reference, after)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if !more {
			return all
		}
		after = page[len(page)-1].Reference
	}
}

func TestAPayoutOfStripeNamesEachMovementByWhatItIsOf(t *testing.T) {
	t.Parallel()
	r := open(t)
	h := r.harness()
	s, err := r.gateway.Begin(t.Context(), billing.Charge{ID: "pay_1", InvoiceID: "inv_1", CustomerID: "cus_1", Email: "a@example.com", Amount: money.New(1210, money.EUR), CreatedAt: r.at.Now()})
	if err != nil {
		t.Fatal(err)
	}
	h.Pay(t, s)
	refund, err := r.gateway.Refund(t.Context(), billing.RefundRequest{ID: "ref_1", PaymentReference: s.Reference, Amount: money.New(210, money.EUR), CreatedAt: r.at.Now()})
	if err != nil {
		t.Fatal(err)
	}
	dispute, err := r.stripe.Dispute(s.Reference, 500)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.stripe.CloseDispute(dispute, true); err != nil {
		t.Fatal(err)
	}
	r.stripe.Charged(120, "eur", "fee", "Radar")
	r.stripe.Charged(77, "eur", "risk_reserved_funds", "A reserve")
	found := r.paidOut(t, r.at.Now())
	if len(found) != 1 || !found[0].Automatic || !found[0].Complete || found[0].State != billing.PayoutPaid || !found[0].Fee.IsZero() {
		t.Fatalf("payouts %+v", found)
	}
	first := found[0].Reference
	sum, of := money.Zero(money.EUR), map[billing.MovementKind]billing.Movement{}
	for _, m := range r.movements(t, first) {
		of[m.Kind] = m
		sum = sum.Add(m.Gross).Sub(m.Fee)
	}
	for kind, source := range map[billing.MovementKind]string{
		billing.MovedCharge: s.Reference, billing.MovedRefund: refund.Reference, billing.MovedDispute: dispute, billing.MovedDisputeReversal: dispute,
		billing.MovedFee: "", billing.MovedOther: "",
	} {
		if m := of[kind]; m.Source != source || source != "" && m.Payment != s.Reference || m.At.IsZero() {
			t.Errorf("%s is %+v", kind, m)
		}
	}
	if sum != found[0].Amount || of[billing.MovedCharge].Fee != money.New(43, money.EUR) || len(of) != 6 {
		t.Errorf("%d kinds that sum to %s of %s, the charge's fee %s", len(of), sum, found[0].Amount, of[billing.MovedCharge].Fee)
	}
	if err := r.stripe.FailPayout(first); err != nil {
		t.Fatal(err)
	}
	back, err := r.gateway.FetchPayout(t.Context(), first)
	if err != nil || back.State != billing.PayoutFailed || back.Code != "account_closed" {
		t.Errorf("sent back it is %+v, %v", back, err)
	}
	again := r.paidOut(t, r.at.Now())
	if len(again) != 1 || again[0].Amount != found[0].Amount {
		t.Fatalf("paid out anew: %+v", again)
	}
	if m := r.movements(t, again[0].Reference); len(m) != 1 || m[0].Kind != billing.MovedPayoutFailure || m[0].Source != first {
		t.Errorf("it is made of %+v", m)
	}
}

func TestALargePayoutOfStripeIsReadPageByPage(t *testing.T) {
	t.Parallel()
	r := open(t)
	for range 250 {
		r.stripe.Charged(-1, "eur", "fee", "given back")
	}
	found := r.paidOut(t, time.Time{})
	seen := map[string]bool{}
	for _, m := range r.movements(t, found[0].Reference) {
		seen[m.Reference] = true
	}
	if len(seen) != 250 {
		t.Errorf("%d movements were read", len(seen))
	}
}

func TestAPayoutThatStripeDoesNotKnowIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, reference := range []string{"", "po_none"} {
		if _, err := r.gateway.FetchPayout(t.Context(), reference); fault.OutcomeOf(err).Result != fault.Rejected {
			t.Errorf("%q gave %v", reference, err)
		}
	}
	r.strike(t, mishap.Fault{Kind: mishap.DropAfter, Times: 1})
	if _, err := r.gateway.Payouts(t.Context(), r.at.Now()); fault.OutcomeOf(err).Result != fault.Unavailable {
		t.Errorf("a lost answer gave %v", err)
	}
}

func TestADebitThatFailedMovedTheBalanceAndBack(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, mandate := r.leave(t, "ideal")
	debit, err := r.gateway.Charge(t.Context(), mandate, r.charge("pay_later", false))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.stripe.SettleDebit(debit.Reference, false); err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, m := range r.movements(t, r.paidOut(t, time.Time{})[0].Reference) {
		if m.Source == debit.Reference {
			if m.Kind != billing.MovedCharge || m.Payment != debit.Reference {
				t.Errorf("the movement is %+v", m)
			}
			sum += m.Gross.Minor
		}
	}
	if sum != 0 {
		t.Errorf("the debit moved %d", sum)
	}
}
