package billing_test

import (
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

func date(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// subscribe starts a monthly hosting subscription anchored at an instant.
func (s *shop) subscribe(c account.Customer, anchor time.Time) billing.Subscription {
	s.t.Helper()
	return s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.HostingSubscription, Description: "Hosting S", Cycle: "month",
		Net: eur(1000), Cost: eur(400), Anchor: anchor,
	})
}

func (s *shop) subscription(p billing.SubscriptionParams) (sub billing.Subscription) {
	s.t.Helper()
	p.ServiceID = s.store.NewID("svc")
	s.tx(func(q *db.Queries) (err error) {
		sub, err = s.billing.Subscribe(s.ctx, q, p)
		return err
	})
	return sub
}

// card saves a card for a customer by paying with it.
func (s *shop) withCard(country string) account.Customer {
	c := s.customer(country)
	s.paid(c, 100)
	return c
}

func (s *shop) renew() billing.RenewReport {
	s.t.Helper()
	report, err := s.billing.Renew(s.ctx)
	s.must(err)
	s.work()
	return report
}

func (s *shop) periods(sub billing.Subscription) []billing.Period {
	s.t.Helper()
	periods, err := s.billing.Periods(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	return periods
}

func (s *shop) reload(sub billing.Subscription) billing.Subscription {
	s.t.Helper()
	got, err := s.billing.Subscription(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	return got
}

func TestThirtyFirstOfJanuaryIsFollowedByTheLastOfEachMonth(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	for _, want := range []string{"2026-03-31", "2026-04-30", "2026-05-31"} {
		s.advance(31 * 24 * time.Hour)
		s.renew()
		if got := s.reload(sub).CurrentPeriodEnd.Format(time.DateOnly); got != want {
			t.Fatalf("paid until %s, want %s", got, want)
		}
	}
	if s.card.charges != 3 {
		t.Fatalf("%d charges", s.card.charges)
	}
}

func TestSavedMethodIsChargedOnTheDayAndNotBefore(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(22 * 24 * time.Hour) // seven days before 28 February is the 21st
	if report := s.renew(); report.Billed != 1 || report.Charges != 1 || s.card.charges != 0 {
		t.Fatalf("report %+v, %d charges", report, s.card.charges)
	}
	s.advance(6 * 24 * time.Hour)
	s.work()
	if s.card.charges != 1 || s.reload(sub).CurrentPeriodEnd.Format(time.DateOnly) != "2026-03-31" {
		t.Fatalf("%d charges, paid until %s", s.card.charges, s.reload(sub).CurrentPeriodEnd)
	}
}

func TestMissedPeriodsAreBilledOnceOldestFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(120 * 24 * time.Hour) // 31 May: 28 Feb, 31 Mar, 30 Apr and 31 May are due
	if report := s.renew(); report.Billed != 4 || report.Skipped != 0 {
		t.Fatalf("report %+v", report)
	}
	if report := s.renew(); report.Billed != 0 {
		t.Fatalf("billed again: %+v", report)
	}
	periods := s.periods(sub)
	for i := 1; i < len(periods); i++ {
		if !periods[i].Start.Equal(periods[i-1].End) || periods[i].State != "paid" {
			t.Fatalf("period %+v after %+v", periods[i], periods[i-1])
		}
		if i > 1 && periods[i].InvoiceID < periods[i-1].InvoiceID {
			t.Fatal("a later period was billed first")
		}
	}
	if len(periods) != 5 || s.card.charges != 4 {
		t.Fatalf("%d periods, %d charges", len(periods), s.card.charges)
	}
}

func TestRenewalsAreBilledOnceWhenTheJobRunsTwiceAtOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	for range 30 {
		s.subscribe(c, s.clock.Now())
	}
	s.advance(65 * 24 * time.Hour)
	var billed [2]int
	var runs sync.WaitGroup
	for i := range billed {
		runs.Go(func() {
			report, err := s.billing.Renew(s.ctx)
			if err != nil || report.Skipped > 0 {
				t.Errorf("report %+v, %v", report, err)
			}
			billed[i] = report.Billed
		})
	}
	runs.Wait()
	s.work()
	if billed[0]+billed[1] != 60 || s.card.charges != 60 {
		t.Fatalf("billed %v, %d charges", billed, s.card.charges)
	}
}

