package billing_test

import (
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

func TestRefundThatFailedIsSentAgainFromItsCreditNoteAndNoMore(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.card.refundState = "failed"
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	note := s.notes(inv)[0]
	if note.State != billing.InvoiceOpen || s.alarms()["refund_failed"] != 1 {
		t.Fatalf("the credit note is %s, alarms %v", note.State, s.alarms())
	}
	again := func() error {
		return s.store.Tx(s.ctx, func(q *db.Queries) error {
			_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: note.ID, Reason: "again"})
			return err
		})
	}
	s.card.refundState = "succeeded"
	s.must(again())
	if err := again(); !fault.Is(err, "over_refund") {
		t.Fatalf("sent twice: %v", err)
	}
	s.work()
	if err := again(); !fault.Is(err, "over_refund") {
		t.Fatalf("sent after it went: %v", err)
	}
	if s.invoice(note.ID).State != billing.InvoicePaid || s.balance("clearing:card") != 0 || s.payment(p.ID).Refunded != inv.Gross {
		t.Fatalf("the note is %s, clearing %d", s.invoice(note.ID).State, s.balance("clearing:card"))
	}
	if s.alarms()["refund_failed"] != 0 || len(s.notes(inv)) != 1 {
		t.Fatalf("alarms %v, %d credit notes", s.alarms(), len(s.notes(inv)))
	}
}

func TestRefundThatCannotGoBackBecomesCreditAndAnswersItsQuestion(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 1000)
	s.card.refundState = "failed"
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	asked := func() int {
		tasks, _, err := s.tasks.List(s.ctx, task.Filter{State: task.Held, Kind: billing.KindRefundOwed, Limit: 10})
		s.must(err)
		return len(tasks)
	}
	if asked() != 1 {
		t.Fatalf("%d questions are put to the operator", asked())
	}
	note := s.notes(inv)[0]
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: note.ID, Reason: "as credit", To: billing.BackToCredit})
		return err
	})
	if s.invoice(note.ID).State != billing.InvoicePaid || s.credit(account.Customer{ID: inv.CustomerID}) != 1210 || asked() != 0 {
		t.Fatalf("the note is %s, %d questions left", s.invoice(note.ID).State, asked())
	}
}
