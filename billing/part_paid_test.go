package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
)

// comes is money that staff finds on the bank account and gives to an invoice.
func (s *shop) comes(inv billing.Invoice, reference string, amount int64) {
	s.t.Helper()
	s.must(s.billing.RecordSuspense(s.ctx, billing.SuspenseParams{Gateway: "transfer", Reference: reference, Amount: eur(amount), ReceivedAt: s.clock.Now()}))
	items, err := s.billing.SuspenseItems(s.ctx, "", 10)
	s.must(err)
	s.tx(func(q *db.Queries) error { return s.billing.AssignSuspense(s.ctx, q, items[0].ID, inv.ID) })
}

// Others charged the whole bill though a part of it had come by another way: only what is
// left is asked of the saved method.
func TestChargeAsksForNoMoreThanIsLeftWhenAPartCameOtherwise(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew() // the charge is for the 28th
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.comes(inv, "half", 700)
	s.advance(7 * 24 * time.Hour)
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	charged := eur(0)
	for _, p := range payments {
		if p.Automatic {
			charged = charged.Add(p.Received)
		}
	}
	if charged != eur(510) || s.credit(c) != 0 {
		t.Fatalf("charged %s of a bill of %s of which 7.00 had come; credit %d", charged, inv.Gross, s.credit(c))
	}
}

// A credit note of a part lowers what the saved method is charged as well.
func TestChargeAsksForNoMoreThanIsLeftWhenAPartIsCredited(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: eur(605), Reason: "half a month down"})
		return err
	})
	s.advance(7 * 24 * time.Hour)
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	if got := payments[len(payments)-1].Received; got != eur(605) {
		t.Fatalf("charged %s of a bill of %s of which half was credited", got, inv.Gross)
	}
}

func TestAPaymentThatWasBegunForMoreThanIsDueIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	sub := s.subscribe(c, s.clock.Now())
	s.advance(28 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	for _, gateway := range []string{"card", "transfer"} {
		old := s.begin(inv, gateway)
		s.comes(inv, gateway, 300)
		p := s.begin(inv, gateway)
		if due := s.invoice(inv.ID).Due(); p.ID == old.ID || p.Amount != due {
			t.Errorf("%s: asked for %s, %s is due", gateway, p.Amount, due)
		}
		if again := s.begin(inv, gateway); again.ID != p.ID {
			t.Errorf("%s: begun twice", gateway)
		}
	}
}
