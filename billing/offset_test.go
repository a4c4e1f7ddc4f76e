package billing_test

import (
	"testing"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// supplied is a sale that has its number and is not paid.
func (s *shop) supplied(nets ...int64) billing.Invoice {
	s.t.Helper()
	inv := s.sale(s.customer("NL"), nets...)
	s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
	return s.invoice(inv.ID)
}

func TestCreditNotesThatTakeAllOfAnOpenInvoiceBackPayForNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.supplied(1000)
	for _, part := range []int64{605, 600, 5} {
		if _, err := s.refund(inv, part); err != nil {
			t.Fatal(err)
		}
	}
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid) // nothing is owed on it
	if len(s.delivered) != 0 || s.balance(billing.Revenue) != 0 || s.balance(billing.Receivable) != 0 {
		t.Fatalf("delivered %v, revenue %d, receivable %d", s.delivered, s.balance(billing.Revenue), s.balance(billing.Receivable))
	}
	for _, kind := range s.seen {
		if kind == "invoice.paid" {
			t.Fatal("it is told as paid, and nobody paid anything")
		}
	}
}

func TestWhatCreditNotesLeaveOfAnOpenInvoiceIsPaidAndDelivered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.supplied(1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(400), eur(0))
	s.hook(p.ID)
	rest := s.begin(s.invoice(inv.ID), "card")
	for _, part := range []int64{205, 600} {
		if _, err := s.refund(s.invoice(inv.ID), part); err != nil {
			t.Fatal(err)
		}
	}
	s.wantState(inv.ID, billing.InvoiceOpen)
	if _, err := s.refund(s.invoice(inv.ID), 406); !fault.Is(err, "over_refund") {
		t.Fatalf("more was taken back than is left: %v", err)
	}
	if _, err := s.refund(s.invoice(inv.ID), 6); err != nil { // one more than is due
		t.Fatal(err)
	}
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	if own := -s.balance(billing.Credit); len(s.delivered) != 1 || s.balance(billing.Receivable) != 0 || own != 1 {
		t.Fatalf("delivered %v, receivable %d, credit %d", s.delivered, s.balance(billing.Receivable), own)
	}
	s.agrees("what is left is paid")
	if got := s.payment(rest.ID).State; got != billing.PaymentCancelled {
		t.Fatalf("a payment of what is not owed any more is %s", got)
	}
}

func TestAPartPaidOfANumberedBillIsCreditOnceItsSubscriptionEndsBeforeThePeriod(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.byHand()
	sub := s.hosted(c, 1000)
	s.advance(22 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.give(c, 200, s.clock.Now().Add(365*aDay))
	if _, err := s.apply(inv, eur(200)); err != nil {
		t.Fatal(err)
	}
	p := s.begin(s.invoice(inv.ID), "card")
	s.card.pay(p.ID, eur(300), eur(0))
	s.hook(p.ID)
	s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
	s.tx(func(q *db.Queries) error { return s.billing.EndSubscription(s.ctx, q, sub.ID) })
	s.work()
	st := s.standing(c)
	if st.Given != eur(200) || st.Own != eur(300) {
		t.Fatalf("paid from a gift of 200 and with 300, and left are %s given and %s own", st.Given, st.Own)
	}
	s.wantState(inv.ID, billing.InvoicePaid)
	if notes := s.notes(inv); len(notes) != 1 || notes[0].Gross != eur(-1210) || s.balance(billing.Receivable) != 0 || s.balance(billing.Revenue) != -1000 {
		t.Fatalf("notes %+v, receivable %d, revenue %d", notes, s.balance(billing.Receivable), s.balance(billing.Revenue))
	}
}

func TestWhatACreditNoteTookOfABillIsNotCreditWhenItIsWithdrawn(t *testing.T) {
	t.Parallel()
	for name, withdraw := range map[string]func(s *shop, sub billing.Subscription, inv billing.Invoice) error{
		"by the end of its subscription": func(s *shop, sub billing.Subscription, _ billing.Invoice) error {
			return s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.EndSubscription(s.ctx, q, sub.ID) })
		},
		"by staff": func(s *shop, _ billing.Subscription, inv billing.Invoice) error {
			_, err := s.refund(inv, 0)
			return err
		},
	} {
		s := setup(t)
		c := s.byHand()
		sub := s.hosted(c, 1000)
		s.advance(22 * aDay)
		s.renew()
		inv := s.invoice(s.periods(sub)[1].InvoiceID)
		s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
		if _, err := s.refund(inv, 400); err != nil {
			t.Fatal(err)
		}
		s.comes(inv, "part", 300)
		s.must(withdraw(s, sub, inv))
		s.work()
		if s.credit(c) != 300 || s.balance(billing.Receivable) != 0 {
			t.Errorf("%s: of 3.00 that came %d are credit, receivable is %d", name, s.credit(c), s.balance(billing.Receivable))
		}
		s.wantState(inv.ID, billing.InvoicePaid)
		s.agrees(name)
	}
}
