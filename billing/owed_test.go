package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

func (s *shop) alarms() map[string]int {
	s.t.Helper()
	open, err := s.events.OpenAlarms(s.ctx, "", 100)
	s.must(err)
	codes := map[string]int{}
	for _, a := range open {
		codes[a.Code]++
	}
	return codes
}

// domain is a name that is paid until an instant.
func (s *shop) domain(country string, card bool, until time.Time) billing.Subscription {
	s.t.Helper()
	c := s.customer(country)
	if card {
		s.paid(c, 100)
	}
	return s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900), Cost: eur(600),
		Anchor: s.clock.Now(), PaidUntil: until, RenewTaskKind: "domain.renewal",
	})
}

func TestYearThatTheUpstreamRenewedDuringADowntimeIsStillBilled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.advance(expiry.Sub(s.clock.Now()) + 24*time.Hour) // nothing ran for months
	later := expiry.AddDate(1, 0, 0)
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, later) })
	if got := s.reload(sub); !got.CurrentPeriodEnd.Equal(later) {
		t.Fatalf("the expiry is shown as %s", got.CurrentPeriodEnd)
	}
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("the renewed year was not billed: %+v", report)
	}
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, later) }) // as its renewal task does
	periods := s.periods(sub)
	if len(periods) != 2 || !periods[1].Start.Equal(expiry) || !periods[1].End.Equal(later) || periods[1].State != "paid" {
		t.Fatalf("periods %+v", periods)
	}
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(later.Add(-45 * 24 * time.Hour)) {
		t.Fatalf("billed next at %s", got.NextInvoiceAt)
	}
}

func TestTransferOfOneDayIsBookedOnceAtWhateverHourItIsEntered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.begin(s.sale(s.customer("NL"), 1000), "transfer")
	book := func() error {
		_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: p.ID, Amount: eur(500), Reference: "NL-1"})
		return err
	}
	s.must(book())
	s.advance(3 * time.Second)
	if err := book(); !fault.Is(err, "transfer_booked") {
		t.Fatalf("one transfer entered twice: %v", err)
	}
	record := func() error {
		return s.billing.RecordSuspense(s.ctx, billing.SuspenseParams{Gateway: "transfer", Reference: "?", Amount: eur(70), ReceivedAt: s.clock.Now()})
	}
	s.must(record())
	s.advance(3 * time.Second)
	if err := record(); !fault.Is(err, "transfer_booked") {
		t.Fatalf("one transfer recorded twice: %v", err)
	}
}

func TestCollectionOfANameEndsAtTheUpstreamsDeadline(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.card.decline = &billing.Decline{Class: billing.DeclineSoft, Code: "insufficient_funds"}
	s.advance(expiry.Sub(s.clock.Now()) - 16*24*time.Hour) // late: the deadline is in two days
	s.renew()
	for range 20 {
		s.advance(24 * time.Hour)
		s.work()
		s.lapse()
	}
	if s.card.charges > 3 {
		t.Fatalf("%d charges: some of them after the name could no longer be renewed", s.card.charges)
	}
	if s.alarms()["domain_unpaid"] != 1 || s.reload(sub).State != billing.SubscriptionPastDue {
		t.Fatalf("alarms %v, the subscription is %s", s.alarms(), s.reload(sub).State)
	}
}

func TestPeriodsBeforeTheEndOfACancelledSubscriptionAreBilled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now()) // paid until 28 February
	s.tx(func(q *db.Queries) error {
		return s.billing.CancelSubscription(s.ctx, q, sub.ID, date("2026-04-30").Add(10*time.Hour))
	})
	for range 150 {
		s.advance(24 * time.Hour)
		s.renew()
	}
	got := s.reload(sub)
	if s.card.charges != 2 || got.State != billing.SubscriptionCancelled || got.CurrentPeriodEnd.Format(time.DateOnly) != "2026-04-30" {
		t.Fatalf("%d charges, %s until %s", s.card.charges, got.State, got.CurrentPeriodEnd)
	}
}
