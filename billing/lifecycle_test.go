package billing_test

import (
	"slices"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/tax"
)

const aDay = 24 * time.Hour

// hosted is a monthly subscription whose first period was paid on the invoice of its order.
func (s *shop) hosted(c account.Customer, net int64) billing.Subscription {
	s.t.Helper()
	inv, _ := s.paid(c, net)
	return s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.HostingSubscription, Description: "Hosting S", ProductID: "prd_s", Cycle: "month",
		Net: eur(net), Cost: eur(net / 2), Anchor: s.clock.Now(), InvoiceID: inv.ID, FirstNet: eur(net),
		OrderLineID: inv.Lines[0].Subject,
	})
}

// byHand is a customer who pays by hand: nothing is charged to a saved method.
func (s *shop) byHand() account.Customer {
	s.t.Helper()
	c := s.customer("NL")
	s.flags(c, account.Flags{NoAutomaticPayment: true})
	return c
}

// do runs one decision about a subscription.
func (s *shop) do(fn func(q *db.Queries) (billing.Subscription, error)) (sub billing.Subscription) {
	s.t.Helper()
	s.tx(func(q *db.Queries) (err error) {
		sub, err = fn(q)
		return err
	})
	return sub
}

// refuses holds that a decision is refused with a code and changes nothing.
func (s *shop) refuses(code string, fn func(q *db.Queries) (billing.Subscription, error)) {
	s.t.Helper()
	err := s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := fn(q)
		return err
	})
	if !fault.Is(err, code) {
		s.t.Fatalf("refused with %v, want %s", err, code)
	}
}

func (s *shop) cancel(sub billing.Subscription, p billing.CancelParams) billing.Subscription {
	s.t.Helper()
	return s.do(func(q *db.Queries) (billing.Subscription, error) { return s.billing.Cancel(s.ctx, q, sub.ID, p) })
}

func (s *shop) uncancel(sub billing.Subscription) billing.Subscription {
	s.t.Helper()
	return s.do(func(q *db.Queries) (billing.Subscription, error) { return s.billing.Uncancel(s.ctx, q, sub.ID) })
}

func (s *shop) pause(sub billing.Subscription) billing.Subscription {
	s.t.Helper()
	return s.do(func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByCustomer)
	})
}

func (s *shop) resume(sub billing.Subscription) billing.Subscription {
	s.t.Helper()
	return s.do(func(q *db.Queries) (billing.Subscription, error) { return s.billing.Resume(s.ctx, q, sub.ID) })
}

// months are net paid periods as text, for a look at where they lie.
func (s *shop) wantPeriods(sub billing.Subscription, want ...string) {
	s.t.Helper()
	var got []string
	for _, p := range s.periods(sub) {
		if p.State != "void" && p.State != "waived" {
			got = append(got, p.Start.Format("01-02")+" "+p.End.Format("01-02")+" "+p.State)
		}
	}
	if len(got) != len(want) {
		s.t.Fatalf("periods %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			s.t.Fatalf("periods %v, want %v", got, want)
		}
	}
}

func TestACancellationTakenBackIsBilledWhereItStopped(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay) // the renewal of 28 February is drawn, and its charge stands
	s.renew()
	ended := s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if !ended.CancelAt.Equal(ended.CurrentPeriodEnd) || ended.State != billing.SubscriptionActive || !ended.NextInvoiceAt.IsZero() {
		t.Fatalf("cancelled: %+v", ended)
	}
	if report := s.renew(); report.Billed != 0 {
		t.Fatalf("billed after the cancellation: %+v", report)
	}
	s.uncancel(sub)
	if report := s.renew(); report.Billed != 1 || report.Charges != 1 {
		t.Fatalf("taken back, the period is not billed anew: %+v", report)
	}
	s.advance(7 * aDay)
	s.work()
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 03-31 paid")
	if s.card.charges != 1 {
		t.Fatalf("%d charges", s.card.charges)
	}
	s.refuses("not_cancelled", func(q *db.Queries) (billing.Subscription, error) { return s.billing.Uncancel(s.ctx, q, sub.ID) })
}

