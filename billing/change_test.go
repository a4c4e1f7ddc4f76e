package billing_test

import (
	"encoding/json"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

func target(product string, net int64, cycle string) billing.ChangeTarget {
	return billing.ChangeTarget{
		ProductID: product, Description: "Hosting " + product, Cycle: cycle, Net: eur(net), Cost: eur(net / 2), Least: eur(net / 2),
	}
}

func wantSame(t *testing.T, previewed, issued billing.Draft) {
	t.Helper()
	was, err := json.Marshal(previewed)
	if err != nil {
		t.Fatal(err)
	}
	is, err := json.Marshal(issued)
	if err != nil {
		t.Fatal(err)
	}
	if string(was) != string(is) {
		t.Fatalf("previewed and issued differ:\n%s\n%s", was, is)
	}
}

func (s *shop) preview(p billing.ChangeParams) billing.ChangePreview {
	s.t.Helper()
	v, err := s.billing.PreviewChange(s.ctx, s.store.Read(), p)
	s.must(err)
	return v
}

func (s *shop) change(p billing.ChangeParams) (c billing.Change) {
	s.t.Helper()
	s.tx(func(q *db.Queries) (err error) {
		c, err = s.billing.Change(s.ctx, q, p)
		return err
	})
	s.work()
	return c
}

func (s *shop) changeFails(code string, p billing.ChangeParams) {
	s.t.Helper()
	err := s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := s.billing.Change(s.ctx, q, p)
		return err
	})
	if !fault.Is(err, code) {
		s.t.Fatalf("refused with %v, want %s", err, code)
	}
}

func TestAnUpgradeIsChargedForTheRestOfThePeriodExactly(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(7 * aDay)
	p := billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow, TaskKind: "test.deliver"}
	shown := s.preview(p)
	s.advance(3 * time.Minute)
	p.AsOf, p.Token = shown.AsOf, shown.Token
	made := s.change(p)
	inv := s.invoice(made.InvoiceID)
	if len(inv.Lines) != 2 || inv.Lines[0].Net.Minor != -750 || inv.Lines[1].Net.Minor != 2250 || inv.State != billing.InvoicePaid {
		t.Fatalf("invoice %+v", inv)
	}
	wantSame(t, shown.Documents[0], billing.DraftOf(inv))
	if shown.Pay != inv.Gross || len(shown.Documents) != 1 {
		t.Fatalf("to pay %s, charged %s", shown.Pay, inv.Gross)
	}
	got := s.reload(sub)
	if got.ProductID != "L" || got.Net.Minor != 3000 || !got.CurrentPeriodEnd.Equal(sub.CurrentPeriodEnd) || got.ChangeID != "" {
		t.Fatalf("changed into %+v", got)
	}
	s.wantPeriods(sub, "01-31 02-07 paid", "02-07 02-28 paid")
	if len(s.delivered) == 0 || s.delivered[len(s.delivered)-1] != sub.ServiceID {
		t.Fatalf("nothing was changed upstream: %v", s.delivered)
	}
	s.advance(21 * aDay)
	s.renew()
	if next := s.invoice(s.periods(sub)[2].InvoiceID); next.Net.Minor != 3000 {
		t.Fatalf("the next period costs %s", next.Net)
	}
}

func TestADowngradeGivesItsDifferenceAsCreditJustAsPreviewed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("DE")
	sub := s.hosted(c, 3000)
	s.advance(7 * aDay)
	p := billing.ChangeParams{SubscriptionID: sub.ID, To: target("S", 999, "month"), When: billing.ChangeNow}
	shown := s.preview(p)
	s.advance(9 * time.Minute)
	p.AsOf, p.Token = shown.AsOf, shown.Token
	made := s.change(p)
	note := s.invoice(made.CreditNoteID)
	wantSame(t, shown.Documents[0], billing.DraftOf(note))
	if s.credit(c) != shown.Credit.Minor || note.State != billing.InvoicePaid || !note.CreditNote || made.InvoiceID != "" {
		t.Fatalf("credit %d, note %+v", s.credit(c), note)
	}
	if got := s.reload(sub); got.ProductID != "S" || got.Net.Minor != 999 {
		t.Fatalf("changed into %+v", got)
	}
}

