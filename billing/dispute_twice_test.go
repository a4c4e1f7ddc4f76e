package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
)

func TestASecondLostDisputeOfAnInvoiceIsOwedBesideTheFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeLost, 610, 0)
	s.advance(3 * aDay)
	since := s.invoice(inv.ID).ReopenedAt
	s.disputed("dp_2", p.ID, billing.DisputeLost, 600, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(1210) || !got.ReopenedAt.Equal(since) {
		t.Fatalf("lost twice the invoice is %s with %s due since %s", got.State, got.Due(), got.ReopenedAt)
	}
	s.wants("lost twice", map[billing.Account]int64{billing.BadDebt: 0, billing.Receivable: 1210, "clearing:card": 0})
	s.agrees("lost twice")
	s.disputed("dp_1", p.ID, billing.DisputeWon, 610, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(600) {
		t.Fatalf("with the first won after all it is %s with %s due", got.State, got.Due())
	}
	s.pays(s.invoice(inv.ID))
	s.disputed("dp_2", p.ID, billing.DisputeWon, 600, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoicePaid || s.credit(account.Customer{ID: inv.CustomerID}) != 600 {
		t.Fatalf("paid and won after all it is %s, credit %d", got.State, s.credit(account.Customer{ID: inv.CustomerID}))
	}
	s.agrees("won after all")
}

func TestALostDisputeOfAPartOfAnOpenInvoiceIsOwedWhateverTheShopChooses(t *testing.T) {
	t.Parallel()
	for _, policy := range []billing.LostPolicy{billing.LostReopen, billing.LostCreditNote} {
		s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = policy })
		inv := s.sale(s.customer("NL"), 1000)
		p := s.begin(inv, "card")
		s.card.pay(p.ID, eur(400), eur(0))
		s.hook(p.ID)
		if got := s.invoice(inv.ID); got.Due() != eur(810) {
			t.Fatalf("%s: a part was paid, and %s is due", policy, got.Due())
		}
		s.disputed("dp_1", p.ID, billing.DisputeLost, 400, 0)
		if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(1210) || len(s.notes(inv)) != 0 {
			t.Fatalf("%s: lost, and the invoice is %s with %s due, %d credit notes", policy, got.State, got.Due(), len(s.notes(inv)))
		}
		s.wants(string(policy), map[billing.Account]int64{billing.BadDebt: 0, billing.Receivable: 0, "clearing:card": 0})
		s.pays(s.invoice(inv.ID))
		s.wantState(inv.ID, billing.InvoicePaid)
		s.disputed("dp_1", p.ID, billing.DisputeWon, 400, 0)
		if got := s.credit(account.Customer{ID: inv.CustomerID}); got != 400 {
			t.Fatalf("%s: won after all, and the customer has credit of %d", policy, got)
		}
		s.agrees(string(policy))
	}
}

// spentTwice is an invoice that given credit has paid 6.00 of and a card 6.10, of which 3.00 came
// back from the bank and was spent as the customer's own credit.
func (s *shop) spentTwice(c account.Customer) (billing.Invoice, billing.Payment) {
	s.t.Helper()
	s.give(c, 600, time.Time{})
	inv := s.sale(c, 1000)
	_, err := s.apply(inv, eur(0))
	s.must(err)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(610), eur(0))
	s.hook(p.ID)
	s.bankSendsBack(inv, 300)
	_, err = s.apply(s.sale(c, 1000), eur(0))
	s.must(err)
	return inv, p
}

func TestLostDisputeBesideGivenCreditIsWrittenOffAndUndoneWithoutIt(t *testing.T) {
	t.Parallel()
	for _, policy := range []billing.LostPolicy{billing.LostReopen, billing.LostCreditNote} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = policy })
			c := s.customer("NL")
			inv, p := s.spentTwice(c)
			s.disputed("dp_1", p.ID, billing.DisputeLost, 610, 0)
			s.wants("lost", map[billing.Account]int64{billing.BadDebt: 300})
			s.agrees("lost")
			s.disputed("dp_1", p.ID, billing.DisputeWon, 610, 0)
			s.wants("won after all", map[billing.Account]int64{billing.BadDebt: 0, "disputed:card": 0, "clearing:card": 610})
			s.agrees("won after all")
			if got := s.invoice(inv.ID); got.State != billing.InvoicePaid {
				t.Fatalf("won after all the invoice is %s", got.State)
			}
			_, err := s.refund(inv, 0)
			s.must(err)
			s.work()
			if st := s.standing(c); st.Given != eur(600) {
				t.Fatalf("all is taken back, and the customer has %s given and %s of their own", st.Given, st.Own)
			}
			s.agrees("taken back")
		})
	}
}

func TestLostDisputeOfAFamilyLeavesWhatGivenCreditHasPaidOfAnyOfIt(t *testing.T) {
	t.Parallel()
	s := setup(t, writesOff)
	c := s.customer("NL")
	inv, p := s.spentTwice(c)
	s.backAndForth("dp_1", p.ID, 310) // written off and billed anew: two invoices stand for one
	if len(s.anew(inv)) != 1 {
		t.Fatalf("%d invoices bill it anew", len(s.anew(inv)))
	}
	s.disputed("dp_2", p.ID, billing.DisputeLost, 610, 0)
	s.wants("lost", map[billing.Account]int64{billing.BadDebt: 300})
	s.agrees("lost")
	_, err := s.refund(inv, 0)
	s.must(err)
	s.work()
	if st := s.standing(c); st.Given != eur(600) || st.Own != eur(0) {
		t.Fatalf("all is taken back, and the customer has %s given and %s of their own", st.Given, st.Own)
	}
	s.agrees("taken back")
}

func TestAPartOfARenewalThatWasChargedBackIsNotChargedByItselfAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.subscribe(c, s.clock.Now())
	s.flags(c, account.Flags{NoAutomaticPayment: true})
	s.advance(25 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(400), eur(0))
	s.hook(p.ID)
	s.advance(10 * aDay)
	s.flags(c, account.Flags{})
	s.disputed("dp_1", p.ID, billing.DisputeLost, 400, 0)
	s.advance(aDay)
	s.work()
	if got := s.invoice(inv.ID); s.card.charges != 0 || got.State != billing.InvoiceOpen || got.Due() != eur(1210) {
		t.Fatalf("%d charges, the invoice is %s with %s due", s.card.charges, got.State, got.Due())
	}
}
