package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

func (s *shop) give(c account.Customer, minor int64, until time.Time) (g billing.Grant) {
	s.t.Helper()
	s.tx(func(q *db.Queries) (err error) {
		g, err = s.billing.GiveCredit(s.ctx, q, billing.GrantParams{CustomerID: c.ID, Amount: eur(minor), Reason: "sorry", ExpiresAt: until})
		return err
	})
	return g
}

func (s *shop) standing(c account.Customer) billing.CreditStanding {
	s.t.Helper()
	st, err := s.billing.CreditOf(s.ctx, s.store.Read(), c.ID)
	s.must(err)
	return st
}

func (s *shop) payOut(c account.Customer, minor int64) (note billing.Invoice, err error) {
	err = s.store.Tx(s.ctx, func(q *db.Queries) error {
		note, err = s.billing.PayOutCredit(s.ctx, q, billing.PayOutParams{CustomerID: c.ID, Amount: eur(minor), Reason: "asked for it"})
		return err
	})
	return note, err
}

func TestWhatRunsOutFirstIsUsedFirstAndMoneyOfTheCustomerLast(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 500)
	ever, month := s.give(c, 500, time.Time{}), s.give(c, 500, s.clock.Now().AddDate(0, 1, 0))
	week := s.give(c, 500, s.clock.Now().AddDate(0, 0, 7))
	if _, err := s.apply(s.sale(c, 500), eur(0)); err != nil { // 605 due
		t.Fatal(err)
	}
	left := map[string]int64{}
	for _, g := range s.standing(c).Grants {
		left[g.ID] = g.Left.Minor
	}
	if left[week.ID] != 0 || left[month.ID] != 395 || left[ever.ID] != 500 || s.standing(c).Own != eur(500) {
		t.Fatalf("left %v, own %s", left, s.standing(c).Own)
	}
	s.advance(32 * 24 * time.Hour)
	if got := s.credit(c); got != 1000 {
		t.Fatalf("%d can be used though 395 has run out", got)
	}
	report, err := s.billing.ExpireCredit(s.ctx)
	s.must(err)
	again, err := s.billing.ExpireCredit(s.ctx)
	s.must(err)
	if report.Ended != 2 || again.Ended != 0 || s.standing(c).Own != eur(500) || s.balance(billing.Goodwill) != 1500-395 {
		t.Fatalf("%d and %d ended, own %s, goodwill %d", report.Ended, again.Ended, s.standing(c).Own, s.balance(billing.Goodwill))
	}
}

func TestGivenCreditComesBackAsGivenAndIsNeverPaidOut(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	g := s.give(c, 1000, s.clock.Now().AddDate(0, 0, 10))
	inv := s.sale(c, 1000) // 1210 due
	if _, err := s.apply(inv, eur(0)); err != nil {
		t.Fatal(err)
	}
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(210), eur(0))
	s.hook(p.ID)
	s.advance(20 * 24 * time.Hour)
	if _, err := s.refund(s.invoice(inv.ID), 0); err != nil {
		t.Fatal(err)
	}
	s.work()
	st := s.standing(c)
	if s.payment(p.ID).Refunded != eur(210) || st.Given != eur(1000) || !st.Own.IsZero() || !st.Grants[0].ExpiresAt.After(s.clock.Now()) {
		t.Fatalf("refunded %s, given %s, own %s, until %s", s.payment(p.ID).Refunded, st.Given, st.Own, st.Grants[0].ExpiresAt)
	}
	if _, err := s.payOut(c, 0); !fault.Is(err, "no_credit") {
		t.Fatalf("given credit was paid out: %v", err)
	}
	s.tx(func(q *db.Queries) error { _, err := s.billing.EndCredit(s.ctx, q, g.ID); return err })
	if s.credit(c) != 0 || s.balance(billing.Goodwill) != 0 {
		t.Fatalf("ended: %d left, goodwill %d", s.credit(c), s.balance(billing.Goodwill))
	}
}

func TestCreditThatIsBoughtHasAReceiptWithoutVATAndGoesBackTheWayItCame(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	var inv billing.Invoice
	s.tx(func(q *db.Queries) (err error) {
		inv, err = s.billing.TopUp(s.ctx, q, billing.TopUpParams{CustomerID: c.ID, Amount: eur(2500)})
		return err
	})
	p := s.begin(inv, "card")
	if _, err := s.apply(inv, eur(0)); !fault.Is(err, "credit_for_credit") {
		t.Fatalf("credit bought with credit: %v", err)
	}
	s.card.pay(p.ID, eur(2500), eur(30))
	s.hook(p.ID)
	receipt := s.invoice(inv.ID)
	if receipt.Number != "RC2026-000001" || !receipt.VAT.IsZero() || s.standing(c).Own != eur(2500) || s.balance(billing.Revenue) != 0 {
		t.Fatalf("receipt %s, VAT %s, credit %s, revenue %d", receipt.Number, receipt.VAT, s.standing(c).Own, s.balance(billing.Revenue))
	}
	if _, err := s.refund(receipt, 0); !fault.Is(err, "credit_document") {
		t.Fatalf("a receipt was refunded beside the credit: %v", err)
	}
	if _, err := s.payOut(c, 2501); !fault.Is(err, "no_credit") {
		t.Fatalf("more was paid back than there is: %v", err)
	}
	note, err := s.payOut(c, 0)
	s.must(err)
	s.work()
	if note.Number != "RC2026-000002" || s.invoice(note.ID).State != billing.InvoicePaid || s.credit(c) != 0 || s.balance("clearing:card") != -30 {
		t.Fatalf("paid back %s %s, credit %d, clearing %d", note.Number, s.invoice(note.ID).State, s.credit(c), s.balance("clearing:card"))
	}
}

func TestCreditPaidBackByTenAtOnceGoesBackOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 1000)
	errs := atOnce(10, func(int) error { _, err := s.payOut(c, 1000); return err })
	if n := s.refused(errs, "no_credit"); n != 9 || s.credit(c) != 0 {
		t.Fatalf("%d of 10 were refused, credit %d", n, s.credit(c))
	}
}

func TestGivenCreditThatWasEndedAndComesBackEndsAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	g := s.give(c, 1210, time.Time{}) // never runs out by itself
	inv := s.sale(c, 1000)
	if _, err := s.apply(inv, eur(0)); err != nil {
		t.Fatal(err)
	}
	end := func() error {
		return s.store.Tx(s.ctx, func(q *db.Queries) error { _, err := s.billing.EndCredit(s.ctx, q, g.ID); return err })
	}
	s.must(end())
	if _, err := s.refund(s.invoice(inv.ID), 0); err != nil {
		t.Fatal(err)
	}
	if s.credit(c) != 1210 {
		t.Fatalf("%d came back", s.credit(c))
	}
	if err := end(); err != nil || s.credit(c) != 0 {
		t.Fatalf("ended again: %v, %d left", err, s.credit(c))
	}
}
