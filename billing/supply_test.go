package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// begun is a subscription by hand whose second period has begun and is not paid, 28 February.
func (s *shop) begun() (account.Customer, billing.Subscription, billing.Invoice) {
	s.t.Helper()
	c := s.byHand()
	sub := s.hosted(c, 1000)
	s.advance(22 * aDay)
	s.renew()
	s.lapse()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	if inv.Number != "" {
		s.t.Fatalf("numbered %s before its period begins", inv.Number)
	}
	s.advance(6 * aDay)
	s.lapse()
	return c, sub, s.invoice(inv.ID)
}

// costs is what deliveries have cost so far.
func (s *shop) costs() int64 { return s.balance(billing.UpstreamCost) }

func TestARenewalIsNumberedAndBookedOnceWhenItsPeriodBeginsUnpaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before := s.costs()
	_, sub, inv := s.begun()
	if inv.Number == "" || inv.State != billing.InvoiceOpen || !inv.NumberedAt.Equal(s.clock.Now()) || s.reload(sub).State != billing.SubscriptionPastDue {
		t.Fatalf("supplied, and the invoice is %+v", inv)
	}
	booked := map[billing.Account]int64{billing.Receivable: 1210, billing.Revenue: -2000, billing.VAT: -420, billing.UpstreamCost: before + 500}
	s.wants("supplied", booked)
	if s.lapse().Supplied != 0 {
		t.Fatal("supplied twice")
	}
	s.pays(inv)
	booked[billing.Receivable] = 0
	s.wants("paid", booked)
	if got := s.invoice(inv.ID); got.Number != inv.Number || got.State != billing.InvoicePaid || s.reload(sub).State != billing.SubscriptionActive {
		t.Fatalf("paid, and the invoice is %s %s", got.Number, got.State)
	}
}

func TestASuppliedInvoiceIsNotVoided(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, sub, inv := s.begun()
	err := s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.Void(s.ctx, q, inv.ID) })
	if !fault.Is(err, "invoice_numbered") {
		t.Fatalf("voided: %v", err)
	}
	note, err := s.refund(inv, 0)
	s.must(err)
	s.wants("waived", map[billing.Account]int64{billing.Receivable: 0, billing.Revenue: -1000, billing.VAT: -210})
	if note.Number == "" || s.reload(sub).State != billing.SubscriptionActive || s.invoice(inv.ID).Number != inv.Number {
		t.Fatalf("the note is %q, the subscription %s", note.Number, s.reload(sub).State)
	}
}

func TestASuppliedInvoiceThatIsGivenUpIsABadDebtAndBookedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before := s.costs()
	_, _, inv := s.begun()
	s.givesUp(inv)
	s.wants("given up", map[billing.Account]int64{
		billing.Receivable: 0, billing.Revenue: -2000, billing.BadDebt: 1000, billing.BadDebtVAT: 210, billing.UpstreamCost: before + 500,
	})
	if got := s.invoice(inv.ID); got.State != billing.InvoiceUncollectible || got.Number != inv.Number {
		t.Fatalf("the invoice is %s %s", got.Number, got.State)
	}
}

func TestASuppliedInvoiceIsOwedByWhoeverCancelsInItsPeriod(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, sub, inv := s.begun()
	s.advance(aDay)
	s.cancel(sub, billing.CancelParams{When: billing.AtOnce, Rest: billing.CreditRest})
	if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(1210) {
		t.Fatalf("the invoice is %s, %s due", got.State, got.Due())
	}
	s.pays(inv)
	s.wants("paid", map[billing.Account]int64{billing.Receivable: 0, billing.Revenue: -2000})
}

func TestWhatIsPaidAsItsPeriodBeginsIsNumberedByItsPayment(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	s.advance(6 * aDay)
	if report := s.lapse(); report.Supplied != 0 || report.Waiting != 1 {
		t.Fatalf("numbered before the charge that is due now: %+v", report)
	}
	s.work()
	s.wantState(s.periods(sub)[1].InvoiceID, billing.InvoicePaid)
}

func TestADebitUnderWayDoesNotKeepWhatIsSuppliedFromItsNumber(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.advance(22 * aDay)
	s.renew()
	s.card.state = billing.PaymentProcessing
	s.advance(6 * aDay)
	s.work()
	report := s.lapse()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	if report.Supplied != 1 || report.Overdue != 0 || inv.Number == "" || s.reload(sub).State != billing.SubscriptionActive {
		t.Fatalf("report %+v, number %q", report, inv.Number)
	}
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	s.card.pay(payments[0].ID, inv.Gross, eur(0))
	s.hook(payments[0].ID)
	s.wants("debited", map[billing.Account]int64{billing.Receivable: 0, billing.Revenue: -2100}) // 1.00 of it saved the card
}

func TestNeitherANameNorSuspendedHostingIsSuppliedUnpaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	name := s.domain("NL", false, s.clock.Now().AddDate(0, 2, 0))
	sub := s.hosted(s.byHand(), 1000)
	s.advance(22 * aDay)
	s.renew()
	s.tx(func(q *db.Queries) error { return s.billing.SuspendSubscription(s.ctx, q, sub.ID) })
	s.advance(60 * aDay)
	s.renew()
	if report := s.lapse(); report.Supplied != 0 || report.Overdue != 2 {
		t.Fatalf("report %+v", report)
	}
	for _, of := range []billing.Subscription{name, sub} {
		for _, p := range s.periods(of)[1:] {
			if inv := s.invoice(p.InvoiceID); inv.State == billing.InvoiceOpen && inv.Number != "" {
				t.Fatalf("%s is numbered %s", of.Description, inv.Number)
			}
		}
	}
}

func TestEachPeriodOfADowntimeIsNumberedInTheirOrder(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.byHand(), 1000)
	s.advance(95 * aDay)
	s.renew()
	s.lapse()
	last := ""
	for _, p := range s.periods(sub)[1:] {
		if p.Start.After(s.clock.Now()) {
			continue
		}
		number := s.invoice(p.InvoiceID).Number
		if number <= last {
			t.Fatalf("the period from %s is numbered %q after %q", p.Start.Format(time.DateOnly), number, last)
		}
		last = number
	}
	if last == "" {
		t.Fatal("nothing is numbered")
	}
}
