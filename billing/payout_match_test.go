package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
	"hostfront/task"
)

// lines are the lines of all payouts, by the provider's id.
func (s *shop) lines() map[string]billing.PayoutLine {
	s.t.Helper()
	payouts, err := s.billing.Payouts(s.ctx, billing.PayoutFilter{Limit: 100})
	s.must(err)
	found := map[string]billing.PayoutLine{}
	for _, p := range payouts {
		lines, err := s.billing.PayoutLines(s.ctx, p.ID, "", 100)
		s.must(err)
		for _, l := range lines {
			found[l.Reference] = l
		}
	}
	return found
}

func TestAMovementThatFitsNothingStandsApartUntilStaffSettlesIt(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 10), moved(billing.MovedOther, "rsv_1", "", -200, 0), moved(billing.MovedCharge, "pi_strange", "pi_strange", 500, 5))
	s.nightly()
	s.nightly()
	s.wants("unmatched", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": -295, "fees:card": 10, billing.Bank: 1495})
	s.wantAsks("unmatched", map[string]int{"payout_unmatched": 1})
	lines := s.lines()
	for reference, account := range map[string]string{"txn_po_1_1": "fees", "txn_po_1_2": "bank"} {
		settle := billing.SettleLineParams{ID: lines[reference].ID, Account: account, Note: "known"}
		errs := atOnce(4, func(int) error {
			return s.store.Tx(s.ctx, func(q *db.Queries) error {
				_, err := s.billing.SettlePayoutLine(s.ctx, q, settle)
				return err
			})
		})
		if n := s.refused(errs, "payout_line_settled"); n != 3 {
			t.Errorf("%s was settled %d times", reference, 4-n)
		}
	}
	s.nightly()
	s.wants("settled", map[billing.Account]int64{"unmatched:card": 0, "fees:card": 210, billing.Bank: 1000})
	s.wantAsks("settled", map[string]int{})
}

func TestAPaymentOfAnotherAmountIsAskedAboutAndOnlyTheDifferenceStandsApart(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1200, 10))
	s.nightly()
	want := map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 10, "fees:card": 10, billing.Bank: 1190}
	s.wants("differs", want)
	s.card.pay(p.ID, eur(1210), eur(10))
	s.hook(p.ID)
	s.nightly()
	s.wants("its fee is told", want)
	s.wantAsks("differs", map[string]int{"payout_unmatched": 1})
	at.payOut(s, taken(p, 1210, 10))
	s.nightly()
	s.wants("it is paid out again", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 10 - 1200, "fees:card": 10, billing.Bank: 2390})
	s.wantAsks("it is paid out again", map[string]int{"payout_unmatched": 2})
	s.nightly()
	s.nightly()
	s.wants("nights later", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 10 - 1200, "fees:card": 10, billing.Bank: 2390})
	s.wantAsks("nights later", map[string]int{"payout_unmatched": 2})
}

func TestARefundMadeAtTheProviderFitsOnceStaffHasMadeItHere(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	inv, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 0), moved(billing.MovedRefund, "re_dashboard", "pi_"+p.ID, -1210, 0), moved(billing.MovedCharge, "pi_x", "", 9, 0))
	s.nightly()
	s.wants("by hand there", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 1201})
	s.must(s.refundLine(inv, 0, billing.RefundManual))
	s.work()
	held, _, err := s.tasks.List(s.ctx, task.Filter{State: task.Held, Kind: billing.KindRefund, Limit: 1})
	s.must(err)
	s.must(s.tasks.Settle(s.ctx, held[0].ID, task.Settlement{Outcome: "done"}))
	s.work()
	s.nightly()
	s.wants("by hand here", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": -9, billing.Revenue: 0})
	if l := s.lines()["txn_po_1_1"]; l.State != billing.LineMatched || l.PaymentID != p.ID {
		t.Errorf("the refund is %+v", l)
	}
}

func TestWhatNoWebhookToldIsHeardOfThroughThePayout(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	c := s.customer("NL")
	_, known := s.paid(c, 1000)
	inv := s.sale(c, 1000)
	unheard := s.begin(inv, "card")
	s.card.pay(unheard.ID, inv.Gross, eur(0))
	s.card.dispute("dp_1", known.ID, billing.DisputeLost, 1210, 1500)
	at.payOut(s, taken(known, 1210, 0), taken(unheard, 1210, 0), moved(billing.MovedDispute, "dp_1", "pi_"+known.ID, -1210, 1500))
	s.nightly()
	s.wantState(inv.ID, billing.InvoicePaid)
	s.wants("heard", map[billing.Account]int64{"clearing:card": 0, "disputed:card": 0, "fees:card": 1500, "unmatched:card": 0})
	s.wantAsks("heard", map[string]int{})
	s.hook(unheard.ID)
}

func TestALineThatCannotBeReadKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, moved(billing.MovedPayoutFailure, "po_9", "", 100, 0), taken(p, 1210, 10))
	s.advance(24 * time.Hour)
	at.payouts = append(at.payouts, billing.PayoutStatus{Reference: "po_9", State: billing.PayoutFailed, Amount: eur(100), MadeAt: s.clock.Now().AddDate(0, -1, 0)})
	at.breakAfter(3) // the list, the payout, its movements: not the payout that came back
	report, err := s.billing.RunPayouts(s.ctx)
	s.must(err)
	at.breakAfter(0)
	if report.SkippedCount != 1 || s.lines()["txn_po_1_1"].State != billing.LineMatched || s.lines()["txn_po_1_0"].State != billing.LineNew {
		t.Fatalf("skipped %+v, lines %+v", report.Skipped, s.lines())
	}
	s.nightly()
	if l := s.lines()["txn_po_1_0"]; l.State != billing.LineMatched {
		t.Errorf("the other line is %+v", l)
	}
}

func TestAPayoutThatCannotBeStoredKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payouts = append(at.payouts, billing.PayoutStatus{Reference: "po_nonsense", State: "lost", Amount: eur(1), MadeAt: s.clock.Now()})
	s.advance(24 * time.Hour)
	at.payOut(s, taken(p, 1210, 10))
	for range 3 { // and for days: it is tried again, and so is what comes after it
		s.advance(24 * time.Hour)
		report, err := s.billing.RunPayouts(s.ctx)
		s.must(err)
		if report.SkippedCount != 1 || report.Skipped[0].ID != "po_nonsense" {
			t.Fatalf("skipped %+v", report.Skipped)
		}
	}
	if l := s.lines()["txn_po_2_0"]; l.State != billing.LineMatched {
		t.Errorf("the payout after it: %+v", s.lines())
	}
	at.turn("po_nonsense", billing.PayoutCancelled)
	s.nightly()
}

func TestAPayoutInAnotherCurrencyIsListedAndNotBooked(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at), func(c *billing.Config) { c.Policies.PayoutAfter = 14 * 24 * time.Hour })
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, billing.Movement{Kind: billing.MovedCharge, Source: "pi_" + p.ID, Gross: money.New(1300, "USD"), Fee: money.New(40, "USD")})
	for range 20 {
		s.nightly()
	}
	s.wants("foreign", map[billing.Account]int64{"clearing:card": 1210, billing.Bank: 0, "fees:card": 0})
	s.wantAsks("foreign", map[string]int{"payout_currency": 1})
	if l := s.lines()["txn_po_1_0"]; l.State != billing.LineForeign || l.PaymentID != p.ID {
		t.Errorf("the line is %+v", l)
	}
}

func TestMoneyThatIsNotPaidOutIsAskedAboutUntilItIs(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at), func(c *billing.Config) { c.Policies.PayoutAfter = 14 * 24 * time.Hour })
	_, late := s.paid(s.customer("NL"), 1000)
	for range 15 {
		s.nightly()
	}
	s.wantAsks("nothing is paid out", map[string]int{"payout_absent": 1})
	_, other := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(other, 1210, 0))
	s.nightly()
	s.wantAsks("one is left out", map[string]int{"payout_missing": 1})
	at.payOut(s, taken(late, 1210, 0))
	s.nightly()
	s.wantAsks("paid out", map[string]int{})
	s.wants("paid out", map[billing.Account]int64{"clearing:card": 0, billing.Bank: 2420})
}

func TestMovementsThatDoNotAddUpToTheirPayoutAreAskedAbout(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 0))
	at.payouts[0].Amount = eur(1300)
	s.nightly()
	payouts, err := s.billing.Payouts(s.ctx, billing.PayoutFilter{Limit: 1})
	s.must(err)
	if payouts[0].Off != eur(90) {
		t.Errorf("the payout is %+v", payouts[0])
	}
	s.wants("off", map[billing.Account]int64{"clearing:card": -90, billing.Bank: 1300})
	s.wantAsks("off", map[string]int{"payout_off": 1})
}

