package billing_test

import (
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/task"
)

// owedBeside is the credit note of an invoice of 12.10 that two cards have paid: 5.00, whose refund
// did not go through, and 7.10, which wait for a dispute.
func (s *shop) owedBeside() (note billing.Invoice, failed, disputed billing.Payment) {
	s.t.Helper()
	inv := s.sale(s.customer("NL"), 1000)
	failed = s.begin(inv, "card")
	s.card.pay(failed.ID, eur(500), eur(0))
	s.hook(failed.ID)
	disputed = s.pays(s.invoice(inv.ID))
	s.disputed("dp_1", disputed.ID, billing.DisputeOpen, 710, 0)
	s.card.refundState = "failed"
	_, err := s.refund(inv, 0)
	s.must(err)
	s.work()
	return s.notes(inv)[0], failed, disputed
}

func (s *shop) again(note billing.Invoice, minor int64, to billing.BackTo) {
	s.t.Helper()
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: note.ID, Amount: eur(minor), Reason: "again", To: to})
		return err
	})
	s.work()
}

// questions are those about refunds that an operator has before them.
func (s *shop) questions() int {
	s.t.Helper()
	held, _, err := s.tasks.List(s.ctx, task.Filter{State: task.Held, Kind: billing.KindRefundOwed, Limit: 10})
	s.must(err)
	return len(held)
}

func TestAQuestionAboutARefundEndsWhenOnlyADisputeIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, to := range []billing.BackTo{billing.BackToMethod, billing.BackToCredit} {
		s := setup(t)
		note, _, disputed := s.owedBeside()
		if s.questions() != 1 {
			t.Fatalf("%d questions", s.questions())
		}
		s.card.refundState = "succeeded"
		s.again(note, 500, to)
		if s.questions() != 0 || s.alarms()["refund_failed"] != 0 || s.invoice(note.ID).State != billing.InvoiceOpen {
			t.Fatalf("%s: what failed was sent again, and %d questions are left, alarms %v", to, s.questions(), s.alarms())
		}
		s.agrees("sent again")
		s.disputed("dp_1", disputed.ID, billing.DisputeLost, 710, 0)
		if s.invoice(note.ID).State != billing.InvoicePaid || s.questions() != 0 {
			t.Fatalf("%s: the note is %s, %d questions", to, s.invoice(note.ID).State, s.questions())
		}
	}
}

func TestARefundThatFailedTwiceIsOwedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	note, p, _ := s.owedBeside()
	s.again(note, 500, billing.BackToMethod)
	s.must(s.tasks.Settle(s.ctx, s.question().ID, task.Settlement{Outcome: "done", Note: "paid at the bank"}))
	s.wants("paid by hand", map[billing.Account]int64{billing.Bank: -500, "disputed:card": 710, billing.Receivable: -710})
	if s.payment(p.ID).Refunded != eur(500) || s.questions() != 0 {
		t.Fatalf("refunded %s, %d questions", s.payment(p.ID).Refunded, s.questions())
	}
}

func TestARefundThatFailedWaitsForTheDisputeThatTookItsMoney(t *testing.T) {
	t.Parallel()
	for _, end := range []billing.DisputeState{billing.DisputeLost, billing.DisputeWon} {
		s := setup(t)
		note, p, _ := s.owedNote()
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
		if s.questions() != 0 || s.alarms()["refund_failed"] != 0 {
			t.Fatalf("an operator is to send what the bank has taken: %d questions", s.questions())
		}
		s.card.refundState = "succeeded"
		s.disputed("dp_1", p.ID, end, 1210, 0)
		s.wants(string(end), map[billing.Account]int64{billing.Receivable: 0, "clearing:card": 0, "disputed:card": 0})
		if s.invoice(note.ID).State != billing.InvoicePaid || s.questions() != 0 {
			t.Fatalf("%s: the note is %s, %d questions", end, s.invoice(note.ID).State, s.questions())
		}
		s.agrees(string(end))
	}
}

func TestWhatTheBankSentBackIsCreditAndIsNotOwedBesideWhatFailed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	first := s.begin(inv, "card")
	s.card.pay(first.ID, eur(500), eur(0))
	s.hook(first.ID)
	second := s.pays(s.invoice(inv.ID))
	note, err := s.refund(inv, 0)
	s.must(err)
	refunds, err := s.billing.RefundsOf(s.ctx, s.store.Read(), note.ID)
	s.must(err)
	if refunds[0].PaymentID != second.ID || refunds[1].Amount != eur(500) {
		t.Fatalf("refunds %+v", refunds)
	}
	s.card.refunds[refunds[0].ID] = &billing.RefundStatus{Reference: "re_" + refunds[0].ID, State: "failed"}
	s.work()
	s.card.refunds[refunds[1].ID].State = "failed"
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.refundNotice("evt_back", "re_"+refunds[1].ID)))
	s.work()
	s.must(s.tasks.Settle(s.ctx, s.question().ID, task.Settlement{Outcome: "done", Note: "paid at the bank"}))
	if got := s.payment(second.ID).Refunded; got != eur(710) || s.payment(first.ID).Refunded != eur(0) || s.credit(account.Customer{ID: inv.CustomerID}) != 500 {
		t.Fatalf("by hand %s of what failed, %s of what came back", got, s.payment(first.ID).Refunded)
	}
	s.wants("paid by hand", map[billing.Account]int64{billing.Bank: -710, billing.Receivable: 0, "clearing:card": 1210})
}
