package billing_test

import (
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
)

// reversed has the bank take back what it decided against the shop, told of twice.
func (s *shop) reversed(paymentID string, amount, fee int64) {
	s.t.Helper()
	for range 2 {
		s.disputed("dp_1", paymentID, billing.DisputeWon, amount, fee)
	}
	s.disputed("dp_1", paymentID, billing.DisputeLost, amount, fee) // a reading that was late
	if s.alarms()["dispute_lost"] != 0 {
		s.t.Fatal("a dispute that is won is still an alarm")
	}
	s.agrees("won after all")
}

func TestADisputeThatIsWonAfterItWasLostUndoesTheLossOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		policy    billing.LostPolicy
		meanwhile func(s *shop, inv billing.Invoice)
		// credit is the customer's, state the invoice's in the end.
		credit int64
		state  billing.InvoiceState
	}{
		"owed again":    {policy: billing.LostReopen, state: billing.InvoicePaid},
		"paid again":    {policy: billing.LostReopen, credit: 1210, state: billing.InvoicePaid, meanwhile: func(s *shop, inv billing.Invoice) { s.pays(inv) }},
		"given up":      {policy: billing.LostReopen, state: billing.InvoiceUncollectible, meanwhile: (*shop).givesUp},
		"written off":   {policy: billing.LostCreditNote, state: billing.InvoicePaid},
		"part credited": {policy: billing.LostReopen, credit: 210, state: billing.InvoicePaid, meanwhile: func(s *shop, inv billing.Invoice) { s.credits(inv, 210) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = tt.policy })
			inv, p := s.paid(s.customer("NL"), 1000)
			s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 1500)
			if tt.meanwhile != nil {
				tt.meanwhile(s, s.invoice(inv.ID))
			}
			s.agrees("lost")
			s.reversed(p.ID, 1210, 0)
			s.wants("won after all", map[billing.Account]int64{"disputed:card": 0, "fees:card": 0, billing.Receivable: 0, billing.BadDebt: 0, billing.BadDebtVAT: 0})
			if got := s.invoice(inv.ID); got.State != tt.state || s.credit(account.Customer{ID: inv.CustomerID}) != tt.credit {
				t.Fatalf("the invoice is %s, credit %d", got.State, s.credit(account.Customer{ID: inv.CustomerID}))
			}
			if net := -s.balance(billing.Revenue); net != (1210-s.credited(inv))*100/121 {
				t.Fatalf("revenue %d", net)
			}
		})
	}
}

// givesUp writes an open invoice off.
func (s *shop) givesUp(inv billing.Invoice) {
	s.t.Helper()
	s.tx(func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, inv.ID) })
}

// credits takes back a part of an invoice.
func (s *shop) credits(inv billing.Invoice, minor int64) {
	s.t.Helper()
	_, err := s.refund(inv, minor)
	s.must(err)
}

// credited is what the credit notes of an invoice come to, less what was billed anew.
func (s *shop) credited(inv billing.Invoice) (minor int64) {
	s.t.Helper()
	for _, note := range s.notes(inv) {
		minor -= note.Gross.Minor
		ids, err := s.store.Read().InvoiceReplacements(s.ctx, note.ID)
		s.must(err)
		for _, id := range ids {
			minor -= s.invoice(id).Gross.Minor
		}
	}
	return minor
}

func TestADisputeWonAfterAllGivesBackTheCreditThatItsLossTook(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(1710), eur(0))
	s.hook(p.ID)
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1710, 0)
	s.reversed(p.ID, 1710, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoicePaid || s.credit(c) != 500 {
		t.Fatalf("the invoice is %s, credit %d", got.State, s.credit(c))
	}
}

func TestARefundThatALostDisputeHadPaidIsTheCustomersCreditWhenItIsWonAfterAll(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.paid(c, 1000)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
	s.credits(inv, 1210)
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
	s.reversed(p.ID, 1210, 0)
	if s.credit(c) != 1210 || s.balance("clearing:card") != 1210 {
		t.Fatalf("credit %d, clearing %d", s.credit(c), s.balance("clearing:card"))
	}
}

func TestADisputeWonAfterAllLiftsTheSuspensionThatItsLossBroughtAndIsFoundWithoutAWebhook(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub, second, third, lost := s.reopened()
	s.pays(third)
	s.card.dispute("dp_1", lost.ID, billing.DisputeWon, second.Gross.Minor, 0)
	s.advance(8 * aDay)
	_, err := s.billing.Reconcile(s.ctx)
	s.must(err)
	if got := s.invoice(second.ID); got.State != billing.InvoicePaid || s.reload(sub).State != billing.SubscriptionActive {
		t.Fatalf("the invoice is %s, the subscription %s", got.State, s.reload(sub).State)
	}
	s.agrees("won after all")
}

func TestALostDisputeIsNotAskedAboutForEver(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
	asked := 0
	for range 60 {
		s.advance(7 * aDay)
		report, err := s.billing.Reconcile(s.ctx)
		s.must(err)
		asked += report.Asked
	}
	if asked < 10 || asked > 20 {
		t.Fatalf("asked %d times", asked)
	}
}

func TestMoneyOfADisputeWonAfterAllGoesBackTheWayItCame(t *testing.T) {
	t.Parallel()
	for _, policy := range []billing.LostPolicy{billing.LostReopen, billing.LostCreditNote} {
		s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = policy })
		inv, p := s.paid(s.customer("NL"), 1000)
		s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
		s.reversed(p.ID, 1210, 0)
		stands := s.invoice(inv.ID)
		for _, note := range s.notes(inv) {
			anew, err := s.store.Read().InvoiceReplacements(s.ctx, note.ID)
			s.must(err)
			stands = s.invoice(anew[0])
		}
		if _, err := s.refund(stands, 0); err != nil {
			t.Fatalf("%s: %v", policy, err)
		}
		s.work()
		if got := s.payment(p.ID).Refunded; got != eur(1210) {
			t.Errorf("%s: %s went back", policy, got)
		}
		s.wants(string(policy), map[billing.Account]int64{billing.Receivable: 0, billing.Credit: 0, billing.Revenue: 0, "clearing:card": 0})
	}
}
