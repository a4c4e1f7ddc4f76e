package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/review"
	"hostfront/task"
)

// nightly runs the job on the next day, and holds that nothing was passed over.
func (s *shop) nightly() {
	s.t.Helper()
	s.advance(24 * time.Hour)
	report, err := s.billing.RunPayouts(s.ctx)
	s.must(err)
	if report.SkippedCount > 0 {
		s.t.Fatalf("skipped: %+v", report.Skipped)
	}
	s.paysOutRight()
}

// paysOutRight holds the invariants about payouts.
func (s *shop) paysOutRight() {
	s.t.Helper()
	s.agrees("payouts")
	q := s.store.Read()
	a, err := q.AuditPayoutsOff(s.ctx)
	s.must(err)
	b, err := q.AuditPayoutLinesOff(s.ctx)
	s.must(err)
	c, err := q.AuditPayoutLinesBookedOff(s.ctx)
	s.must(err)
	d, err := q.AuditPaidOutOff(s.ctx)
	s.must(err)
	if len(a)+len(b)+len(c)+len(d) > 0 {
		s.t.Fatalf("payouts %v, lines %v, booked %v, paid out %v", a, b, c, d)
	}
}

// asks are the open questions about payouts, by code.
func (s *shop) asks() map[string]int {
	s.t.Helper()
	held, _, err := s.tasks.List(s.ctx, task.Filter{State: task.Held, Kind: review.Kind, Limit: 100})
	s.must(err)
	codes := map[string]int{}
	for _, t := range held {
		p, err := review.Of(t)
		s.must(err)
		codes[p.Code]++
	}
	return codes
}

func (s *shop) wantAsks(step string, want map[string]int) {
	s.t.Helper()
	got := s.asks()
	for code, n := range want {
		if got[code] != n {
			s.t.Errorf("%s: asked %v, want %v", step, got, want)
		}
	}
	if len(got) != len(want) {
		s.t.Errorf("%s: asked %v, want %v", step, got, want)
	}
}

func TestAPayoutIsBookedOnceHoweverOftenItIsTold(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	inv := s.sale(s.customer("NL"), 500)
	hand := s.begin(inv, "transfer")
	_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: hand.ID, Amount: inv.Gross, Reference: "bank 1", ReceivedAt: s.clock.Now()})
	s.must(err)
	bank := s.balance(billing.Bank)
	reference := at.payOut(s, taken(p, 1210, 43), moved(billing.MovedFee, "", "", -120, 0))
	errs := atOnce(6, func(i int) error {
		if i%2 == 0 {
			_, err := s.billing.RunPayouts(s.ctx)
			return err
		}
		return s.billing.ReceiveWebhook(s.ctx, "card", nil, at.notice(s, reference))
	})
	for _, err := range errs {
		s.must(err)
	}
	s.work()
	for range 2 {
		s.nightly()
	}
	s.card.pay(p.ID, eur(1210), eur(43)) // the provider tells the fee of the payment too, by now
	s.hook(p.ID)
	s.wants("paid out", map[billing.Account]int64{
		"clearing:card": 0, "transit:card": 0, "fees:card": 163, "unmatched:card": 0, billing.Bank: bank + 1210 - 163,
	})
	s.wantAsks("paid out", map[string]int{})
}

func TestAPayoutThatComesBackIsWithTheGatewayAgainAndIsPaidOutAnew(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	_, p := s.paid(s.customer("NL"), 1000)
	first := at.payOut(s, taken(p, 1210, 40))
	at.turn(first, billing.PayoutInTransit)
	s.nightly()
	s.wants("on its way", map[billing.Account]int64{"clearing:card": 0, "transit:card": 1170, billing.Bank: 0})
	at.turn(first, billing.PayoutPaid)
	s.nightly()
	s.wants("arrived", map[billing.Account]int64{"clearing:card": 0, "transit:card": 0, billing.Bank: 1170})
	at.turn(first, billing.PayoutFailed)
	at.payOut(s, moved(billing.MovedPayoutFailure, first, "", 1170, 0))
	s.nightly()
	s.nightly()
	s.wants("sent back and paid out anew", map[billing.Account]int64{"clearing:card": 0, "transit:card": 0, billing.Bank: 1170, "unmatched:card": 0})
	s.wantAsks("sent back", map[string]int{"payout_failed": 1})
}

func TestAPayoutBelowZeroIsTakenFromTheBank(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	inv, p := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 40))
	s.nightly()
	_, err := s.refund(inv, 0)
	s.must(err)
	s.work()
	var refund string
	for id := range s.card.refunds {
		refund = "re_" + id
	}
	at.payOut(s, moved(billing.MovedRefund, refund, "pi_"+p.ID, -1210, 0))
	s.nightly()
	s.wants("taken", map[billing.Account]int64{"clearing:card": 0, billing.Bank: -40, "fees:card": 40, "unmatched:card": 0})
	s.wantAsks("taken", map[string]int{})
}

func TestReadingAPayoutGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	var moves []billing.Movement
	for range 5 {
		_, p := s.paid(s.customer("NL"), 1000)
		moves = append(moves, taken(p, 1210, 10))
	}
	at.payOut(s, moves...)
	for broken := 0; ; broken++ {
		s.advance(24 * time.Hour)
		before, err := s.billing.Payouts(s.ctx, billing.PayoutFilter{Limit: 10})
		s.must(err)
		if len(before) == 1 && !before[0].LinesAt.IsZero() {
			if broken < 3 {
				t.Fatalf("three pages were read in %d runs", broken)
			}
			break
		}
		at.breakAfter(3) // the list, the payout, a page
		_, err = s.billing.RunPayouts(s.ctx)
		s.must(err)
		at.breakAfter(0)
		s.paysOutRight()
	}
	s.nightly()
	s.wants("read", map[billing.Account]int64{"clearing:card": 0, "fees:card": 50, billing.Bank: 6000})
}

func TestPayoutsAreReadFromBeforeTheFirstPaymentCouldSettle(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at))
	inv := s.sale(s.customer("NL"), 1000)
	slow := s.begin(inv, "card")
	_, quick := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(quick, 1210, 0))
	s.advance(5 * 24 * time.Hour)
	s.card.pay(slow.ID, inv.Gross, eur(0))
	s.hook(slow.ID)
	s.nightly()
	s.wants("the older payout", map[billing.Account]int64{"clearing:card": 1210, billing.Bank: 1210})
}