func TestWhatIsUnmatchedFollowsWhatTheBooksLearn(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	c := s.customer("NL")
	_, known := s.paid(c, 1000)
	inv := s.sale(c, 1000)
	slow := s.begin(inv, "card")
	s.card.set(slow.ID, billing.PaymentProcessing)
	s.hook(slow.ID)
	at.payOut(s, taken(known, 1210, 0), taken(slow, 1210, 0))
	s.nightly()
	s.wants("not settled here", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": -1210})
	s.card.pay(slow.ID, eur(1200), eur(0))
	s.nightly()
	s.wants("settled for less", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": -10})
	s.wantAsks("settled for less", map[string]int{"payout_unmatched": 1})
}

func TestARefundPaidFromTheBankDoesNotExplainOneMadeAtTheProvider(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p, question := s.owedNote()
	s.must(s.tasks.Settle(s.ctx, question.ID, task.Settlement{Outcome: "done", Note: "paid at the bank"}))
	at.payOut(s, taken(p, 1210, 0), moved(billing.MovedRefund, "re_dashboard", "pi_"+p.ID, -1210, 0), moved(billing.MovedOther, "x", "", 9, 0))
	s.nightly()
	s.nightly()
	if l := s.lines()["txn_po_1_1"]; l.State != billing.LineUnmatched {
		t.Errorf("the customer was paid twice, and the second is %+v", l)
	}
	s.wants("paid twice", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 1201})
	s.wantAsks("paid twice", map[string]int{"payout_unmatched": 1})
}

// failing is a payment by card whose provider first took it to be under way, and then said no.
func (s *shop) failing(inv billing.Invoice) billing.Payment {
	s.t.Helper()
	p := s.begin(inv, "card")
	s.card.set(p.ID, billing.PaymentProcessing)
	s.hook(p.ID)
	return s.payment(p.ID)
}

// back is the movement that takes a charge back which failed after all.
func back(p billing.Payment, gross int64) billing.Movement {
	return moved(billing.MovedCharge, "pi_"+p.ID, "pi_"+p.ID, -gross, 0)
}

func TestADebitThatFailedLateIsTwoLinesThatCancelEachOther(t *testing.T) {
	t.Parallel()
	for name, apart := range map[string]bool{"in one payout": false, "in two": true} {
		at := &payer{}
		s := setup(t, paying(at))
		_, known := s.paid(s.customer("NL"), 1000)
		p := s.failing(s.sale(s.customer("NL"), 1000))
		if apart {
			at.payOut(s, taken(known, 1210, 0), taken(p, 1210, 35))
			s.nightly()
			s.wantAsks(name, map[string]int{"payout_unmatched": 1})
			s.card.set(p.ID, billing.PaymentFailed) // no webhook tells it
			at.payOut(s, back(p, 1210))
		} else {
			s.card.set(p.ID, billing.PaymentFailed)
			at.payOut(s, taken(known, 1210, 0), taken(p, 1210, 35), back(p, 1210))
		}
		s.nightly()
		s.nightly()
		s.wantAsks(name, map[string]int{})
		s.wants(name, map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 0, "fees:card": 35, billing.Bank: 1210 - 35})
		matched := 0
		for _, l := range s.lines() {
			if l.State == billing.LineMatched && l.Subject == p.ID && l.Detail != "" {
				matched++
			}
		}
		if matched != 2 {
			t.Errorf("%s: %d lines say that they cancel each other: %+v", name, matched, s.lines())
		}
		s.agrees(name)
	}
}

func TestAChargeThatIsTakenBackThoughItsPaymentStandsIsForAPerson(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 0), moved(billing.MovedOther, "rsv", "", 2000, 0), back(p, 1210))
	s.nightly()
	s.wantAsks("taken back", map[string]int{"payout_unmatched": 1})
	s.wants("taken back", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 1210 - 2000})
	if got := s.lines()["txn_po_1_2"]; got.State != billing.LineUnmatched || got.Subject != p.ID {
		t.Errorf("the line is %+v", got)
	}
}

func TestOfTwoTriesByOnePaymentTheOneThatFailedIsCancelled(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 0), back(p, 1210), taken(p, 1210, 0))
	s.nightly()
	s.wantAsks("tried twice", map[string]int{})
	s.wants("tried twice", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": 0, billing.Bank: 1210})
	s.agrees("tried twice")
}
