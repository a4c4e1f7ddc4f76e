package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
)

// agrees holds that the books and the disputes say the same.
func (s *shop) agrees(step string) {
	s.t.Helper()
	q := s.store.Read()
	held, err := q.AuditDisputesOff(s.ctx)
	s.must(err)
	counted, err := q.AuditPaymentsDisputedOff(s.ctx)
	s.must(err)
	notes, err := q.AuditNotesOff(s.ctx)
	s.must(err)
	owed, err := q.AuditReceivableOff(s.ctx)
	s.must(err)
	clearing, err := q.AuditClearingOff(s.ctx)
	s.must(err)
	off := int64(0)
	for _, c := range clearing {
		off += max(c.Off, -c.Off)
	}
	if len(held)+len(counted)+len(notes)+len(owed) > 0 || off != 0 {
		s.t.Fatalf("%s: held %v, counted %v, notes %v, owed %v, clearing %v", step, held, counted, notes, owed, clearing)
	}
}

func TestADisputeWhoseAmountIsToldLaterIsBookedByThatAmount(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeInquiry, 0, 0)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 0, 0)
	s.wants("open, nobody knows how much", map[billing.Account]int64{"clearing:card": 1210, "disputed:card": 0})
	if all, err := s.billing.Disputes(s.ctx, billing.DisputeOpen, "", 10); err != nil || len(all) != 1 || !all[0].Amount.IsZero() {
		t.Fatalf("disputes %+v, %v", all, err)
	}
	if !s.frozen(inv.CustomerID) || s.alarms()["dispute_open"] != 1 {
		t.Fatal("a dispute of an unknown amount freezes nothing")
	}
	s.agrees("unknown")
	for _, told := range []struct{ amount, fee int64 }{{710, 0}, {710, 1500}, {1210, 1500}, {510, 1500}} {
		s.disputed("dp_1", p.ID, billing.DisputeOpen, told.amount, told.fee)
		s.disputed("dp_1", p.ID, billing.DisputeOpen, 0, told.fee) // says nothing of it
		s.wants("told", map[billing.Account]int64{"clearing:card": 1210 - told.amount - told.fee, "disputed:card": told.amount + told.fee})
		s.agrees("told")
	}
	s.disputed("dp_1", p.ID, billing.DisputeWon, 510, 0)
	s.wants("won", map[billing.Account]int64{"clearing:card": 1210, "disputed:card": 0, "fees:card": 0})
	s.agrees("won")
}

func TestALostDisputeOfAnUnknownAmountStaysOpenUntilItIsTold(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeLost, 0, 1500)
	if got := s.invoice(inv.ID); got.State != billing.InvoicePaid || !s.frozen(inv.CustomerID) {
		t.Fatalf("the invoice is %s, frozen %v", got.State, s.frozen(inv.CustomerID))
	}
	s.agrees("unknown")
	s.card.dispute("dp_1", p.ID, billing.DisputeLost, 1210, 1500)
	s.advance(25 * time.Hour)
	_, err := s.billing.Reconcile(s.ctx) // no webhook comes
	s.must(err)
	if got := s.invoice(inv.ID); got.Due() != eur(1210) || s.frozen(inv.CustomerID) {
		t.Fatalf("%s is due, frozen %v", got.Due(), s.frozen(inv.CustomerID))
	}
	s.agrees("lost")
}

func TestNothingIsSentBackOfWhatADisputeOfAnUnknownAmountMayHold(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 0, 0)
	note, err := s.refund(inv, 1210)
	s.must(err)
	s.work()
	if got := s.payment(p.ID); got.Refunded.Minor != 0 || s.credit(account.Customer{ID: inv.CustomerID}) != 0 {
		t.Fatalf("refunded %s, credit %d, beside what the dispute may hold", got.Refunded, s.credit(account.Customer{ID: inv.CustomerID}))
	}
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 500, 0)
	if got := s.payment(p.ID); got.Refunded.Minor != 710 || s.invoice(note.ID).State != billing.InvoiceOpen {
		t.Fatalf("5.00 is disputed: refunded %s, the note is %s", got.Refunded, s.invoice(note.ID).State)
	}
	s.agrees("known")
	s.disputed("dp_1", p.ID, billing.DisputeLost, 500, 0)
	s.wants("lost", map[billing.Account]int64{"clearing:card": 0, "disputed:card": 0, billing.Receivable: 0, billing.BadDebt: 0})
	if s.invoice(note.ID).State != billing.InvoicePaid {
		t.Fatalf("the note is %s", s.invoice(note.ID).State)
	}
	s.agrees("lost")
}

func TestWhatWaitedForADisputeIsCreditWhereItsPaymentHasGoneBackAlready(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	s.surplus(c, 1210)
	inv, p := s.paid(c, 1000)
	if _, err := s.payOut(c, 1210); err != nil { // by the newest payment
		t.Fatal(err)
	}
	s.work()
	s.disputed("dp_1", p.ID, billing.DisputeOpen, 100, 0)
	note, err := s.refund(inv, 1210)
	s.must(err)
	s.work()
	if s.payment(p.ID).Refunded != eur(1210) || s.credit(c) != 1110 || s.invoice(note.ID).State != billing.InvoiceOpen {
		t.Fatalf("%s went back, %d is credit, the note is %s", s.payment(p.ID).Refunded, s.credit(c), s.invoice(note.ID).State)
	}
	s.disputed("dp_1", p.ID, billing.DisputeWon, 100, 0)
	if s.credit(c) != 1210 || s.invoice(note.ID).State != billing.InvoicePaid || s.questions() != 0 {
		t.Fatalf("won, %d is credit, the note is %s", s.credit(c), s.invoice(note.ID).State)
	}
}
