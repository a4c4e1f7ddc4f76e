package billing_test

import (
	"strings"
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
)

// writesOff is a shop that answers lost disputes with a credit note.
func writesOff(c *billing.Config) { c.Policies.LostDispute = billing.LostCreditNote }

// backAndForth loses a dispute of a payment and wins it after all.
func (s *shop) backAndForth(reference, paymentID string, amount int64) {
	s.t.Helper()
	s.disputed(reference, paymentID, billing.DisputeLost, amount, 0)
	s.disputed(reference, paymentID, billing.DisputeWon, amount, 0)
	s.agrees("won after all")
}

// anew are the invoices that bill again what the credit notes of one took back.
func (s *shop) anew(inv billing.Invoice) (all []billing.Invoice) {
	s.t.Helper()
	for _, note := range s.notes(inv) {
		ids, err := s.store.Read().InvoiceReplacements(s.ctx, note.ID)
		s.must(err)
		for _, id := range ids {
			all = append(all, s.invoice(id))
		}
	}
	return all
}

func TestASecondLostDisputeIsBorneByTheInvoiceInForceAndIsNoBadDebt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ first, second int64 }{
		"all of it twice":         {first: 1210, second: 1210},
		"a part, then all":        {first: 500, second: 1210},
		"a part, then a part":     {first: 500, second: 300},
		"all of it, then a part":  {first: 1210, second: 300},
		"a part, then what stays": {first: 500, second: 710},
	} {
		for _, policy := range []billing.LostPolicy{billing.LostCreditNote, billing.LostReopen} {
			t.Run(name+" "+string(policy), func(t *testing.T) {
				t.Parallel()
				s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = policy })
				inv, p := s.paid(s.customer("NL"), 1000)
				s.backAndForth("dp_1", p.ID, tt.first)
				s.disputed("dp_2", p.ID, billing.DisputeLost, tt.second, 0)
				want := map[billing.Account]int64{billing.BadDebt: 0, billing.Credit: 0, "clearing:card": 1210 - tt.second, billing.Receivable: tt.second}
				if policy == billing.LostCreditNote {
					want[billing.Receivable] = 0
				}
				s.wants("lost again", want)
				s.agrees("lost again")
				s.disputed("dp_2", p.ID, billing.DisputeWon, tt.second, 0)
				s.wants("won again", map[billing.Account]int64{billing.BadDebt: 0, billing.Credit: 0, billing.Receivable: 0, "clearing:card": 1210, billing.Revenue: -1000, billing.VAT: -210})
				s.agrees("won again")
				if got := s.invoice(inv.ID); got.State != billing.InvoicePaid {
					t.Fatalf("the invoice is %s", got.State)
				}
			})
		}
	}
}

func TestARefundFindsWhatWasBilledAnewAfterADisputeThatWasWonInTheEnd(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(s *shop, inv billing.Invoice) error{
		"of the invoice": func(s *shop, inv billing.Invoice) error { _, err := s.refund(inv, 0); return err },
		"of its parts": func(s *shop, inv billing.Invoice) error {
			_, err := s.refund(inv, 900)
			s.must(err)
			_, err = s.refund(inv, 310)
			return err
		},
		"of its line": func(s *shop, inv billing.Invoice) error {
			_, err := s.refundOf(inv, inv.Lines[0].ID)
			return err
		},
		"of what was ordered": func(s *shop, inv billing.Invoice) error { return s.refundLine(inv, 0, billing.RefundAuto) },
	} {
		for _, disputed := range []int64{1210, 500} {
			s := setup(t, writesOff)
			inv, p := s.paid(s.customer("NL"), 1000)
			s.backAndForth("dp_1", p.ID, disputed)
			if err := back(s, inv); err != nil {
				t.Fatalf("%s, %d disputed: %v", name, disputed, err)
			}
			s.work()
			if got := s.payment(p.ID).Refunded; got != eur(1210) {
				t.Errorf("%s, %d disputed: %s went back", name, disputed, got)
			}
			if _, err := s.refund(inv, 1); err == nil {
				t.Errorf("%s, %d disputed: more went back than was paid", name, disputed)
			}
			s.wants(name, map[billing.Account]int64{billing.Receivable: 0, billing.Credit: 0, billing.Revenue: 0, billing.VAT: 0, "clearing:card": 0})
			s.agrees(name)
		}
	}
}

// disputedHosting is hosting whose first invoice was disputed for an amount, lost and won.
func (s *shop) disputedHosting(c account.Customer, disputed int64) (billing.Subscription, billing.Invoice) {
	s.t.Helper()
	sub := s.hosted(c, 3000)
	first := s.invoice(s.periods(sub)[0].InvoiceID)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), first.ID)
	s.must(err)
	s.backAndForth("dp_1", payments[0].ID, disputed)
	return sub, first
}

func TestAChangeCountsWhatWasBilledAnewAfterADispute(t *testing.T) {
	t.Parallel()
	for _, disputed := range []int64{3630, 1000} {
		s := setup(t, writesOff)
		sub, _ := s.disputedHosting(s.withCard("NL"), disputed)
		s.advance(7 * aDay)
		made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 6000, "month"), When: billing.ChangeNow})
		if inv := s.invoice(made.InvoiceID); inv.Net.Minor != 2250 || inv.State != billing.InvoicePaid {
			t.Fatalf("%d disputed: the change costs %s, want 22.50", disputed, inv.Net)
		}
		s.agrees("changed")
	}
}

func TestACancellationCreditsWhatWasBilledAnewAfterADispute(t *testing.T) {
	t.Parallel()
	for _, disputed := range []int64{3630, 1000} {
		s := setup(t, writesOff)
		c := s.withCard("NL")
		sub, _ := s.disputedHosting(c, disputed)
		s.advance(7 * aDay)
		s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
		if got := s.credit(c); got < 2722 || got > 2723 {
			t.Fatalf("%d disputed: %d is the customer's credit, want three quarters of 36.30", disputed, got)
		}
		s.agrees("cancelled")
	}
}

func TestTheCustomerIsToldOfTheInvoiceThatASecondLostDisputeOpens(t *testing.T) {
	t.Parallel()
	s := setup(t, writesOff)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.backAndForth("dp_1", p.ID, 1210)
	anew := s.anew(inv)
	if len(anew) != 1 || anew[0].State != billing.InvoicePaid {
		t.Fatalf("billed anew %+v", anew)
	}
	s.disputed("dp_2", p.ID, billing.DisputeOpen, 1210, 0)
	events, err := s.store.Read().EventsAfter(s.ctx, db.EventsAfterParams{MaxRows: 1000})
	s.must(err)
	told := ""
	for _, e := range events {
		if e.Kind == "dispute.opened" {
			told = e.Data
		}
	}
	if !strings.Contains(told, anew[0].ID) {
		t.Fatalf("told of %s, want invoice %s", told, anew[0].ID)
	}
}