func TestPoisonRowDoesNotStopTheRun(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.HostingSubscription, Description: "Broken", Cycle: "month", Net: money.New(5, money.EUR),
		Anchor: s.clock.Now(), RenewTaskKind: "nobody.registered",
	})
	s.subscribe(c, s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	if report := s.renew(); report.Billed != 1 || report.Skipped != 1 || report.Skips[0].Reason == "" {
		t.Fatalf("report %+v", report)
	}
}

// Followed, such a row would be billed a period of long ago for each month since, in one run.
func TestARowThatContradictsItselfIsBilledNothing(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(*db.Subscription){
		"its anchor is lost":        func(row *db.Subscription) { row.AnchorAt = 0 },
		"its number is nonsense":    func(row *db.Subscription) { row.NextNumber = 1 << 62 },
		"its number is behind":      func(row *db.Subscription) { row.NextNumber = 0 },
		"its next period is past":   func(row *db.Subscription) { row.NextStartAt = 1 },
		"its next period is far on": func(row *db.Subscription) { row.NextStartAt = 1 << 62 },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			c := s.withCard("NL")
			poison := s.subscribe(c, s.clock.Now())
			s.subscribe(c, s.clock.Now())
			s.spoil(poison, spoil)
			s.advance(28 * 24 * time.Hour)
			if report := s.renew(); report.Billed != 1 || report.Skipped != 1 || report.Skips[0].ID != poison.ID {
				t.Fatalf("report %+v", report)
			}
			if n := len(s.periods(poison)); n != 1 {
				t.Errorf("%d periods, want the first alone", n)
			}
		})
	}
}

func TestNothingIsBilledForYearsToCome(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	poison := s.subscribe(c, s.clock.Now())
	s.subscribe(c, s.clock.Now())
	s.spoil(poison, func(row *db.Subscription) { row.LeadDays, row.NextInvoiceAt = 40_000, 1 })
	s.advance(28 * 24 * time.Hour)
	if report := s.renew(); report.Skipped != 1 || report.Skips[0].ID != poison.ID || report.Billed > 14 {
		t.Fatalf("report %+v", report)
	}
}

// spoil changes the row of a subscription behind the shop's back.
func (s *shop) spoil(sub billing.Subscription, how func(*db.Subscription)) {
	s.t.Helper()
	row, err := s.store.Read().SubscriptionByID(s.ctx, sub.ID)
	s.must(err)
	how(&row)
	s.must(s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := q.SubscriptionWrite(s.ctx, db.SubscriptionWriteParams{
			ID: row.ID, Revision: row.Revision, State: row.State, ProductID: row.ProductID, Description: row.Description,
			CycleUnit: row.CycleUnit, CycleCount: row.CycleCount, Net: row.Net, Cost: row.Cost, Least: row.Least,
			PricePolicy: row.PricePolicy, Phases: row.Phases, AnchorAt: row.AnchorAt, NextNumber: row.NextNumber,
			CurrentStartAt: row.CurrentStartAt, CurrentEndAt: row.CurrentEndAt, NextStartAt: row.NextStartAt,
			NextInvoiceAt: row.NextInvoiceAt, UpdatedAt: row.UpdatedAt,
		})
		if err != nil || row.LeadDays == 0 {
			return err
		}
		_, err = q.SubscriptionLead(s.ctx, db.SubscriptionLeadParams{
			ID: row.ID, Revision: row.Revision + 1, LeadDays: row.LeadDays, NextInvoiceAt: row.NextInvoiceAt, UpdatedAt: row.UpdatedAt,
		})
		return err
	}))
}

func TestCustomerWithoutAMethodGetsTheInvoiceByMail(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.customer("NL"), s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	if report := s.renew(); report.Mailed != 1 {
		t.Fatalf("report %+v", report)
	}
	s.lapse()
	if got := s.reload(sub); got.State != billing.SubscriptionPastDue {
		t.Fatalf("the subscription is %s", got.State)
	}
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.advance(10 * 24 * time.Hour)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	got := s.reload(sub)
	if got.State != billing.SubscriptionActive || got.CurrentPeriodEnd.Format(time.DateOnly) != "2026-03-31" {
		t.Fatalf("paid late, the subscription is %s until %s: the anchor must hold", got.State, got.CurrentPeriodEnd)
	}
}

func TestDeclinedRenewalStaysPayableAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	s.card.decline = &billing.Decline{Class: billing.DeclineSoft, Code: "insufficient_funds"}
	s.renew()
	s.lapse()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	if inv.State != billing.InvoiceOpen || s.reload(sub).State != billing.SubscriptionPastDue {
		t.Fatalf("invoice %s, subscription %s", inv.State, s.reload(sub).State)
	}
	s.advance(24 * time.Hour)
	s.work()
	if s.card.charges != 2 {
		t.Fatalf("%d charges after a day", s.card.charges)
	}
	s.card.decline = nil
	s.advance(48 * time.Hour)
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	if s.card.charges != 3 || s.reload(sub).State != billing.SubscriptionActive {
		t.Fatalf("%d charges, subscription %s", s.card.charges, s.reload(sub).State)
	}
}

func TestHardDeclineIsNotTriedAgainAndCanBePaidByHand(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.card.decline = &billing.Decline{Class: billing.DeclineHard, Code: "stolen_card"}
	s.advance(28 * 24 * time.Hour)
	s.renew()
	s.advance(20 * 24 * time.Hour)
	s.work()
	if s.card.charges != 1 {
		t.Fatalf("%d charges", s.card.charges)
	}
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestPayingByHandDropsTheScheduledCharge(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	s.advance(20 * 24 * time.Hour)
	s.work()
	if s.card.charges != 0 {
		t.Fatal("the saved card was charged for a paid invoice")
	}
}

func TestLostAnswerOfAChargeChargesOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(28 * 24 * time.Hour)
	s.card.lost = true
	s.renew()
	s.advance(time.Hour)
	s.work()
	s.wantState(s.periods(sub)[1].InvoiceID, billing.InvoicePaid)
	if s.card.charges != 1 {
		t.Fatalf("%d charges", s.card.charges)
	}
}

func TestDomainFollowsTheExpiryReadUpstream(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0).Add(3 * time.Hour)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.withCard("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900), Cost: eur(600),
		Anchor: s.clock.Now(), PaidUntil: expiry, RenewTaskKind: "domain.renewal", RenewTaskPayload: map[string]string{"domain": "a.nl"},
	})
	s.advance(expiry.Add(-45 * 24 * time.Hour).Sub(s.clock.Now()))
	if report := s.renew(); report.Charges != 1 || s.card.charges != 0 {
		t.Fatalf("report %+v, %d charges 45 days ahead", report, s.card.charges)
	}
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, expiry.Add(-2*time.Hour)) })
	s.advance(15 * 24 * time.Hour)
	s.renew()
	if len(s.delivered) != 2 || s.delivered[1] != sub.ServiceID {
		t.Fatalf("released %v", s.delivered)
	}
	later := expiry.AddDate(1, 0, 1)
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, later) })
	got := s.reload(sub)
	if !got.CurrentPeriodEnd.Equal(later) || !got.NextInvoiceAt.Equal(later.Add(-45*24*time.Hour)) {
		t.Fatalf("paid until %s, billed at %s", got.CurrentPeriodEnd, got.NextInvoiceAt)
	}
	s.advance(later.Sub(s.clock.Now()))
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("report %+v", report)
	}
	periods := s.periods(sub)
	for i := 1; i < len(periods); i++ {
		if !periods[i].Start.Equal(periods[i-1].End) {
			t.Fatalf("periods %+v do not tile", periods)
		}
	}
}

func TestAYearIsNotBilledWhileTheOneBeforeIsNotRenewed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.advance(expiry.Sub(s.clock.Now()))
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("the first: %+v", report)
	}
	s.work()
	s.advance(366 * 24 * time.Hour)
	for range 2 {
		if report := s.renew(); report.Billed != 0 || report.Skipped != 1 {
			t.Fatalf("the second, though the first has not come: %+v", report)
		}
	}
	if _, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID); !fault.Is(err, "nothing_to_bill") {
		t.Errorf("the next invoice is shown: %v", err)
	}
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, expiry.AddDate(1, 0, 0)) })
	if report := s.renew(); report.Billed != 1 || report.Skipped != 0 {
		t.Fatalf("the second, once the first has come: %+v", report)
	}
}

