package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
)

func TestPaidHostingRenewalPostsItsUpstreamCostOnceForEachPeriod(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	s.renew()
	s.renew()
	if got := s.balance(billing.UpstreamCost); got != 400 {
		t.Fatalf("a renewed month cost %d upstream, want 400", got)
	}
	s.advance(31 * 24 * time.Hour)
	s.renew()
	if got := s.balance(billing.UpstreamPayable); got != -800 {
		t.Fatalf("two renewed months leave %d payable, want -800", got)
	}
}

func TestUnpaidRenewalPostsNoUpstreamCost(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.subscribe(s.customer("NL"), s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	s.renew()
	if got := s.balance(billing.UpstreamCost); got != 0 {
		t.Fatalf("an unpaid month cost %d upstream", got)
	}
}

func TestRenewalThatATaskDoesLeavesItsCostToTheTask(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	s.subscription(billing.SubscriptionParams{
		CustomerID: s.withCard("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900), Cost: eur(600),
		Anchor: s.clock.Now(), PaidUntil: expiry, RenewTaskKind: "domain.renewal",
	})
	s.advance(expiry.Sub(s.clock.Now()) - 29*24*time.Hour)
	s.renew()
	if len(s.delivered) != 2 || s.balance(billing.UpstreamCost) != 0 {
		t.Fatalf("released %v, cost %d before the upstream has renewed", s.delivered, s.balance(billing.UpstreamCost))
	}
}

func TestARestOfAPeriodCostsItsShareUpstream(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 3003)
	s.pause(sub)
	s.advance(59 * aDay) // 31 March: the paid month has run out on 28 February
	s.renew()
	s.advance(15 * aDay) // 15 April, half of the period to 30 April
	s.resume(sub)
	s.renew()
	inv := s.invoice(s.periods(sub)[2].InvoiceID)
	if l := inv.Lines[0]; l.Net.Minor != 1502 || l.Cost.Minor != 751 { // of 30.03 and 15.01, rounded up
		t.Fatalf("half a period costs %s upstream for %s", l.Cost, l.Net)
	}
	if got := s.balance(billing.UpstreamCost); got != 751 {
		t.Fatalf("half a period is booked at %d", got)
	}
	s.advance(15 * aDay)
	s.renew()
	if got := s.balance(billing.UpstreamCost); got != 751+1501 {
		t.Fatalf("the whole one after it is booked at %d", got-751)
	}
}
