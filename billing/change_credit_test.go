package billing_test

import (
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// upgraded is a subscription of 10.00 a month whose last three quarters were changed to 30.00.
func (s *shop) upgraded() (first, made billing.Invoice, sub billing.Subscription) {
	s.t.Helper()
	sub = s.hosted(s.withCard("NL"), 1000)
	s.advance(7 * aDay)
	c := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	return s.invoice(s.periods(sub)[0].InvoiceID), s.invoice(c.InvoiceID), sub
}

func TestWhatAChangeHasCreditedIsNotRefundedAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	first, made, _ := s.upgraded() // 7.50 of the first 10.00 went into the change, which cost 22.50
	if l := s.invoice(first.ID).Lines[0]; l.CreditedNet != eur(750) || l.CreditedVAT != made.Lines[0].VAT.Neg() {
		t.Fatalf("of the line %s and %s count as credited", l.CreditedNet, l.CreditedVAT)
	}
	if _, err := s.refund(first, 304); !fault.Is(err, "over_refund") {
		t.Fatalf("what the change has credited was refunded: %v", err)
	}
	back := eur(0)
	for _, inv := range []billing.Invoice{first, made} {
		note, err := s.refund(inv, 0)
		s.must(err)
		back = back.Add(note.Gross)
	}
	s.work()
	if back != eur(-302-1815) {
		t.Fatalf("%s went back", back)
	}
	for _, line := range []string{made.Lines[1].ID, made.Lines[0].ID} {
		_, err := s.refundOf(made, line)
		if !fault.Is(err, "over_refund") && line == made.Lines[0].ID {
			t.Fatalf("the credit line was refunded: %v", err)
		}
	}
	s.work()
	if s.balance("clearing:card") != 121 || s.balance(billing.Revenue) != -100 || s.balance(billing.Credit) != 0 { // what saved the card
		t.Fatalf("clearing %d, revenue %d, credit %d", s.balance("clearing:card"), s.balance(billing.Revenue), s.balance(billing.Credit))
	}
}

func (s *shop) refundOf(inv billing.Invoice, line string) (note billing.Invoice, err error) {
	err = s.store.Tx(s.ctx, func(q *db.Queries) error {
		note, err = s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, LineID: line, Reason: "line"})
		return err
	})
	return note, err
}

func TestALineOfAChangeIsRefundedByEachPaymentThatPaidIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	first, made, _ := s.upgraded()
	note, err := s.refundOf(made, made.Lines[1].ID) // 22.50: 15.00 by the change, 7.50 by the first invoice
	s.must(err)
	s.work()
	older := s.notes(first)
	if note.Gross != eur(-1815) || len(older) != 1 || older[0].Net != eur(-750) || s.balance(billing.Credit) != 0 {
		t.Fatalf("the note is of %s, those of the first invoice %+v, credit %d", note.Gross, older, s.balance(billing.Credit))
	}
	if l := s.invoice(first.ID).Lines[0]; l.CreditedNet != eur(750) {
		t.Fatalf("%s is credited of the first line", l.CreditedNet)
	}
	if _, err := s.refund(made, 1); !fault.Is(err, "over_refund") {
		t.Fatalf("more than was left: %v", err)
	}
}

func TestAChangeThatGivenCreditPaidForIsNotPaidBackAsMoney(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	grant := s.give(c, 1210, s.clock.Now().AddDate(1, 0, 0))
	inv := s.sale(c, 1000)
	if _, err := s.apply(inv, eur(0)); err != nil {
		t.Fatal(err)
	}
	sub := s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.HostingSubscription, Description: "Hosting S", ProductID: "prd_s", Cycle: "month",
		Net: eur(1000), Cost: eur(500), Anchor: s.clock.Now(), InvoiceID: inv.ID, FirstNet: eur(1000), OrderLineID: inv.Lines[0].Subject,
	})
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 1100, "month"), When: billing.ChangeNow})
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("XL", 1200, "month"), When: billing.ChangeNow})
	p := billing.ChangeParams{SubscriptionID: sub.ID, To: target("S", 100, "month"), When: billing.ChangeNow}
	shown := s.preview(p)
	p.AsOf, p.Token = shown.AsOf, shown.Token
	s.change(p) // 11.00 back: 1.00 of each change, then what was given
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	st := s.standing(c)
	if st.Own.Minor > 2*121 || st.Own.Minor < 2*121-2 || grant.Amount.Sub(st.Given).Minor > 2 {
		t.Fatalf("%s is their own, %s given", st.Own, st.Given)
	}
}

func TestARefundMeanwhileWithdrawsAChangeThatCountsOnIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(7 * aDay)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow, TaskKind: "test.deliver"})
	first := s.invoice(s.periods(sub)[0].InvoiceID)
	if _, err := s.refund(first, 302); err != nil { // what was used of it
		t.Fatal(err)
	}
	s.wantState(made.InvoiceID, billing.InvoiceOpen)
	if _, err := s.refund(first, 1); err != nil {
		t.Fatal(err)
	}
	s.wantState(made.InvoiceID, billing.InvoiceVoid)
	if got := s.reload(sub); got.ChangeID != "" || got.ProductID != "prd_s" || got.NextInvoiceAt.IsZero() {
		t.Fatalf("subscription %+v", got)
	}
}