func TestUnpaidDomainIsNotBilledForAnotherYear(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	s.subscription(billing.SubscriptionParams{
		CustomerID: s.customer("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900),
		Anchor: s.clock.Now(), PaidUntil: expiry, RenewTaskKind: "domain.renewal",
	})
	s.advance(3 * 366 * 24 * time.Hour)
	if report := s.renew(); report.Billed != 1 || report.Mailed != 1 {
		t.Fatalf("report %+v", report)
	}
	s.lapse()
	alarms, err := s.events.OpenAlarms(s.ctx, "", 10)
	s.must(err)
	if len(s.delivered) != 0 || len(alarms) != 1 || alarms[0].Code != "domain_unpaid" {
		t.Fatalf("released %v, alarms %v", s.delivered, alarms)
	}
}

func TestCancelledSubscriptionIsNotBilled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	now, later := s.subscribe(s.withCard("NL"), s.clock.Now()), s.subscribe(s.withCard("NL"), s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	s.tx(func(q *db.Queries) error { return s.billing.CancelSubscription(s.ctx, q, now.ID, s.clock.Now()) })
	s.tx(func(q *db.Queries) error {
		return s.billing.CancelSubscription(s.ctx, q, later.ID, later.CurrentPeriodEnd)
	})
	s.advance(60 * 24 * time.Hour)
	s.renew()
	for _, sub := range []billing.Subscription{now, later} {
		if got := s.reload(sub); got.State != billing.SubscriptionCancelled {
			t.Errorf("the subscription is %s", got.State)
		}
	}
	if s.card.charges != 0 {
		t.Fatalf("%d charges", s.card.charges)
	}
}

func TestDomainThatRenewedItselfBeforeItWasPaidIsBilledFromItsRealExpiry(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.customer("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900),
		Anchor: s.clock.Now(), PaidUntil: expiry, RenewTaskKind: "domain.renewal",
	})
	s.advance(expiry.Sub(s.clock.Now()) + 24*time.Hour)
	s.renew()
	later := expiry.AddDate(1, 0, 0).Add(5 * time.Hour)
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, later) })
	if got := s.reload(sub); !got.NextInvoiceAt.IsZero() {
		t.Fatal("another year is billed before this one is paid")
	}
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(later.Add(-45 * 24 * time.Hour)) {
		t.Fatalf("billed next at %s", got.NextInvoiceAt)
	}
}

func TestUnknownExpiryIsNotBilledUntilItIsSet(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.customer("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900), Anchor: s.clock.Now(),
	})
	s.advance(400 * 24 * time.Hour)
	if report := s.renew(); report.Billed != 0 {
		t.Fatalf("report %+v", report)
	}
	s.tx(func(q *db.Queries) error {
		return s.billing.SetExpiry(s.ctx, q, sub.ID, s.clock.Now().AddDate(0, 1, 0))
	})
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("report %+v", report)
	}
}

func TestFlagsOfACustomerAreRespected(t *testing.T) {
	t.Parallel()
	s := setup(t)
	never, byHand := s.withCard("NL"), s.withCard("NL")
	s.subscribe(never, s.clock.Now())
	s.subscribe(byHand, s.clock.Now())
	s.flags(never, account.Flags{NoInvoicing: true})
	s.flags(byHand, account.Flags{NoAutomaticPayment: true})
	s.advance(28 * 24 * time.Hour)
	if report := s.renew(); report.Mailed != 1 || report.Exempt != 1 || report.Skipped != 0 || s.card.charges != 0 {
		t.Fatalf("report %+v", report)
	}
}

func TestFreeSubscriptionRenewsWithoutMoney(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.customer("NL").ID, Kind: billing.HostingSubscription, Description: "Free", Cycle: "month", Net: eur(0), Anchor: s.clock.Now(),
	})
	s.advance(28 * 24 * time.Hour)
	s.renew()
	if got := s.reload(sub).CurrentPeriodEnd.Format(time.DateOnly); got != "2026-03-31" {
		t.Fatalf("paid until %s", got)
	}
}
