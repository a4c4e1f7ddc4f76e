package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
)

func TestNameThatIsPaidAfterItsDeadlineIsNoAlarmAnyMore(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", false, expiry)
	s.advance(expiry.Sub(s.clock.Now()) - 10*24*time.Hour)
	s.renew()
	s.lapse()
	if s.alarms()["domain_unpaid"] != 1 {
		t.Fatalf("alarms %v", s.alarms())
	}
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	if s.alarms()["domain_unpaid"] != 0 || s.reload(sub).State != billing.SubscriptionActive {
		t.Fatalf("alarms %v, the subscription is %s", s.alarms(), s.reload(sub).State)
	}
}

func TestWithdrawnRenewalLeavesNoSubscriptionPastDue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.customer("NL"), s.clock.Now())
	s.advance(60 * 24 * time.Hour) // two periods are due
	s.renew()
	s.lapse()
	for i, want := range []billing.SubscriptionState{billing.SubscriptionPastDue, billing.SubscriptionActive} {
		s.tx(func(q *db.Queries) error { return s.billing.Void(s.ctx, q, s.periods(sub)[i+1].InvoiceID) })
		if got := s.reload(sub).State; got != want {
			t.Fatalf("with %d of two renewals withdrawn the subscription is %s", i+1, got)
		}
	}
}
