package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// surplus gives a customer credit of their own: a transfer of more than was due.
func (s *shop) surplus(c account.Customer, minor int64) {
	s.t.Helper()
	inv := s.sale(c, 1000)
	p := s.begin(inv, "transfer")
	_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: p.ID, Amount: inv.Gross.Add(eur(minor)), Reference: s.store.NewID("bank")})
	s.must(err)
	s.work()
}

func (s *shop) apply(inv billing.Invoice, upTo money.Amount) (applied money.Amount, err error) {
	err = s.store.Tx(s.ctx, func(q *db.Queries) error {
		applied, err = s.billing.ApplyCredit(s.ctx, q, inv.CustomerID, inv.ID, upTo)
		return err
	})
	return applied, err
}

func TestCreditPaysPartOfAnInvoiceAndThenTheRest(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 2000)
	inv := s.sale(c, 1000)
	s.delivered = nil
	if got, err := s.apply(inv, eur(210)); err != nil || got != eur(210) {
		t.Fatalf("applied %s, %v", got, err)
	}
	s.work()
	if open := s.invoice(inv.ID); open.State != billing.InvoiceOpen || open.Due() != eur(1000) || len(s.delivered) > 0 {
		t.Fatalf("the invoice is %s, %s due, delivered %v", open.State, open.Due(), s.delivered)
	}
	if got, err := s.apply(inv, eur(0)); err != nil || got != eur(1000) {
		t.Fatalf("applied %s, %v", got, err)
	}
	s.work()
	if paid := s.invoice(inv.ID); paid.State != billing.InvoicePaid || paid.Number == "" || len(s.delivered) != 1 || s.credit(c) != 790 {
		t.Fatalf("the invoice is %s %q, delivered %v, credit %d", paid.State, paid.Number, s.delivered, s.credit(c))
	}
	if _, err := s.apply(inv, eur(0)); !fault.Is(err, "invoice_paid") {
		t.Fatalf("a paid invoice: %v", err)
	}
}

func TestCreditOfOthersPaysNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	rich, poor := s.customer("NL"), s.customer("NL")
	s.surplus(rich, 2000)
	inv := s.sale(poor, 1000)
	err := s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := s.billing.ApplyCredit(s.ctx, q, rich.ID, inv.ID, eur(0))
		return err
	})
	if fe, ok := fault.As(err); !ok || fe.Kind != fault.NotFound {
		t.Fatalf("credit of another customer: %v", err)
	}
	if got, err := s.apply(inv, eur(0)); err != nil || !got.IsZero() || s.credit(rich) != 2000 {
		t.Fatalf("no credit gave %s, %v", got, err)
	}
}

func TestCreditGivesWayToMoneyThatIsOnItsWay(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 500)
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	if got, err := s.apply(inv, eur(0)); err != nil || got != eur(500) {
		t.Fatalf("applied %s, %v", got, err)
	}
	s.work()
	if got := s.payment(p.ID).State; got != billing.PaymentCancelled {
		t.Fatalf("the payment of the whole is %s beside part of it from credit", got)
	}
	again := s.begin(inv, "card")
	if again.Amount != eur(710) {
		t.Fatalf("the next payment asks %s", again.Amount)
	}
}

func TestRenewalTakesCreditFirst(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		s := setup(t, func(c *billing.Config) { c.Policies.KeepCredit = keep })
		c := s.customer("NL")
		s.surplus(c, 300)
		sub := s.subscribe(c, s.clock.Now())
		s.advance(31 * 24 * time.Hour)
		s.renew()
		inv := s.invoice(s.periods(sub)[1].InvoiceID)
		want, left := inv.Gross.Sub(eur(300)), int64(0)
		if keep {
			want, left = inv.Gross, 300
		}
		if inv.Due() != want || s.credit(c) != left {
			t.Fatalf("keeping %v: %s of %s is due, %d credit is left", keep, inv.Due(), inv.Gross, s.credit(c))
		}
	}
}

func TestCreditSpentByAHundredAtOnceNeverGoesBelowZero(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 5*1210+100)
	var invoices []billing.Invoice
	for range 100 {
		invoices = append(invoices, s.sale(c, 1000))
	}
	applied := make([]money.Amount, len(invoices))
	for _, err := range atOnce(len(invoices), func(i int) (err error) {
		applied[i], err = s.apply(invoices[i], eur(0))
		return err
	}) {
		s.must(err)
	}
	full, part := 0, 0
	for i := range invoices {
		switch {
		case applied[i] == eur(1210):
			full++
		case !applied[i].IsZero():
			part++
		}
	}
	if full != 5 || part != 1 || s.credit(c) != 0 {
		t.Fatalf("%d paid in full, %d in part, %d credit left", full, part, s.credit(c))
	}
}

func (s *shop) creditBack(p billing.CreditBackParams) (note billing.Invoice, err error) {
	p.Reason = "cancelled"
	err = s.store.Tx(s.ctx, func(q *db.Queries) error {
		note, err = s.billing.CreditBack(s.ctx, q, p)
		return err
	})
	return note, err
}

func TestPartsTakenBackToCreditAndToTheCardAddUpToTheLine(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.paid(c, 999, 335)
	back := func(net int64, to billing.BackTo) (billing.Invoice, error) {
		return s.creditBack(billing.CreditBackParams{
			InvoiceID: inv.ID, To: to, Lines: []billing.CreditLine{{LineID: inv.Lines[0].ID, Net: eur(net)}},
		})
	}
	note, err := back(333, billing.BackToCredit)
	if err != nil || note.Gross != eur(-403) || note.State != billing.InvoicePaid || s.credit(c) != 403 {
		t.Fatalf("credit note %s %s, credit %d, %v", note.Gross, note.State, s.credit(c), err)
	}
	if _, err := back(667, billing.BackToMethod); !fault.Is(err, "over_refund") {
		t.Fatalf("more than is left: %v", err)
	}
	rest, err := back(666, billing.BackToMethod)
	s.must(err)
	s.work()
	if note.Gross.Add(rest.Gross) != inv.Lines[0].Gross().Neg() || s.payment(p.ID).Refunded != rest.Gross.Neg() {
		t.Fatalf("%s and %s for a line of %s, %s refunded", note.Gross, rest.Gross, inv.Lines[0].Gross(), s.payment(p.ID).Refunded)
	}
}
