package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
)

// leave begins a payment of an invoice by hand.
func (s *shop) leave(inv billing.Invoice) {
	s.t.Helper()
	_, err := s.billing.Pay(s.ctx, inv.CustomerID, inv.ID, billing.PaymentParams{Gateway: "card"})
	s.must(err)
}

// pass lets a time go by in steps of which each asks the gateways how things stand.
func (s *shop) pass(d time.Duration) {
	s.t.Helper()
	for ; d > 0; d -= 6 * time.Hour {
		s.advance(min(d, 6*time.Hour))
		_, err := s.billing.Reconcile(s.ctx)
		s.must(err)
		s.work()
	}
}

func TestACardThatIsSavedWhileAPaymentWasLeftPaysTheInvoice(t *testing.T) {
	t.Parallel()
	for name, declined := range map[string]bool{"mailed": false, "declined for good": true} {
		s := setup(t)
		c := s.customer("NL")
		if declined {
			s.paid(c, 100)
			s.card.decline = &billing.Decline{Class: billing.DeclineHard, Code: "stolen_card"}
		}
		sub := s.subscribe(c, s.clock.Now())
		s.advance(28 * aDay)
		s.renew()
		s.card.decline = nil
		inv := s.invoice(s.periods(sub)[1].InvoiceID)
		s.leave(inv)
		s.advance(time.Hour)
		s.paid(c, 100)
		s.work()
		s.wantState(inv.ID, billing.InvoiceOpen) // they may be paying it at this moment
		s.pass(2 * aDay)
		if got := s.invoice(inv.ID).State; got != billing.InvoicePaid {
			t.Errorf("%s: the invoice is %s", name, got)
		}
	}
}

func TestACardIsNotChargedForALeftPaymentThatItHasNothingToDoWith(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.subscribe(c, s.clock.Now())
	s.advance(28 * aDay)
	s.card.decline = &billing.Decline{Class: billing.DeclineHard, Code: "stolen_card"}
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.advance(time.Hour)
	s.leave(inv)
	s.pass(4 * aDay)
	if s.card.charges != 1 {
		t.Fatalf("%d charges", s.card.charges)
	}
	s.wantState(inv.ID, billing.InvoiceOpen)
}

func TestAPaymentThatIsLeftBeforeTheFirstChargeBringsThatNotForward(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(22 * aDay)
	s.renew() // the charge is for the 28th
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.leave(inv)
	s.pass(5 * aDay)
	if s.card.charges != 0 {
		t.Fatalf("%d charges before the day that was told", s.card.charges)
	}
	s.pass(2 * aDay)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestANewCardPaysAChangeThatTheOldOneDidNot(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	order := s.sale(c, 500)
	s.advance(7 * aDay)
	s.card.decline = &billing.Decline{Class: billing.DeclineHard, Code: "stolen_card"}
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow, TaskKind: "test.deliver"})
	s.wantState(made.InvoiceID, billing.InvoiceOpen)
	s.card.decline = nil
	s.paid(c, 100)
	s.work()
	s.wantState(made.InvoiceID, billing.InvoicePaid)
	s.wantState(order.ID, billing.InvoiceOpen) // they may still leave it
	if got := s.reload(sub).ProductID; got != "L" {
		t.Errorf("it is %s", got)
	}
}
