package billing_test

import (
	"encoding/json"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// disputed has the provider tell of a dispute, and the shop read it.
func (s *shop) disputed(reference, paymentID string, state billing.DisputeState, amount, fee int64) {
	s.t.Helper()
	s.card.dispute(reference, paymentID, state, amount, fee)
	body, err := json.Marshal(billing.Notice{EventID: s.store.NewID("evt"), Kind: "dispute", Disputes: []string{reference}})
	s.must(err)
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, body))
	s.work()
}

// wants holds the balances of accounts.
func (s *shop) wants(step string, accounts map[billing.Account]int64) {
	s.t.Helper()
	for account, want := range accounts {
		if got := s.balance(account); got != want {
			s.t.Errorf("%s: %s stands at %d, want %d", step, account, got, want)
		}
	}
}

func (s *shop) frozen(customerID string) bool {
	s.t.Helper()
	open, err := s.store.Read().DisputeOpenOfCustomer(s.ctx, customerID)
	s.must(err)
	return len(open) > 0
}

func TestDisputeThatIsWonBringsTheMoneyBack(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 1500)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 1500)
	s.wants("opened", map[billing.Account]int64{"clearing:card": -1500, "disputed:card": 2710, "fees:card": 0})
	if !s.frozen(inv.CustomerID) || s.alarms()["dispute_open"] != 1 {
		t.Fatal("an open dispute freezes nothing, or nobody is told")
	}
	s.disputed("dp_1", p.ID, billing.DisputeWon, 1210, 0)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 1500) // a late webhook
	s.wants("won", map[billing.Account]int64{"clearing:card": 1210, "disputed:card": 0, "fees:card": 0, billing.BadDebt: 0})
	if s.frozen(inv.CustomerID) || s.alarms()["dispute_open"] != 0 || s.invoice(inv.ID).State != billing.InvoicePaid {
		t.Fatalf("won, and frozen %v, invoice %s", s.frozen(inv.CustomerID), s.invoice(inv.ID).State)
	}
}

func TestDisputeThatIsLostIsOwedAgainOrWrittenOffWithItsVAT(t *testing.T) {
	t.Parallel()
	for _, policy := range []billing.LostPolicy{billing.LostReopen, billing.LostCreditNote} {
		s := setup(t, func(c *billing.Config) { c.Policies.LostDispute = policy })
		inv, p := s.paid(s.customer("NL"), 1000)
		delivered := len(s.delivered)
		s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 1500) // the opening was never heard of
		s.wants("lost", map[billing.Account]int64{"clearing:card": -1500, "disputed:card": 0, "fees:card": 1500, billing.BadDebt: 0})
		if policy == billing.LostCreditNote {
			notes := s.notes(inv)
			if s.balance(billing.Revenue) != 0 || s.balance(billing.VAT) != 0 || len(notes) != 1 || notes[0].State != billing.InvoicePaid {
				t.Fatalf("written off: revenue %d, VAT %d, notes %+v", s.balance(billing.Revenue), s.balance(billing.VAT), notes)
			}
			continue
		}
		again := s.invoice(inv.ID)
		if again.State != billing.InvoiceOpen || again.Due() != eur(1210) || again.ReopenedAt.IsZero() || s.balance(billing.Receivable) != 1210 {
			t.Fatalf("the invoice is %s, %s due, receivable %d", again.State, again.Due(), s.balance(billing.Receivable))
		}
		second := s.begin(again, "card")
		s.card.pay(second.ID, again.Due(), eur(0))
		s.hook(second.ID)
		if got := s.invoice(inv.ID); got.State != billing.InvoicePaid || got.Number != inv.Number || len(s.delivered) != delivered {
			t.Fatalf("paid again it is %s %s, delivered %d times", got.State, got.Number, len(s.delivered))
		}
	}
}

