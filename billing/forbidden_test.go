package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
)

// Others looked at an exception when they billed, and charged weeks later all the same.
func TestChargeThatStaffForbidsBeforeItsDayIsNotMade(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew() // the charge is for the 28th
	s.flags(c, account.Flags{NoAutomaticPayment: true})
	s.advance(20 * 24 * time.Hour)
	s.work()
	if s.card.charges != 0 {
		t.Fatalf("charged %d times", s.card.charges)
	}
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}
