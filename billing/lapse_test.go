package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

func (s *shop) lapse() billing.LapseReport {
	s.t.Helper()
	report, err := s.billing.Lapse(s.ctx)
	s.must(err)
	s.work()
	return report
}

func TestUnpaidSaleLapsesAfterItsIntentIsCancelled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, untouched := s.sale(s.customer("NL"), 1000), s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.lapse()
	s.wantState(inv.ID, billing.InvoiceOpen)
	s.advance(25 * time.Hour)
	s.lapse()
	s.wantState(inv.ID, billing.InvoiceVoid)
	s.wantState(untouched.ID, billing.InvoiceVoid)
	if s.payment(p.ID).State != billing.PaymentCancelled || s.card.intents[p.ID].State != billing.PaymentCancelled {
		t.Fatal("the intent was not cancelled")
	}
}

func TestIntentThatTurnsOutToHaveSucceededSettlesInsteadOfLapsing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0)) // and the webhook is lost
	s.advance(25 * time.Hour)
	s.lapse()
	s.wantState(inv.ID, billing.InvoicePaid)
	if len(s.delivered) != 1 {
		t.Fatalf("delivered %v", s.delivered)
	}
}

func TestTransferHasFourteenDays(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	s.begin(inv, "transfer")
	s.advance(13 * 24 * time.Hour)
	s.lapse()
	s.wantState(inv.ID, billing.InvoiceOpen)
	s.advance(25 * time.Hour)
	s.lapse()
	s.wantState(inv.ID, billing.InvoiceVoid)
}

func TestTransferInPartsSettlesWhenAllIsThere(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "transfer")
	book := func(minor int64, ref string) error {
		_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: p.ID, Amount: eur(minor), Reference: ref})
		return err
	}
	s.must(book(1000, "a"))
	s.work()
	s.wantState(inv.ID, billing.InvoiceOpen)
	if err := book(1000, "a"); !fault.Is(err, "transfer_booked") {
		t.Fatalf("one transfer booked twice: %v", err)
	}
	s.must(book(300, "b"))
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	if s.credit(c) != 90 || s.balance(billing.Bank) != 1300 || len(s.delivered) != 1 {
		t.Fatalf("credit %d, bank %d, delivered %v", s.credit(c), s.balance(billing.Bank), s.delivered)
	}
	s.must(book(50, "c"))
	if s.credit(c) != 140 {
		t.Fatalf("credit %d", s.credit(c))
	}
}

func TestPartOfALapsedTransferBecomesCredit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "transfer")
	_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: p.ID, Amount: eur(500), Reference: "a"})
	s.must(err)
	s.advance(15 * 24 * time.Hour)
	s.lapse()
	s.wantState(inv.ID, billing.InvoiceVoid)
	if s.credit(c) != 500 {
		t.Fatalf("credit %d", s.credit(c))
	}
}

func TestLostWebhookIsFoundByTheReconciliation(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.advance(10 * time.Minute)
	report, err := s.billing.Reconcile(s.ctx)
	s.must(err)
	if report.Moved != 1 {
		t.Fatalf("report %+v", report)
	}
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestUpstreamCostIsPostedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 2 {
		s.tx(func(q *db.Queries) error { return s.billing.PostUpstreamCost(s.ctx, q, "svc_1", eur(250)) })
	}
	if s.balance(billing.UpstreamCost) != 250 || s.balance(billing.UpstreamPayable) != -250 {
		t.Fatalf("cost %d, payable %d", s.balance(billing.UpstreamCost), s.balance(billing.UpstreamPayable))
	}
}