func TestDisputedMoneyIsNotSentBackASecondTime(t *testing.T) {
	t.Parallel()
	for _, end := range []billing.DisputeState{billing.DisputeWon, billing.DisputeLost} {
		s := setup(t)
		inv, p := s.paid(s.customer("NL"), 1000)
		if _, err := s.refund(inv, 210); err != nil {
			t.Fatal(err)
		}
		s.work()
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 1000, 0)
		note, err := s.refund(inv, 0)
		s.must(err)
		s.work()
		if s.payment(p.ID).Refunded != eur(210) || s.invoice(note.ID).State != billing.InvoiceOpen || s.credit(account.Customer{ID: inv.CustomerID}) != 0 {
			t.Fatalf("refunded %s beside the dispute, credit %d", s.payment(p.ID).Refunded, s.credit(account.Customer{ID: inv.CustomerID}))
		}
		s.disputed("dp_1", p.ID, end, 1000, 0)
		s.work()
		want := map[billing.DisputeState]int64{billing.DisputeWon: 1210, billing.DisputeLost: 210}[end]
		if got := s.payment(p.ID).Refunded.Minor; got != want || s.invoice(note.ID).State != billing.InvoicePaid {
			t.Fatalf("%s: refunded %d, the note is %s", end, got, s.invoice(note.ID).State)
		}
		s.wants(string(end), map[billing.Account]int64{"clearing:card": 0, "disputed:card": 0, billing.Receivable: 0, billing.Revenue: 0, billing.BadDebt: 0})
	}
}

func TestTwoDisputesOfOnePaymentAreTwo(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 610, 0)
	s.disputed("dp_2", p.ID, billing.DisputeOpen, 600, 0)
	s.disputed("dp_1", p.ID, billing.DisputeWon, 610, 0)
	if !s.frozen(inv.CustomerID) {
		t.Fatal("one of two open disputes ended both")
	}
	s.disputed("dp_2", p.ID, billing.DisputeLost, 600, 0)
	if got := s.invoice(inv.ID); got.Due() != eur(600) || s.balance("clearing:card") != 610 {
		t.Fatalf("%s is due, clearing %d", got.Due(), s.balance("clearing:card"))
	}
}

func TestDisputeOfMoreThanWasPaidIsBadDebtAndAnInquiryMovesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_0", p.ID, billing.DisputeInquiry, 1210, 0)
	s.disputed("dp_0", p.ID, billing.DisputeWon, 1210, 0)
	s.wants("inquiry", map[billing.Account]int64{"clearing:card": 1210, "disputed:card": 0})
	if _, err := s.refund(inv, 1210); err != nil {
		t.Fatal(err)
	}
	s.work()
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0) // of a payment that went back already
	s.wants("lost", map[billing.Account]int64{"clearing:card": -1210, billing.BadDebt: 1210, billing.Receivable: 0})
}

func TestNothingIsChargedByItselfWhileADisputeIsOpen(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	_, p := s.paid(c, 1000)
	sub := s.subscribe(c, s.clock.Now())
	s.advance(25 * 24 * time.Hour)
	s.renew() // the charge is scheduled
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
	s.advance(7 * 24 * time.Hour)
	s.work()
	if inv := s.invoice(s.periods(sub)[1].InvoiceID); s.card.charges != 0 || inv.State != billing.InvoiceOpen {
		t.Fatalf("%d charges, the invoice is %s", s.card.charges, inv.State)
	}
	s.disputed("dp_1", p.ID, billing.DisputeWon, 1210, 0)
	if inv := s.invoice(s.periods(sub)[1].InvoiceID); s.card.charges != 1 || inv.State != billing.InvoicePaid {
		t.Fatalf("won, and %d charges are made, the invoice is %s", s.card.charges, inv.State)
	}
}

