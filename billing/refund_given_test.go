package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
)

// partGiven is an invoice of 12.10 that given credit has paid 10.00 of, while a payment of all of
// it was on its way: 2.10 of that counts, the rest is the customer's own credit.
func (s *shop) partGiven(c account.Customer) (billing.Invoice, billing.Payment) {
	s.t.Helper()
	s.give(c, 1000, time.Time{})
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	if _, err := s.apply(inv, eur(0)); err != nil {
		s.t.Fatal(err)
	}
	s.card.pay(p.ID, inv.Gross, eur(0)) // before it could be cancelled
	s.hook(p.ID)
	return s.invoice(inv.ID), s.payment(p.ID)
}

func TestWhatWasGivenNeverBecomesMoney(t *testing.T) {
	t.Parallel()
	for how, refund := range map[string]func(s *shop, inv billing.Invoice) error{
		"to the card": func(s *shop, inv billing.Invoice) error { _, err := s.refund(inv, 0); return err },
		"in parts": func(s *shop, inv billing.Invoice) error {
			return s.refundIn(inv, 605, billing.BackToMethod, billing.BackToCredit)
		},
		"in parts, other": func(s *shop, inv billing.Invoice) error {
			return s.refundIn(inv, 605, billing.BackToCredit, billing.BackToMethod)
		},
		"as a failed line": func(s *shop, inv billing.Invoice) error {
			return s.refundLine(inv, 0, billing.RefundAuto)
		},
	} {
		s := setup(t)
		c := s.customer("NL")
		inv, p := s.partGiven(c)
		if err := refund(s, inv); err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		s.work()
		st := s.standing(c)
		if st.Given != eur(1000) || s.payment(p.ID).Refunded.Add(st.Own) != eur(1210) {
			t.Errorf("%s: %s to the card, %s given, %s own", how, s.payment(p.ID).Refunded, st.Given, st.Own)
		}
	}
}

// refundIn refunds an invoice in two parts, each to its own way.
func (s *shop) refundIn(inv billing.Invoice, first int64, to, rest billing.BackTo) error {
	return s.store.Tx(s.ctx, func(q *db.Queries) error {
		_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: eur(first), Reason: "part", To: to})
		if err != nil {
			return err
		}
		_, err = s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Reason: "rest", To: rest})
		return err
	})
}

func TestARefundThatComesBackIsNotSentASecondTimeInPlaceOfWhatWasGiven(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.give(c, 1000, time.Time{})
	inv := s.sale(c, 1000)
	if _, err := s.apply(inv, eur(0)); err != nil {
		t.Fatal(err)
	}
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(210), eur(0))
	s.hook(p.ID)
	if _, err := s.refund(s.invoice(inv.ID), 210); err != nil {
		t.Fatal(err)
	}
	s.work()
	for id, r := range s.card.refunds {
		r.State, r.Code = "failed", "account_closed"
		s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.refundNotice("evt_back", "re_"+id)))
	}
	s.work()
	if _, err := s.refund(s.invoice(inv.ID), 0); err != nil {
		t.Fatal(err)
	}
	s.work()
	if st := s.standing(c); st.Given != eur(1000) || st.Own != eur(210) || !s.payment(p.ID).Refunded.IsZero() {
		t.Fatalf("given %s, own %s, refunded %s", st.Given, st.Own, s.payment(p.ID).Refunded)
	}
}

func TestADisputeOfMoreThanAPaymentPaidDoesNotEatWhatWasGiven(t *testing.T) {
	t.Parallel()
	for _, end := range []billing.DisputeState{billing.DisputeWon, billing.DisputeLost} {
		s := setup(t)
		c := s.customer("NL")
		inv, p := s.partGiven(c)
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 1210, 0)
		if _, err := s.refund(inv, 0); err != nil {
			t.Fatal(err)
		}
		s.work()
		s.disputed("dp_1", p.ID, end, 1210, 0)
		s.work()
		st, want := s.standing(c), eur(1000)
		if end == billing.DisputeLost {
			want = eur(0) // the bank has given it to them
		}
		if st.Given != eur(1000) || st.Own != want || s.balance(billing.Receivable) != 0 || s.balance(billing.BadDebt) != 0 {
			t.Errorf("%s: given %s, own %s, receivable %d, bad debt %d", end, st.Given, st.Own, s.balance(billing.Receivable), s.balance(billing.BadDebt))
		}
	}
}

func TestMoneyThatIsOwedAgainAndPaidComesBackBesideWhatWasGiven(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.partGiven(c)
	if _, err := s.apply(s.sale(c, 1000), eur(1000)); err != nil { // spends what was too much
		t.Fatal(err)
	}
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1210, 0)
	again := s.begin(s.invoice(inv.ID), "card")
	s.card.pay(again.ID, again.Amount, eur(0))
	s.hook(again.ID)
	if _, err := s.refund(s.invoice(inv.ID), 0); err != nil {
		t.Fatal(err)
	}
	s.work()
	if st := s.standing(c); st.Given != eur(1000) || !st.Own.IsZero() || s.payment(again.ID).Refunded != eur(210) {
		t.Fatalf("given %s, own %s, refunded %s of %s", st.Given, st.Own, s.payment(again.ID).Refunded, again.Amount)
	}
}

func TestWhatIsPaidOfAReplacedInvoiceGoesBackToWhereItCameFrom(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	old, p := s.paid(c, 1000)
	s.confirmVAT(c, account.VATConfirmed)
	fresh := s.replacement(old) // 10.00 without VAT, which went back
	s.disputed("dp_1", p.ID, billing.DisputeLost, 1000, 0)
	s.give(c, 400, time.Time{})
	if _, err := s.apply(fresh, eur(0)); err != nil {
		t.Fatal(err)
	}
	again := s.begin(s.invoice(fresh.ID), "card")
	s.card.pay(again.ID, eur(600), eur(0))
	s.hook(again.ID)
	if _, err := s.refund(s.invoice(fresh.ID), 0); err != nil {
		t.Fatal(err)
	}
	s.work()
	if st := s.standing(c); st.Given != eur(400) || !st.Own.IsZero() || s.payment(again.ID).Refunded != eur(600) {
		t.Fatalf("given %s, own %s, refunded %s", st.Given, st.Own, s.payment(again.ID).Refunded)
	}
}
