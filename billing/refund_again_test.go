package billing_test

import (
	"testing"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
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