func TestAChangeOfCycleStartsANewPeriodAtOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(14 * aDay)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("prd_s", 10000, "year"), When: billing.ChangeNow})
	inv := s.invoice(made.InvoiceID)
	if inv.Net.Minor != 9500 || inv.Lines[0].Net.Minor != -500 {
		t.Fatalf("invoice %+v", inv)
	}
	got := s.reload(sub)
	if got.CurrentPeriodEnd.Format(time.DateOnly) != "2027-02-14" || got.Cycle.Unit != billing.Year {
		t.Fatalf("paid until %s", got.CurrentPeriodEnd)
	}
	s.wantPeriods(sub, "01-31 02-14 paid", "02-14 02-14 paid")
	s.advance(365 * aDay)
	s.renew()
	if got := s.reload(sub).CurrentPeriodEnd.Format(time.DateOnly); got != "2028-02-14" {
		t.Fatalf("paid until %s", got)
	}
}

func TestAScheduledChangeComesWithTheNextPeriod(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 3000)
	s.advance(22 * aDay)
	s.renew() // the bill of the next period stands, and gives way
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("S", 1000, "3 months"), When: billing.ChangeAtPeriodEnd, TaskKind: "test.deliver"})
	if made.State != "scheduled" || s.reload(sub).ProductID != "prd_s" {
		t.Fatalf("change %+v", made)
	}
	next, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if next.Draft.Net.Minor != 1000 {
		t.Fatalf("next invoice %+v", next)
	}
	s.renew()
	before := len(s.delivered)
	s.advance(6 * aDay)
	s.work()
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 05-28 paid")
	if got := s.reload(sub); got.ProductID != "S" || got.Cycle.String() != "3 months" || len(s.delivered) != before+1 {
		t.Fatalf("changed into %+v, %v", got, s.delivered)
	}
}

func TestAnUnpaidChangeLapsesAndBillingGoesOn(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(21 * aDay)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow, TaskKind: "test.deliver"})
	if made.State != "pending" || !s.reload(sub).NextInvoiceAt.IsZero() {
		t.Fatalf("change %+v", made)
	}
	if report := s.renew(); report.Billed != 0 {
		t.Fatalf("billed while a change is open: %+v", report)
	}
	s.advance(aDay)
	s.lapse()
	if got := s.reload(sub); got.ChangeID != "" || got.ProductID != "prd_s" || s.invoice(made.InvoiceID).State != billing.InvoiceVoid {
		t.Fatalf("after the lapse %+v", got)
	}
	if report := s.renew(); report.Billed != 1 || report.Mailed != 1 {
		t.Fatalf("report %+v", report)
	}
}

func TestAnEarlierChangeGivesWayToALaterOne(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(aDay)
	first := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	second := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 2000, "month"), When: billing.ChangeAtPeriodEnd})
	s.wantState(first.InvoiceID, billing.InvoiceVoid)
	if got := s.reload(sub); got.ChangeID != second.ID || got.NextInvoiceAt.IsZero() {
		t.Fatalf("subscription %+v", got)
	}
}

func TestAChangeWhileTheRenewalIsBeingPaidIsAConflict(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	pay := s.begin(inv, "card")
	p := billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow}
	s.changeFails("payment_in_progress", p)
	s.card.set(pay.ID, billing.PaymentProcessing)
	s.hook(pay.ID)
	s.changeFails("payment_processing", p)
	s.card.pay(pay.ID, inv.Gross, eur(0))
	s.hook(pay.ID)
	made := s.change(p) // both paid periods are priced anew
	if got := s.invoice(made.InvoiceID); len(got.Lines) != 4 || got.Lines[2].Net.Minor != -1000 || got.Lines[3].Net.Minor != 3000 {
		t.Fatalf("invoice %+v", got.Lines)
	}
}

