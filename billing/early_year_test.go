package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
)

// renewedUpstream has the upstream's expiry read.
func (s *shop) renewedUpstream(sub billing.Subscription, at time.Time) {
	s.t.Helper()
	s.tx(func(q *db.Queries) error { return s.billing.FollowExpiry(s.ctx, q, sub.ID, at) })
}

// until moves the clock to an instant.
func (s *shop) until(at time.Time) { s.advance(at.Sub(s.clock.Now())) }

func TestAYearThatWasRenewedByHandLongBeforeItsBillIsStillBilled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.advance(100 * aDay)
	later := expiry.AddDate(1, 0, 0)
	for _, at := range []time.Time{later, later.Add(time.Hour)} { // a registry tells another hour, and nobody is told twice
		s.tx(func(q *db.Queries) error { return s.billing.FollowExpiry(s.ctx, q, sub.ID, at) })
	}
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(expiry.Add(-45*aDay)) || s.alarms()["renewed_early"] != 1 {
		t.Fatalf("renewed early, the year is billed at %s, alarms %v", got.NextInvoiceAt, s.alarms())
	}
	s.advance(expiry.Add(-45 * aDay).Sub(s.clock.Now()))
	if report := s.renew(); report.Billed != 1 || s.alarms()["renewed_early"] != 0 {
		t.Fatalf("the renewed year: %+v, alarms %v", report, s.alarms())
	}
	s.advance(15 * aDay)
	s.renew()
	s.work()
	s.tx(func(q *db.Queries) error { return s.billing.FollowExpiry(s.ctx, q, sub.ID, later) }) // as its renewal task does
	periods := s.periods(sub)
	if len(periods) != 2 || !periods[1].Start.Equal(expiry) || !periods[1].End.Equal(later) || periods[1].State != "paid" {
		t.Fatalf("periods %+v", periods)
	}
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(later.Add(-45 * aDay)) {
		t.Fatalf("billed next at %s", got.NextInvoiceAt)
	}
}

func TestAYearThatWasRenewedByHandIsGivenAwayByTheOperatorsWord(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub, later := s.domain("NL", true, expiry), expiry.AddDate(1, 0, 0)
	s.advance(100 * aDay)
	s.tx(func(q *db.Queries) error { return s.billing.FollowExpiry(s.ctx, q, sub.ID, later) })
	s.tx(func(q *db.Queries) error { return s.billing.SetExpiry(s.ctx, q, sub.ID, later) })
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(later.Add(-45*aDay)) || s.alarms()["renewed_early"] != 0 {
		t.Fatalf("billed next at %s, alarms %v", got.NextInvoiceAt, s.alarms())
	}
}

func TestANameThatWasRenewedByHandIsCancelledForTheEndOfWhatIsPaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.advance(100 * aDay)
	s.tx(func(q *db.Queries) error {
		return s.billing.FollowExpiry(s.ctx, q, sub.ID, expiry.AddDate(1, 0, 0))
	})
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if got := s.reload(sub); !got.CancelAt.Equal(expiry) || s.alarms()["renewed_early"] != 0 {
		t.Fatalf("cancelled for %s, alarms %v", got.CancelAt, s.alarms())
	}
	s.advance(expiry.Sub(s.clock.Now()))
	if report := s.renew(); report.Billed+report.Charges+report.Mailed != 0 || len(s.periods(sub)) != 1 {
		t.Fatalf("a year that nobody asked for was billed: %+v", report)
	}
}

func TestTwoYearsThatWereRenewedByHandAreBothBilledAndTheAlarmStaysForTheSecond(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.renewedUpstream(sub, expiry.AddDate(2, 0, 0))
	for year := range 2 {
		s.until(expiry.AddDate(year, 0, 0).Add(-30 * aDay))
		s.renew()
		s.work()
		s.renewedUpstream(sub, expiry.AddDate(2, 0, 0)) // as its renewal task does
		if got := s.alarms()["renewed_early"]; got != 1-year {
			t.Fatalf("after %d of two bills %d alarms are open", year+1, got)
		}
	}
	if periods := s.periods(sub); len(periods) != 3 || !periods[2].End.Equal(expiry.AddDate(2, 0, 0)) || periods[2].State != "paid" {
		t.Fatalf("periods %+v", periods)
	}
}

