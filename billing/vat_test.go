package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/tax"
)

// company is a customer with a VAT number that nobody has looked at.
func (s *shop) company(country, vatID string) account.Customer {
	s.t.Helper()
	c := s.customer(country)
	name := "Firma"
	updated, err := s.accounts.Update(s.ctx, c.ID, account.Changes{Company: &name, VATID: &vatID})
	s.must(err)
	return updated.Customer
}

func (s *shop) confirmVAT(c account.Customer, status string) {
	s.t.Helper()
	_, err := s.accounts.ConfirmVAT(s.ctx, c.ID, status)
	s.must(err)
	s.work()
}

func (s *shop) replacement(inv billing.Invoice) billing.Invoice {
	s.t.Helper()
	all, err := s.billing.InvoicesOf(s.ctx, s.store.Read(), inv.Subject)
	s.must(err)
	for _, other := range all {
		if !other.CreditNote && other.CorrectsID == inv.ID {
			return s.invoice(other.ID)
		}
	}
	s.t.Fatal("the invoice was not replaced")
	return billing.Invoice{}
}

func TestVATOfALaterConfirmedNumberGoesBackWithACreditNoteAndANewInvoice(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	inv, _ := s.paid(c, 1000, 333)
	if s.balance(billing.VAT) != -253 {
		t.Fatalf("VAT %d before the confirmation", s.balance(billing.VAT))
	}
	s.confirmVAT(c, account.VATConfirmed)
	s.confirmVAT(c, account.VATPending)
	s.confirmVAT(c, account.VATConfirmed)
	notes := s.notes(inv)
	if len(notes) != 1 || notes[0].Gross != inv.Gross.Neg() || notes[0].State != billing.InvoicePaid {
		t.Fatalf("credit notes %+v", notes)
	}
	fresh := s.replacement(inv)
	if fresh.State != billing.InvoicePaid || fresh.Number == "" || fresh.Gross != eur(1333) || fresh.Treatment.Kind != tax.ReverseCharge ||
		fresh.Buyer.VATStatus != account.VATConfirmed || len(fresh.Lines) != 2 {
		t.Fatalf("the new invoice is %+v", fresh)
	}
	if s.balance(billing.VAT) != 0 || s.balance("clearing:card") != 1333 || s.balance(billing.Revenue) != -1333 || s.credit(c) != 0 {
		t.Fatalf("VAT %d, clearing %d, revenue %d", s.balance(billing.VAT), s.balance("clearing:card"), s.balance(billing.Revenue))
	}
	if len(s.delivered) != 2 {
		t.Fatalf("delivered %v", s.delivered)
	}
	// A line that fails afterwards is given back from the new invoice, by the way it was paid.
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	if s.balance("clearing:card") != 333 || s.balance(billing.Revenue) != -333 || s.credit(c) != 0 {
		t.Fatalf("clearing %d, revenue %d", s.balance("clearing:card"), s.balance(billing.Revenue))
	}
	if _, err := s.refund(inv, 0); err != nil {
		t.Fatal(err)
	}
	s.work()
	if s.balance("clearing:card") != 0 || len(s.notes(fresh)) != 2 {
		t.Fatalf("clearing %d, %d credit notes", s.balance("clearing:card"), len(s.notes(fresh)))
	}
}

func TestOpenRenewalIsTaxedAnewWhenTheNumberIsConfirmed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	s.paid(c, 100)
	sub := s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	s.confirmVAT(c, account.VATConfirmed)
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	if inv.Gross != eur(1000) || !inv.VAT.IsZero() || inv.Treatment.Kind != tax.ReverseCharge || inv.Treatment.Note == "" {
		t.Fatalf("the proforma says %+v", inv)
	}
	s.advance(7 * 24 * time.Hour)
	s.work()
	inv = s.invoice(inv.ID)
	if inv.State != billing.InvoicePaid || s.balance(billing.VAT) != 0 || s.credit(c) != 0 {
		t.Fatalf("the invoice is %s, VAT %d, credit %d", inv.State, s.balance(billing.VAT), s.credit(c))
	}
}

func TestVATThatIsOwedAnywayStays(t *testing.T) {
	t.Parallel()
	s := setup(t)
	home, other, old := s.company("NL", "NL123456789B01"), s.customer("DE"), s.company("DE", "DE123456789")
	s.paid(home, 1000)
	s.paid(other, 1000) // before a number was given
	late, _ := s.paid(old, 1000)
	number := "DE987654321"
	_, err := s.accounts.Update(s.ctx, other.ID, account.Changes{VATID: &number})
	s.must(err)
	s.advance(200 * 24 * time.Hour)
	before := s.balance(billing.VAT)
	for _, c := range []account.Customer{home, other, old} {
		s.confirmVAT(c, account.VATConfirmed)
	}
	if s.balance(billing.VAT) != before || len(s.notes(late)) != 0 {
		t.Fatalf("VAT was %d and is %d", before, s.balance(billing.VAT))
	}
}