// A charge comes due while a payment before it is disputed, and another one is disputed as well.
func TestWhatWasNotChargedForADisputeIsChargedWhenTheLastOneEndsButNotWhatWasChargedBack(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	_, first := s.paid(c, 100)
	sub := s.subscribe(c, s.clock.Now())
	s.advance(28 * aDay)
	s.renew()
	s.work()
	second := s.invoice(s.periods(sub)[1].InvoiceID)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), second.ID)
	s.must(err)
	s.disputed("dp_1", first.ID, billing.DisputeOpen, 121, 0)
	s.disputed("dp_2", payments[0].ID, billing.DisputeOpen, 1210, 0)
	s.advance(31 * aDay)
	s.renew()
	s.work()
	s.lapse()
	third := s.periods(sub)[2].InvoiceID
	s.disputed("dp_1", first.ID, billing.DisputeWon, 121, 0)
	if s.card.charges != 1 || s.invoice(third).State != billing.InvoiceOpen {
		t.Fatalf("with a dispute left %d charges are made, the third invoice is %s", s.card.charges, s.invoice(third).State)
	}
	s.disputed("dp_2", payments[0].ID, billing.DisputeLost, 1210, 0)
	if s.card.charges != 2 || s.invoice(third).State != billing.InvoicePaid || s.invoice(second.ID).State != billing.InvoiceOpen {
		t.Fatalf("lost, and %d charges are made, the invoices are %s and %s", s.card.charges, s.invoice(second.ID).State, s.invoice(third).State)
	}
}

func TestLostDisputeOfBoughtCreditTakesTheCreditThatIsLeft(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	var inv billing.Invoice
	s.tx(func(q *db.Queries) (err error) {
		inv, err = s.billing.TopUp(s.ctx, q, billing.TopUpParams{CustomerID: c.ID, Amount: eur(2000)})
		return err
	})
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(2000), eur(0))
	s.hook(p.ID)
	if _, err := s.apply(s.sale(c, 1000), eur(0)); err != nil {
		t.Fatal(err)
	}
	s.work()
	s.disputed("dp_1", p.ID, billing.DisputeLost, 2000, 0)
	s.wants("lost", map[billing.Account]int64{"clearing:card": 0, billing.Credit: 0, billing.BadDebt: 1210})
}

func TestLostDisputeOfMoneyPaidTooMuchTakesTheCreditAndNotTheInvoice(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(1710), eur(0))
	s.hook(p.ID)
	if s.credit(c) != 500 {
		t.Fatalf("credit %d of what was paid too much", s.credit(c))
	}
	s.disputed("dp_1", p.ID, billing.DisputeLost, 500, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoicePaid || s.credit(c) != 0 {
		t.Fatalf("the invoice is %s, credit %d", got.State, s.credit(c))
	}
	s.wants("lost", map[billing.Account]int64{"clearing:card": 1210, billing.Receivable: 0, billing.BadDebt: 0})
}

func TestLostDisputeOfAnInvoiceRefundedToCreditTakesTheCredit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.paid(c, 1000)
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Reason: "gone", To: billing.BackToCredit})
		return err
	})
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
	s.wants("lost", map[billing.Account]int64{billing.Credit: 0, "clearing:card": 0, billing.BadDebt: 0, billing.Receivable: 0})
}

// bankSendsBack refunds a part of an invoice, which its customer's bank does not take: it is
// their credit then.
func (s *shop) bankSendsBack(inv billing.Invoice, minor int64) {
	s.t.Helper()
	note, err := s.refund(s.invoice(inv.ID), minor)
	s.must(err)
	s.work()
	refunds, err := s.billing.RefundsOf(s.ctx, s.store.Read(), note.ID)
	s.must(err)
	s.card.refunds[refunds[0].ID].State = "failed"
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.refundNotice("evt_back", "re_"+refunds[0].ID)))
	s.work()
}