// The bill that the cancellation voided has taken its task with it: the next one must hang its
// own, or a paid name is not renewed.
func TestANameWhoseCancellationIsTakenBackIsRenewedOnceWhenItIsPaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	expiry := s.clock.Now().AddDate(1, 0, 0)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.withCard("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(900), Cost: eur(600),
		Anchor: s.clock.Now(), PaidUntil: expiry, RenewTaskKind: "domain.renewal", RenewTaskPayload: map[string]string{"domain": "a.nl"},
	})
	s.advance(expiry.Add(-45 * aDay).Sub(s.clock.Now()))
	for range 2 {
		s.renew()
		s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
		s.uncancel(sub)
	}
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("taken back, the period is not billed anew: %+v", report)
	}
	s.advance(15 * aDay)
	s.work()
	if s.card.charges != 1 || !slices.Equal(s.delivered[1:], []string{sub.ServiceID}) {
		t.Fatalf("%d charges, and renewed upstream, after the order, was %v", s.card.charges, s.delivered)
	}
}

func TestAnEndedSubscriptionIsNotTakenBack(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	s.advance(29 * aDay)
	again := func(q *db.Queries) (billing.Subscription, error) { return s.billing.Uncancel(s.ctx, q, sub.ID) }
	s.refuses("subscription_ended", again)
	if report := s.renew(); report.Ended != 1 || s.reload(sub).State != billing.SubscriptionCancelled {
		t.Fatalf("report %+v", report)
	}
	s.refuses("subscription_ended", again)
}

func TestEndedAtOnceTheUnusedRestBecomesCreditToTheCent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	s.advance(7 * aDay) // a quarter of the 28 days to 28 February
	ended := s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if ended.State != billing.SubscriptionCancelled || s.credit(c) != 908 { // 7.50 and 21 % on it: 9.075
		t.Fatalf("%s with credit %d", ended.State, s.credit(c))
	}
	s.wantPeriods(sub, "01-31 02-07 paid")
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if s.credit(c) != 908 {
		t.Fatalf("asked twice, credit %d", s.credit(c))
	}
}

func TestEndedAtOnceWithoutCreditKeepsWhatWasPaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	s.advance(7 * aDay)
	if ended := s.cancel(sub, billing.CancelParams{When: billing.AtOnce}); ended.State != billing.SubscriptionCancelled || s.credit(c) != 0 {
		t.Fatalf("%s with credit %d", ended.State, s.credit(c))
	}
}

func TestWhatWasRefundedIsNotCreditedAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: s.periods(sub)[0].InvoiceID, Amount: eur(1089), Reason: "Goodwill."})
		return err
	})
	s.work()
	s.advance(7 * aDay)
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if s.credit(c) != 121 { // 10.00 was paid, 9.00 went back: no more than 1.00 is left
		t.Fatalf("credit %d", s.credit(c))
	}
}

func TestCancellingWhileTheNextPeriodIsBeingPaidIsAConflict(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.set(p.ID, billing.PaymentProcessing)
	s.hook(p.ID)
	for _, when := range []billing.CancelWhen{billing.AtPeriodEnd, billing.AtOnce} {
		s.refuses("payment_processing", func(q *db.Queries) (billing.Subscription, error) {
			return s.billing.Cancel(s.ctx, q, sub.ID, billing.CancelParams{When: when})
		})
	}
	s.refuses("payment_processing", func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByCustomer)
	})
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	ended := s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if got := ended.CancelAt.Format(time.DateOnly); got != "2026-03-31" {
		t.Fatalf("paid meanwhile, it ends %s: what was paid runs to its end", got)
	}
}