func TestAChangeThatIsPaidWhenWhatItCountedOnIsGoneGivesTheMoneyAsCredit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.byHand()
	sub := s.hosted(c, 1000)
	s.advance(7 * aDay)
	delivered := len(s.delivered)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow, TaskKind: "test.deliver"})
	inv := s.invoice(made.InvoiceID)
	p := s.begin(inv, "card")
	first := s.invoice(s.periods(sub)[0].InvoiceID)
	if _, err := s.refund(first, 0); err != nil { // while the customer is at the pay page
		t.Fatal(err)
	}
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	got := s.reload(sub)
	if got.ProductID != "prd_s" || got.ChangeID != "" || got.NextInvoiceAt.IsZero() || len(s.delivered) != delivered {
		t.Fatalf("changed into %+v, delivered %v", got, s.delivered)
	}
	if s.credit(c) != inv.Gross.Minor || s.alarms()["change_not_made"] != 1 || s.balance(billing.Revenue) != 0 {
		t.Fatalf("credit %d, alarms %v, revenue %d", s.credit(c), s.alarms(), s.balance(billing.Revenue))
	}
	s.wantPeriods(sub, "01-31 02-28 paid")
	if left := s.invoice(first.ID).Lines[0]; left.CreditedNet != left.Net {
		t.Fatalf("%s of %s is credited", left.CreditedNet, left.Net)
	}
}

func TestACancellationAtOnceGivesBackWhatAnUpgradeTookOver(t *testing.T) {
	t.Parallel()
	s := setup(t)
	first, made, sub := s.upgraded()
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if got := s.balance(billing.Credit); got != -2722 && got != -2723 {
		t.Fatalf("credit %d of 22.50 and 21 %%", got)
	}
	if notes := s.notes(first); len(notes) != 1 || notes[0].Net != eur(-750) {
		t.Fatalf("credit notes of the first invoice: %+v", notes)
	}
	if notes := s.notes(made); len(notes) != 1 || notes[0].Net != eur(-1500) {
		t.Fatalf("credit notes of the change: %+v", notes)
	}
}

func TestACreditLineGivesNoMoreVATBackThanIsLeft(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	sub := s.hosted(c, 13) // and 0.02 of VAT
	first := s.invoice(s.periods(sub)[0].InvoiceID)
	if _, err := s.refund(first, 10); err != nil { // 0.08 and all of the VAT
		t.Fatal(err)
	}
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 2000, "month"), When: billing.ChangeNow})
	if l := s.invoice(made.InvoiceID).Lines[0]; l.Net != eur(-5) || !l.VAT.IsZero() {
		t.Fatalf("%s and %s go back", l.Net, l.VAT)
	}
	s.confirmVAT(c, account.VATConfirmed) // and then it is not taxed at all
	s.confirmVAT(c, account.VATPending)
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	for _, inv := range s.purchases(c) {
		for _, l := range inv.Lines {
			if l.VAT.IsNegative() {
				t.Fatalf("%s of VAT goes back that was given back before", l.VAT)
			}
		}
	}
}

// purchases are a customer's invoices with their lines.
func (s *shop) purchases(c account.Customer) (all []billing.Invoice) {
	s.t.Helper()
	page, err := s.billing.Invoices(s.ctx, c.ID, "", 100)
	s.must(err)
	for _, inv := range page {
		if !inv.CreditNote {
			all = append(all, s.invoice(inv.ID))
		}
	}
	return all
}

func TestAnInvoiceWhoseRestALaterChangeTookOverIsNotRefundedBelowNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	up := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 2000, "month"), When: billing.ChangeNow})
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	first := s.invoice(up.InvoiceID)
	s.tx(func(q *db.Queries) error {
		return s.billing.RefundLine(s.ctx, q, billing.RefundLineParams{InvoiceID: first.ID, LineSubject: sub.ID, Reason: "failed", Policy: billing.RefundAuto})
	})
	if notes := s.notes(first); len(notes) != 0 {
		t.Fatalf("credit notes %+v", notes)
	}
	if _, err := s.refund(first, 0); !fault.Is(err, "over_refund") {
		t.Fatalf("refunded: %v", err)
	}
}

func TestTwoPeriodsThatWereChangedTwiceAreGivenBackTogether(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	s.payByCard(s.invoice(s.periods(sub)[1].InvoiceID)) // both periods are paid
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 1001, "month"), When: billing.ChangeNow})
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 1002, "month"), When: billing.ChangeNow})
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if got := -s.balance(billing.Credit); got < 1470 || got > 1478 { // 2.15 and 10.02, and 21 % on it
		t.Fatalf("credit %d", got)
	}
}

// payByCard pays an invoice by card.
func (s *shop) payByCard(inv billing.Invoice) {
	s.t.Helper()
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Due(), eur(0))
	s.hook(p.ID)
}