func TestLostDisputeLeavesWhatGivenCreditHasPaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	g := s.give(c, 600, time.Time{})
	inv := s.sale(c, 1000) // 1210 due
	if _, err := s.apply(inv, eur(0)); err != nil {
		t.Fatal(err)
	}
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(610), eur(0))
	s.hook(p.ID)
	s.bankSendsBack(inv, 300)
	if _, err := s.apply(s.sale(c, 1000), eur(0)); err != nil || s.credit(c) != 0 {
		t.Fatalf("credit %d left, %v", s.credit(c), err)
	}
	s.disputed("dp_1", p.ID, billing.DisputeLost, 610, 0)
	if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(310) || s.balance(billing.BadDebt) != 300 {
		t.Fatalf("lost, and the invoice is %s with %s due, bad debt %d", got.State, got.Due(), s.balance(billing.BadDebt))
	}
	if _, err := s.refund(s.invoice(inv.ID), 0); err != nil {
		t.Fatal(err)
	}
	if st := s.standing(c); st.Own != eur(0) || len(st.Grants) != 1 || st.Grants[0].ID != g.ID || st.Grants[0].Left != eur(600) {
		t.Fatalf("credited, and the customer has %s of their own and the grants %v", st.Own, st.Grants)
	}
	s.agrees("credited")
}

func TestDisputedMoneyDoesNotBecomeCreditBeforeTheDisputeIsDecided(t *testing.T) {
	t.Parallel()
	for _, end := range []billing.DisputeState{billing.DisputeWon, billing.DisputeLost} {
		s := setup(t)
		c := s.customer("NL")
		inv, p := s.paid(c, 1000)
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
		for _, amount := range []int64{605, 0} {
			s.tx(func(q *db.Queries) error {
				_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: eur(amount), Reason: "ended", To: billing.BackToCredit})
				return err
			})
		}
		s.work()
		if s.credit(c) != 0 || !s.payment(p.ID).Refunded.IsZero() {
			t.Fatalf("disputed, and the customer has credit of %d, %s went back", s.credit(c), s.payment(p.ID).Refunded)
		}
		s.disputed("dp_1", p.ID, end, 1210, 0)
		s.work()
		if want := map[billing.DisputeState]int64{billing.DisputeWon: 1210}[end]; s.credit(c) != want || !s.payment(p.ID).Refunded.IsZero() {
			t.Errorf("%s: credit %d, want %d, %s went back", end, s.credit(c), want, s.payment(p.ID).Refunded)
		}
		for _, note := range s.notes(inv) {
			s.wantState(note.ID, billing.InvoicePaid)
		}
		s.wants(string(end), map[billing.Account]int64{"disputed:card": 0, billing.Receivable: 0, billing.Revenue: 0, billing.BadDebt: 0})
		s.agrees(string(end))
	}
}

func TestCreditThatWaitsForTwoDisputesComesAsEachIsWon(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.paid(c, 1000)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 600, 0)
	s.disputed("dp_2", p.ID, billing.DisputeOpen, 400, 0)
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Reason: "ended", To: billing.BackToCredit})
		return err
	})
	if s.credit(c) != 210 {
		t.Errorf("credit %d beside what is disputed", s.credit(c))
	}
	s.disputed("dp_1", p.ID, billing.DisputeWon, 600, 0)
	if s.credit(c) != 810 {
		t.Errorf("credit %d after the first was won", s.credit(c))
	}
	s.disputed("dp_2", p.ID, billing.DisputeLost, 400, 0)
	if s.credit(c) != 810 || s.balance(billing.Receivable) != 0 || s.invoice(s.notes(inv)[0].ID).State != billing.InvoicePaid {
		t.Errorf("credit %d in the end, receivable %d", s.credit(c), s.balance(billing.Receivable))
	}
	s.agrees("two disputes")
}

func TestWhatWaitsForADisputeIsNotSentAgainAsCredit(t *testing.T) {
	t.Parallel()
	for _, to := range []billing.BackTo{billing.BackToCredit, billing.BackToMethod} {
		s := setup(t)
		c := s.customer("NL")
		inv, p := s.paid(c, 1000)
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
		s.tx(func(q *db.Queries) error {
			_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Reason: "ended", To: to})
			return err
		})
		note := s.notes(inv)[0]
		err := s.store.Tx(s.ctx, func(q *db.Queries) error {
			_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: note.ID, Reason: "again", To: billing.BackToCredit})
			return err
		})
		if !fault.Is(err, "over_refund") || s.credit(c) != 0 {
			t.Errorf("first to %s: %v, credit %d", to, err, s.credit(c))
		}
		s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
		s.agrees("lost")
	}
}