func TestSaleThatIsPaidAfterTheConfirmationIsCorrectedToo(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	s.confirmVAT(c, account.VATConfirmed)
	if got := s.invoice(inv.ID); got.Gross != inv.Gross {
		t.Fatalf("the sale that is being paid comes to %s now", got.Gross)
	}
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	s.advance(25 * time.Hour)
	s.work()
	if fresh := s.replacement(inv); fresh.Gross != eur(1000) || s.balance(billing.VAT) != 0 || s.balance("clearing:card") != 1000 {
		t.Fatalf("replaced by %s, VAT %d, clearing %d", fresh.Gross, s.balance(billing.VAT), s.balance("clearing:card"))
	}
}

func TestARenewalThatHasItsNumberIsReplacedWhenTheVATNumberIsConfirmed(t *testing.T) {
	t.Parallel()
	for name, card := range map[string]bool{"mailed": false, "to be charged again": true} {
		s := setup(t)
		c := s.company("DE", "DE123456789")
		if card {
			s.paid(c, 100)
		}
		sub := s.subscribe(c, s.clock.Now())
		s.advance(22 * aDay)
		s.renew()
		s.card.decline = &billing.Decline{Class: billing.DeclineSoft, Code: "insufficient_funds"}
		s.advance(7 * aDay)
		s.work()
		s.lapse()
		old := s.invoice(s.periods(sub)[1].InvoiceID)
		if old.Number == "" || old.State != billing.InvoiceOpen {
			t.Fatalf("%s: the renewal is %s %q", name, old.State, old.Number)
		}
		token, _, err := s.billing.PayLink(old.ID)
		s.must(err)
		s.confirmVAT(c, account.VATConfirmed)
		s.confirmVAT(c, account.VATPending)
		s.confirmVAT(c, account.VATConfirmed)
		fresh := s.invoice(s.periods(sub)[1].InvoiceID)
		if fresh.CorrectsID != old.ID || fresh.Gross != eur(1000) || fresh.Number == "" || fresh.State != billing.InvoiceOpen || !fresh.DueAt.Equal(old.DueAt) ||
			fresh.Treatment.Kind != tax.ReverseCharge || len(s.notes(old)) != 1 || s.reload(sub).State != billing.SubscriptionPastDue {
			t.Fatalf("%s: replaced by %+v", name, fresh)
		}
		s.wants(name, map[billing.Account]int64{billing.Receivable: 1000, billing.VAT: 0})
		if linked, _, err := s.billing.LinkedInvoice(s.ctx, token); err != nil || linked.ID != fresh.ID {
			t.Fatalf("%s: the link pays %s, %v", name, linked.ID, err)
		}
		s.lapse()
		s.card.decline = nil
		if card {
			s.advance(2 * aDay)
			s.work()
		} else {
			s.pays(fresh)
		}
		if got := s.invoice(fresh.ID); got.State != billing.InvoicePaid || s.reload(sub).State != billing.SubscriptionActive || s.credit(c) != 0 {
			t.Fatalf("%s: the new invoice is %s, the subscription %s, credit %d", name, got.State, s.reload(sub).State, s.credit(c))
		}
		s.agrees(name)
	}
}

// The invoice asks for cents of an earlier one, so that less than nothing counts as paid of it.
func TestARenewalThatAsksForWhatWasCarriedIsTaxedAnewWhole(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	c := s.company("DE", "DE123456789")
	s.paid(c, 100)
	sub := s.cents(c)
	s.month(sub)
	s.cancel(sub, billing.CancelParams{})
	s.wantCarried(c, 12)
	later := s.hosted(c, 1000)
	s.advance(24 * aDay)
	s.renew()
	id := s.periods(later)[1].InvoiceID
	s.confirmVAT(c, account.VATConfirmed)
	inv := s.invoice(id)
	if inv.Gross != eur(1000) || inv.Due() != eur(1012) || !inv.VAT.IsZero() || !inv.Lines[0].VAT.IsZero() {
		t.Fatalf("of %s, VAT %s, %s is due; the line has VAT %s", inv.Gross, inv.VAT, inv.Due(), inv.Lines[0].VAT)
	}
	s.advance(7 * aDay)
	s.work()
	s.wantState(id, billing.InvoicePaid)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), id)
	s.must(err)
	if len(payments) != 1 || payments[0].Received != eur(1012) {
		t.Errorf("paid by %+v", payments)
	}
}
