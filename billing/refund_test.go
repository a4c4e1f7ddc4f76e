package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

func (s *shop) refundLine(inv billing.Invoice, line int, policy billing.RefundPolicy) error {
	return s.store.Tx(s.ctx, func(q *db.Queries) error {
		return s.billing.RefundLine(s.ctx, q, billing.RefundLineParams{
			InvoiceID: inv.ID, LineSubject: inv.Lines[line].Subject, Reason: "not delivered", Policy: policy,
		})
	})
}

func (s *shop) refund(inv billing.Invoice, minor int64) (note billing.Invoice, err error) {
	err = s.store.Tx(s.ctx, func(q *db.Queries) error {
		note, err = s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: eur(minor), Reason: "goodwill"})
		return err
	})
	return note, err
}

func (s *shop) notes(inv billing.Invoice) []billing.Invoice {
	s.t.Helper()
	notes, err := s.billing.CreditNotes(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	return notes
}

func TestFailedLineIsRefundedWithACreditNoteToTheCent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 333, 335, 1001)
	for line := range inv.Lines {
		s.must(s.refundLine(inv, line, billing.RefundAuto))
		s.must(s.refundLine(inv, line, billing.RefundAuto))
	}
	s.work()
	sum := eur(0)
	for i, note := range s.notes(inv) {
		full := s.invoice(note.ID)
		if full.VAT != inv.Lines[i].VAT.Neg() || full.Net != inv.Lines[i].Net.Neg() || full.State != billing.InvoicePaid {
			t.Errorf("credit note %s %+v for line %+v", full.State, full, inv.Lines[i])
		}
		sum = sum.Add(full.Gross)
	}
	if sum != inv.Gross.Neg() || s.payment(p.ID).Refunded != inv.Gross || s.balance("clearing:card") != 0 || s.balance(billing.Revenue) != 0 {
		t.Fatalf("notes sum to %s of %s, refunded %s", sum, inv.Gross, s.payment(p.ID).Refunded)
	}
}

func TestPartRefundsAddUpToTheInvoiceAndNoMore(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 333, 0, 335)
	for range 7 {
		if _, err := s.refund(inv, 107); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.refund(inv, 107); !fault.Is(err, "over_refund") {
		t.Fatalf("over-refund: %v", err)
	}
	if _, err := s.refund(inv, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.refund(inv, 0); !fault.Is(err, "over_refund") {
		t.Fatalf("refund of nothing: %v", err)
	}
	s.work()
	net, vat := eur(0), eur(0)
	for _, note := range s.notes(inv) {
		net, vat = net.Add(note.Net), vat.Add(note.VAT)
	}
	if net != inv.Net.Neg() || vat != inv.VAT.Neg() {
		t.Fatalf("credit notes sum to %s and %s of %s and %s", net, vat, inv.Net, inv.VAT)
	}
}

func TestManualRefundWaitsForAPerson(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundManual))
	s.work()
	refunds, err := s.billing.Refunds(s.ctx, "pending", "", 10)
	s.must(err)
	if len(refunds) != 1 || len(s.card.refunds) != 0 {
		t.Fatalf("refunds %v, sent %d", refunds, len(s.card.refunds))
	}
	held, err := s.tasks.Get(s.ctx, s.store.Read(), refunds[0].TaskID)
	s.must(err)
	if held.State != task.Held {
		t.Fatalf("the task is %s", held.State)
	}
	s.must(s.tasks.Retry(s.ctx, held.ID))
	s.work()
	if len(s.card.refunds) != 1 || s.notes(inv)[0].State != billing.InvoicePaid {
		t.Fatalf("sent %d, note %s", len(s.card.refunds), s.notes(inv)[0].State)
	}
}

func TestRefundSettledByHandIsBooked(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundManual))
	s.work()
	refunds, err := s.billing.Refunds(s.ctx, "", "", 10)
	s.must(err)
	s.must(s.tasks.Settle(s.ctx, refunds[0].TaskID, task.Settlement{Outcome: "done", Result: []byte(`"paid at the bank"`), Note: "bank"}))
	s.work()
	if s.notes(inv)[0].State != billing.InvoicePaid {
		t.Fatal("a refund settled by hand did not close the credit note")
	}
}

func TestRefundFollowsTheProvider(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.card.refundState = "pending"
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	if s.notes(inv)[0].State != billing.InvoiceOpen || s.balance("clearing:card") != 1210 {
		t.Fatal("a refund that is pending at the provider counts as sent")
	}
	for _, r := range s.card.refunds {
		r.State, r.Code = "failed", "account_closed"
	}
	s.advance(2 * time.Hour)
	if _, err := s.billing.Reconcile(s.ctx); err != nil {
		t.Fatal(err)
	}
	if s.payment(p.ID).Refunded.Minor != 0 || s.balance("clearing:card") != 1210 {
		t.Fatal("a failed refund still holds its money")
	}
	alarms, err := s.events.OpenAlarms(s.ctx, "", 10)
	s.must(err)
	if len(alarms) != 2 || s.alarms()["refund_failed"] != 1 || s.alarms()["task.held"] != 1 {
		t.Fatalf("alarms %v", alarms)
	}
}

func TestLostAnswerOfARefundSendsNoSecondOne(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 1000)
	s.card.lost = true
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	for range 3 {
		s.work()
		s.advance(time.Hour)
	}
	if len(s.card.refunds) != 1 || s.balance("clearing:card") != 0 {
		t.Fatalf("%d refunds, clearing %d", len(s.card.refunds), s.balance("clearing:card"))
	}
}

func TestOnlyAnUnnumberedInvoiceIsVoided(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	if err := s.refundLine(inv, 0, billing.RefundAuto); !fault.Is(err, "invoice_not_numbered") {
		t.Fatalf("credited a proforma: %v", err)
	}
	s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
	err := s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.Void(s.ctx, q, inv.ID) })
	if !fault.Is(err, "invoice_numbered") {
		t.Fatalf("voided a numbered invoice: %v", err)
	}
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	if len(s.delivered) != 0 || s.balance(billing.Revenue) != 0 {
		t.Fatalf("delivered %v, revenue %d", s.delivered, s.balance(billing.Revenue))
	}
}
