package billing_test

import (
	"testing"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// owedNote is the credit note of an invoice of 12.10 whose refund did not go through, and the
// question that is put about it.
func (s *shop) owedNote() (note billing.Invoice, p billing.Payment, question task.Task) {
	s.t.Helper()
	inv, p := s.paid(s.customer("NL"), 1000)
	s.card.refundState = "failed"
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	return s.notes(inv)[0], p, s.question()
}

func (s *shop) question() task.Task {
	s.t.Helper()
	held, _, err := s.tasks.List(s.ctx, task.Filter{State: task.Held, Kind: billing.KindRefundOwed, Limit: 10})
	s.must(err)
	if len(held) != 1 {
		s.t.Fatalf("%d questions are put to the operator", len(held))
	}
	return held[0]
}

func TestARefundPaidByHandIsBookedFromTheBankWhenItsQuestionIsSettled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	byBank := s.begin(s.sale(s.customer("NL"), 1000), "transfer") // so that the bank is audited
	_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: byBank.ID, Amount: eur(1210), Reference: "NL-1"})
	s.must(err)
	note, p, question := s.owedNote()
	for _, away := range []func() error{
		func() error { return s.tasks.Settle(s.ctx, question.ID, task.Settlement{Outcome: "failed", Note: "x"}) },
		func() error { return s.tasks.Cancel(s.ctx, question.ID, "x") },
	} {
		if err := away(); !fault.Is(err, "refund_owed") {
			t.Fatalf("put away while it is owed: %v", err)
		}
	}
	s.must(s.tasks.Settle(s.ctx, question.ID, task.Settlement{Outcome: "done", Note: "paid at the bank"}))
	s.wants("paid by hand", map[billing.Account]int64{
		billing.Bank: 0, billing.Receivable: 0, "clearing:card": 1210, billing.Credit: 0,
	})
	if got := s.invoice(note.ID); got.State != billing.InvoicePaid || s.payment(p.ID).Refunded != eur(1210) || s.alarms()["refund_failed"] != 0 {
		t.Fatalf("the note is %s, refunded %s, alarms %v", got.State, s.payment(p.ID).Refunded, s.alarms())
	}
	refunds, err := s.billing.RefundsOf(s.ctx, s.store.Read(), note.ID)
	s.must(err)
	if last := refunds[len(refunds)-1]; len(refunds) != 2 || last.Gateway != "transfer" || last.State != "succeeded" || last.TaskID != question.ID {
		t.Fatalf("refunds %+v", refunds)
	}
	s.agrees("paid by hand")
	_, err = s.refund(s.invoice(note.CorrectsID), 0)
	if !fault.Is(err, "over_refund") {
		t.Fatalf("refunded a second time: %v", err)
	}
}

func TestAQuestionAboutARefundSaysWhatIsOwedUntilNothingIs(t *testing.T) {
	t.Parallel()
	s := setup(t)
	note, _, question := s.owedNote()
	again := func(a money.Amount, to billing.BackTo) {
		t.Helper()
		s.tx(func(q *db.Queries) error {
			_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: note.ID, Amount: a, Reason: "again", To: to})
			return err
		})
	}
	again(eur(210), billing.BackToCredit)
	if got := s.question(); got.ID != question.ID || got.Message == question.Message {
		t.Fatalf("a part went back, and the question is %q", got.Message)
	}
	s.card.refundState = "succeeded"
	again(eur(0), "")
	s.work()
	if got, err := s.tasks.Get(s.ctx, s.store.Read(), question.ID); err != nil || !got.State.Finished() || s.invoice(note.ID).State != billing.InvoicePaid {
		t.Fatalf("all went back, and the question is %s: %v", got.State, err)
	}
	s.agrees("sent again")
}