func TestADomainRunsOnToItsExpiryAndIsNotCredited(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: s.customer("NL").ID, Kind: billing.DomainSubscription, Description: "a.nl", Cycle: "year", Net: eur(1000), Cost: eur(500),
		Anchor: s.clock.Now(), PaidUntil: s.clock.Now().AddDate(1, 0, 0),
	})
	cancel := func(p billing.CancelParams) func(q *db.Queries) (billing.Subscription, error) {
		return func(q *db.Queries) (billing.Subscription, error) { return s.billing.Cancel(s.ctx, q, sub.ID, p) }
	}
	s.refuses("domain_runs_on", cancel(billing.CancelParams{When: billing.AtOnce}))
	s.refuses("domain_runs_on", cancel(billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest, By: billing.ByStaff}))
	s.refuses("not_pausable", func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByStaff)
	})
	if ended := s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd}); ended.State != billing.SubscriptionActive {
		t.Fatalf("it is %s", ended.State)
	}
}

func TestAPausedSubscriptionIsNotBilledAndItsAnchorHolds(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	if paused := s.pause(sub); paused.State != billing.SubscriptionPaused || !paused.NextInvoiceAt.IsZero() {
		t.Fatalf("paused: %+v", paused)
	}
	s.advance(37 * aDay) // 31 March: the paid month has run out on 28 February
	if report := s.renew(); report.Billed != 0 || report.Paused != 1 {
		t.Fatalf("report %+v", report)
	}
	s.advance(15 * aDay) // 15 April, half of the period from 31 March to 30 April
	s.resume(sub)
	if report := s.renew(); report.Billed != 1 {
		t.Fatalf("report %+v", report)
	}
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 04-15 paused", "04-15 04-30 paid")
	last := s.periods(sub)[2]
	if inv := s.invoice(last.InvoiceID); inv.Net.Minor != 500 {
		t.Fatalf("the rest of the period costs %s, want 5.00", inv.Net)
	}
	s.advance(15 * aDay)
	s.renew()
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 04-15 paused", "04-15 04-30 paid", "04-30 05-31 paid")
}

func TestAPauseTakenBackInTimeChangesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	before := s.reload(sub)
	s.pause(sub)
	s.advance(3 * aDay)
	after := s.resume(sub)
	if !after.NextInvoiceAt.Equal(before.NextInvoiceAt) || !after.CurrentPeriodEnd.Equal(before.CurrentPeriodEnd) || after.State != before.State {
		t.Fatalf("after %+v, before %+v", after, before)
	}
	s.refuses("not_paused", func(q *db.Queries) (billing.Subscription, error) { return s.billing.Resume(s.ctx, q, sub.ID) })
}

func TestNobodyPausesWhatIsOwed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(28 * aDay)
	s.renew()
	s.lapse()
	s.refuses("not_pausable", func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByStaff)
	})
}

func TestPausingCanBeStaffsAlone(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) { c.Policies.PauseBy = billing.ByStaff })
	sub := s.hosted(s.withCard("NL"), 1000)
	s.refuses("not_pausable", func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByCustomer)
	})
	s.do(func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByStaff)
	})
}

func TestTheNextInvoiceIsTheOneThatIsDrawn(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("DE"), 1999)
	next, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	s.advance(21 * aDay)
	s.renew()
	issued := s.invoice(s.periods(sub)[1].InvoiceID)
	wantSame(t, next.Draft, billing.DraftOf(issued))
	if !next.DueAt.Equal(issued.DueAt) || !next.BilledAt.Equal(issued.IssuedAt) || issued.Treatment.Kind == tax.Domestic {
		t.Fatalf("previewed %+v, issued %+v", next, issued)
	}
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if _, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID); !fault.Is(err, "nothing_to_bill") {
		t.Fatalf("cancelled, the next invoice is %v", err)
	}
}

func TestOfWhatIsSuspendedNoNextInvoiceIsShown(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(28 * aDay)
	s.renew()
	s.tx(func(q *db.Queries) error { return s.billing.SuspendSubscription(s.ctx, q, sub.ID) })
	_, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
	if !fault.Is(err, "nothing_to_bill") {
		t.Errorf("shown with %v", err)
	}
}
