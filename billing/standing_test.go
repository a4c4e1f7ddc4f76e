package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
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
		_, err := s.refund(s.invoice(s.periods(sub)[i+1].InvoiceID), 0)
		s.must(err)
		if got := s.reload(sub).State; got != want {
			t.Fatalf("with %d of two renewals withdrawn the subscription is %s", i+1, got)
		}
	}
}

// pays settles an invoice by card and gives its payment.
func (s *shop) pays(inv billing.Invoice) billing.Payment {
	s.t.Helper()
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Due(), eur(0))
	s.hook(p.ID)
	return s.payment(p.ID)
}

// reopened is a subscription by hand that is suspended for its second period, whose money a lost
// dispute has taken, and whose third period is billed and due as well.
func (s *shop) reopened() (sub billing.Subscription, second, third billing.Invoice, lost billing.Payment) {
	s.t.Helper()
	sub = s.subscribe(s.byHand(), s.clock.Now())
	s.advance(25 * aDay)
	s.renew()
	second = s.invoice(s.periods(sub)[1].InvoiceID)
	lost = s.pays(second)
	s.disputed("dp_1", lost.ID, billing.DisputeLost, second.Gross.Minor, 0)
	s.advance(40 * aDay)
	s.renew()
	s.lapse()
	third = s.invoice(s.periods(sub)[2].InvoiceID)
	s.tx(func(q *db.Queries) error { return s.billing.SuspendSubscription(s.ctx, q, sub.ID) })
	return sub, s.invoice(second.ID), third, lost
}

func TestASuspensionIsNotLiftedWhileARenewalThatWasReopenedIsOwed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *shop, id string) error{
		"paid": func(s *shop, id string) error { s.pays(s.invoice(id)); return nil },
		"written off": func(s *shop, id string) error {
			return s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, id) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			sub, second, third, _ := s.reopened()
			s.pays(third)
			if got := s.reload(sub).State; got != billing.SubscriptionSuspended {
				t.Fatalf("with the reopened renewal owed (%s) the subscription is %s", second.Due(), got)
			}
			s.must(end(s, second.ID))
			if got := s.reload(sub).State; got != billing.SubscriptionActive {
				t.Fatalf("with nothing owed any more the subscription is %s", got)
			}
		})
	}
}

func TestANameIsNotInGoodStandingWhileAnotherYearOfItIsOverdue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", false, expiry)
	s.flags(account.Customer{ID: sub.CustomerID}, account.Flags{NoAutomaticPayment: true})
	s.advance(expiry.Sub(s.clock.Now()) - 40*aDay)
	s.renew()
	first := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.pays(first)
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, expiry.AddDate(1, 0, 0)) })
	s.advance(expiry.AddDate(1, 0, 0).Sub(s.clock.Now()) - 40*aDay)
	s.renew()
	s.disputed("dp_1", p.ID, billing.DisputeLost, first.Gross.Minor, 0)
	s.advance(30 * aDay) // the second renewal is past its deadline; its year has not begun
	s.lapse()
	s.pays(s.invoice(first.ID))
	if got := s.reload(sub).State; got != billing.SubscriptionPastDue || s.alarms()["domain_unpaid"] != 1 {
		t.Fatalf("the subscription is %s, alarms %v", got, s.alarms())
	}
	s.pays(s.invoice(s.periods(sub)[2].InvoiceID))
	if got := s.reload(sub).State; got != billing.SubscriptionActive || s.alarms()["domain_unpaid"] != 0 {
		t.Fatalf("nothing is owed and the subscription is %s, alarms %v", got, s.alarms())
	}
}

func TestAPauseEndsInDebtWhereARenewalWasReopenedMeanwhile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.byHand(), s.clock.Now())
	s.advance(25 * aDay)
	s.renew()
	second := s.invoice(s.periods(sub)[1].InvoiceID)
	lost := s.pays(second)
	s.advance(10 * aDay)
	s.pause(sub)
	s.disputed("dp_1", lost.ID, billing.DisputeLost, second.Gross.Minor, 0)
	s.advance(30 * aDay)
	s.renew()
	s.lapse()
	if got := s.resume(sub).State; got != billing.SubscriptionPastDue {
		t.Fatalf("resumed with a renewal owed the subscription is %s", got)
	}
}