func TestANameThatIsNotBilledAnyMoreRingsForNoYear(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", true, expiry)
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	s.renewedUpstream(sub, expiry.AddDate(1, 0, 0)) // though it was not to be
	if s.alarms()["renewed_early"] != 0 {
		t.Error("the bill of a year that is not to come is promised")
	}
	s.until(expiry)
	s.renew()
	if s.alarms()["renewed_early"] != 0 || len(s.periods(sub)) != 1 || s.reload(sub).State != billing.SubscriptionCancelled {
		t.Fatalf("alarms %v, periods %+v", s.alarms(), s.periods(sub))
	}
}

func TestABillOfAYearThatWasRenewedByHandIsWithdrawnWithACancellation(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", false, expiry)
	s.renewedUpstream(sub, expiry.AddDate(1, 0, 0))
	s.until(expiry.Add(-40 * aDay))
	s.renew()
	bill := s.periods(sub)[1].InvoiceID
	s.wantState(bill, billing.InvoiceOpen)
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if got := s.reload(sub); !got.CancelAt.Equal(expiry) {
		t.Fatalf("cancelled for %s", got.CancelAt)
	}
	s.wantState(bill, billing.InvoiceVoid)
}

func TestANameWithAYearBehindItThatNobodyBilledIsNotEndedAtOnceByACancellation(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", false, expiry)
	s.flags(account.Customer{ID: sub.CustomerID}, account.Flags{NoInvoicing: true})
	s.until(expiry.Add(60 * aDay))
	s.renewedUpstream(sub, expiry.AddDate(1, 0, 0))
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if got := s.reload(sub); got.State == billing.SubscriptionCancelled || !got.CancelAt.Equal(expiry.AddDate(1, 0, 0)) {
		t.Fatalf("it is %s, cancelled for %s", got.State, got.CancelAt)
	}
}

func TestANameWhoseBillWasGivenUpAfterItsUpstreamRenewedItIsBilledForTheYearAfter(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.domain("NL", false, expiry)
	s.until(expiry.Add(-40 * aDay))
	s.renew()
	s.until(expiry.Add(aDay))
	s.renewedUpstream(sub, expiry.AddDate(1, 0, 0))
	s.tx(func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, s.periods(sub)[1].InvoiceID) })
	s.until(expiry.AddDate(1, 0, 1))
	s.renewedUpstream(sub, expiry.AddDate(2, 0, 0))
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("the year after one that was given up: %+v", report)
	}
	last := s.periods(sub)[2]
	if !last.Start.Equal(expiry.AddDate(1, 0, 0)) || s.alarms()["renewed_early"] != 0 {
		t.Fatalf("billed from %s, alarms %v", last.Start, s.alarms())
	}
}

func TestTheYearThatATransferAddsIsNotBilledWhereItIsToldLater(t *testing.T) {
	t.Parallel()
	s := setup(t)
	shown := s.clock.Now().AddDate(0, 10, 0)
	sub := s.domain("NL", true, shown) // the registry has not added it yet
	s.advance(aDay)
	s.renewedUpstream(sub, shown.AddDate(1, 0, 0))
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(shown.AddDate(1, 0, 0).Add(-45*aDay)) || s.alarms()["renewed_early"] != 0 {
		t.Fatalf("billed next at %s, alarms %v", got.NextInvoiceAt, s.alarms())
	}
	s.renewedUpstream(sub, shown.AddDate(2, 0, 0)) // and this one is a hand's
	if got := s.reload(sub); !got.NextInvoiceAt.Equal(shown.AddDate(1, 0, 0).Add(-45*aDay)) || s.alarms()["renewed_early"] != 1 {
		t.Fatalf("billed next at %s, alarms %v", got.NextInvoiceAt, s.alarms())
	}
}