func TestAPreviewIsRefusedWhenItIsNotWhatItWas(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(7 * aDay)
	p := billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow}
	shown := s.preview(p)
	p.AsOf, p.Token = shown.AsOf, shown.Token
	dearer := p
	dearer.To.Net = eur(3001)
	s.changeFails("preview_changed", dearer)
	s.advance(10 * time.Minute)
	s.changeFails("preview_expired", p)
	p.AsOf = s.clock.Now().Add(time.Second)
	s.changeFails("preview_expired", p)
}

func TestWhatIsCancelledPausedOrOwedIsNotChanged(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	p := func(sub billing.Subscription) billing.ChangeParams {
		return billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow}
	}
	cancelled, paused, owed, same := s.hosted(c, 1000), s.hosted(c, 1000), s.hosted(c, 1000), s.hosted(c, 1000)
	s.cancel(cancelled, billing.CancelParams{When: billing.AtPeriodEnd})
	s.pause(paused)
	s.changeFails("not_changeable", p(cancelled))
	s.changeFails("not_changeable", p(paused))
	s.changeFails("nothing_changes", billing.ChangeParams{SubscriptionID: same.ID, To: target("prd_s", 1000, "month"), When: billing.ChangeNow})
	s.advance(28 * aDay)
	s.changeFails("past_due", p(owed))
}

func TestAWholeChangeInvoiceCanBeRefundedToTheCent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(7 * aDay)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: made.InvoiceID, Reason: "It never worked."})
		return err
	})
	s.work()
	err := s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: made.InvoiceID, Amount: eur(1), Reason: "More."})
		return err
	})
	if !fault.Is(err, "over_refund") {
		t.Fatalf("refunded beyond what was paid: %v", err)
	}
}

func TestAScheduledChangeWhoseBillIsWithdrawnIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(22 * aDay)
	first := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 9000, "3 months"), When: billing.ChangeAtPeriodEnd})
	s.renew() // the bill of the next period is drawn at what was scheduled
	change := billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 2000, "month"), When: billing.ChangeNow}
	shown := s.preview(change)
	change.AsOf, change.Token = shown.AsOf, shown.Token
	second := s.change(change)
	if second.From.ProductID != "prd_s" || second.From.Cycle != "month" || second.From.Net != eur(1000) {
		t.Fatalf("changed from %+v", second.From)
	}
	changes, err := s.billing.Changes(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if changes[0].ID != first.ID || changes[0].State != "withdrawn" {
		t.Fatalf("the first change is %s", changes[0].State)
	}
	inv := s.invoice(second.InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	s.renew()
	s.wantPeriods(sub, "01-31 02-22 paid", "02-22 02-28 paid", "02-28 03-31 billed")
	if next := s.invoice(s.periods(sub)[2].InvoiceID); next.Net != eur(2000) {
		t.Fatalf("the next period costs %s", next.Net)
	}
}

func TestACancellationTakesAScheduledChangeThatWasBilledWithIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(22 * aDay)
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 9000, "3 months"), When: billing.ChangeAtPeriodEnd})
	s.renew()
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	if got := s.reload(sub); got.ProductID != "prd_s" || got.Net != eur(1000) || got.ChangeID != "" {
		t.Fatalf("cancelled, it is %+v", got)
	}
	s.uncancel(sub)
	s.renew()
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 03-31 billed")
}

func TestGivingUpTheBillOfAChangeOfWhatIsPausedBillsNothing(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = billing.LostReopen })
	sub := s.hosted(s.withCard("NL"), 3000)
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("S", 1000, "month"), When: billing.ChangeAtPeriodEnd, TaskKind: "test.deliver"})
	s.advance(22 * aDay)
	s.renew()
	s.advance(7 * aDay)
	s.work()
	s.wantPeriods(sub, "01-31 02-28 paid", "02-28 03-31 paid")
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.do(func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.Pause(s.ctx, q, sub.ID, billing.ByCustomer)
	})
	s.advance(32 * aDay)
	s.lapse()
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	s.disputed("dp_1", payments[0].ID, billing.DisputeLost, inv.Gross.Minor, 0)
	s.tx(func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, inv.ID) })
	if got := s.reload(sub); got.State != billing.SubscriptionPaused || !got.NextInvoiceAt.IsZero() {
		t.Fatalf("%s, and billed next on %s", got.State, got.NextInvoiceAt)
	}
}
