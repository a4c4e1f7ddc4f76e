package billing_test

import (
	"slices"
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// atLeast is a gateway whose provider charges nothing below half a unit.
type atLeast struct{ *memory }

func (g atLeast) LeastCharge(c money.Currency) money.Amount { return money.New(50, c) }

func withLeast(t *testing.T) *shop {
	t.Helper()
	card := newMemory("card")
	s := setup(t, func(c *billing.Config) {
		c.Gateways = []billing.Gateway{atLeast{card}, &byHand{newMemory("transfer")}}
	})
	s.card = card
	return s
}

// month bills the next period of a subscription, lets its charge be made and gives its invoice.
func (s *shop) month(sub billing.Subscription) billing.Invoice {
	s.t.Helper()
	before := len(s.periods(sub))
	s.advance(30 * aDay)
	s.renew()
	s.work()
	periods := s.periods(sub)
	if len(periods) != before+1 {
		s.t.Fatalf("%d periods became %d", before, len(periods))
	}
	return s.invoice(periods[before].InvoiceID)
}

// cents is a subscription of 0.12 a month.
func (s *shop) cents(c account.Customer) billing.Subscription {
	return s.subscription(billing.SubscriptionParams{
		CustomerID: c.ID, Kind: billing.HostingSubscription, Description: "Hosting XS", Cycle: "month",
		Net: eur(10), Cost: eur(4), Anchor: s.clock.Now(),
	})
}

// wantCarried holds what a customer's next invoice will ask for.
func (s *shop) wantCarried(c account.Customer, want int64) {
	s.t.Helper()
	got, err := s.store.Read().CarriedOfCustomer(s.ctx, c.ID)
	s.must(err)
	if got != want {
		s.t.Fatalf("%d cents are carried, want %d", got, want)
	}
}

func (s *shop) paymentsOf(inv billing.Invoice) []billing.Payment {
	s.t.Helper()
	all, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), inv.ID)
	s.must(err)
	return all
}

func TestWhatIsTooLittleToChargeIsAskedForByTheNextInvoice(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	c := s.withCard("NL")
	sub := s.cents(c)
	for month := int64(1); month <= 4; month++ {
		inv := s.month(sub)
		s.wantState(inv.ID, billing.InvoicePaid)
		if len(s.paymentsOf(inv)) != 0 {
			t.Fatal("a charge was made that no card pays")
		}
		s.wantCarried(c, 12*month)
	}
	inv := s.month(sub)
	s.wantState(inv.ID, billing.InvoicePaid)
	if p := s.paymentsOf(inv); len(p) != 1 || p[0].Received != eur(60) {
		t.Fatalf("the fifth month was charged by %+v", p)
	}
	s.wantCarried(c, 0)
}

func TestCreditLeavesARenewalEnoughToCharge(t *testing.T) {
	t.Parallel()
	for credit, want := range map[int64]struct{ charged, left int64 }{
		1195: {50, 35}, 1160: {50, 0}, 1170: {50, 10}, 100: {1110, 0}, 1210: {0, 0}, 1300: {0, 90},
	} {
		s := withLeast(t)
		c := s.withCard("NL")
		sub := s.hosted(c, 1000)
		s.surplus(c, credit)
		inv := s.month(sub)
		s.wantState(inv.ID, billing.InvoicePaid)
		charged := int64(0)
		for _, p := range s.paymentsOf(inv) {
			charged += p.Received.Minor
		}
		if charged != want.charged || s.credit(c) != want.left {
			t.Errorf("with %d of credit %d was charged and %d is left, want %+v", credit, charged, s.credit(c), want)
		}
		s.wantCarried(c, 0)
	}
}

func TestAChangeOfACentIsMadeAtOnce(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	made := s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("prd_m", 1001, "month")})
	got, err := s.billing.ChangeByID(s.ctx, s.store.Read(), made.ID)
	s.must(err)
	inv := s.invoice(made.InvoiceID)
	if got.State != "done" || inv.State != billing.InvoicePaid || !inv.Gross.IsPositive() {
		t.Fatalf("the change is %s, its invoice of %s %s", got.State, inv.Gross, inv.State)
	}
	s.wantCarried(c, inv.Gross.Minor)
	next := s.month(sub)
	if p := s.paymentsOf(next); len(p) != 1 || p[0].Received != next.Gross.Add(inv.Gross) {
		t.Fatalf("the next month of %s, with %s of the change, was charged by %+v", next.Gross, inv.Gross, p)
	}
	s.wantCarried(c, 0)
}

func TestPayingTooLittleNamesTheMinimumAndTheOtherWays(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	c := s.customer("NL")
	inv := s.sale(c, 10)
	_, err := s.billing.Pay(s.ctx, c.ID, inv.ID, billing.PaymentParams{Gateway: "card"})
	e, ok := fault.As(err)
	if !ok || e.Code != "amount_below_minimum" || e.Extra["minimum"] != eur(50) {
		t.Fatalf("paying 0.12 by card: %v", err)
	}
	if ways, ok := e.Extra["gateways"].([]string); !ok || !slices.Equal(ways, []string{"transfer"}) {
		t.Errorf("the other ways are %v", e.Extra["gateways"])
	}
	s.wantState(inv.ID, billing.InvoiceOpen) // an order is not delivered unpaid
	p := s.begin(inv, "transfer")
	_, err = s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: p.ID, Amount: inv.Gross, Reference: "bank"})
	s.must(err)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestARestThatNobodyCanChargeEndsTheScheduledCharge(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	s.advance(24 * aDay)
	s.renew() // the charge comes with the period
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	s.surplus(c, 1195)
	if got, err := s.apply(inv, money.Amount{}); err != nil || got != eur(1195) {
		t.Fatalf("applied %s, %v", got, err)
	}
	s.wantState(inv.ID, billing.InvoicePaid)
	s.wantCarried(c, 15)
	s.advance(8 * aDay)
	s.work()
	for _, p := range s.paymentsOf(inv) {
		if p.State != billing.PaymentCancelled {
			t.Errorf("a payment of 0.15 is %s", p.State)
		}
	}
}

func TestNobodyIsDunnedForWhatNobodyCanCharge(t *testing.T) {
	t.Parallel()
	s := withLeast(t)
	sub := s.subscribe(s.byHand(), s.clock.Now())
	s.advance(24 * aDay)
	s.renew()
	inv := s.invoice(s.periods(sub)[1].InvoiceID)
	// A rest of an older shop, which did not carry yet.
	s.tx(func(q *db.Queries) error {
		_, err := s.billing.ApplyCredit(s.ctx, q, inv.CustomerID, inv.ID, money.Amount{})
		if err != nil {
			return err
		}
		_, err = q.InvoiceAddPaid(s.ctx, db.InvoiceAddPaidParams{ID: inv.ID, OldPaid: 0, NewPaid: 1195})
		if err != nil {
			return err
		}
		for i, e := range []struct {
			account string
			amount  int64
		}{{"bank", 1195}, {"receivable", -1195}} {
			_, err = q.LedgerInsert(s.ctx, db.LedgerInsertParams{
				ID: s.store.NewID("led"), Kind: "payment", Subject: "old", Position: int64(i), Account: e.account, Currency: "EUR",
				Amount: e.amount, CustomerID: inv.CustomerID, InvoiceID: inv.ID, BookedAt: db.At(s.clock.Now()),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.advance(20 * aDay)
	s.lapse()
	s.wantState(inv.ID, billing.InvoicePaid)
	if got := s.reload(sub).State; got != billing.SubscriptionActive {
		t.Errorf("the subscription is %s", got)
	}
}

func TestWhatAWithdrawnInvoiceAskedForIsCarriedOn(t *testing.T) {
	t.Parallel()
	for name, withdraw := range map[string]func(*shop, billing.Subscription, billing.Invoice){
		"voided": func(s *shop, sub billing.Subscription, _ billing.Invoice) {
			s.cancel(sub, billing.CancelParams{})
		},
		"paid from credit": func(s *shop, _ billing.Subscription, inv billing.Invoice) {
			s.give(s.customerOf(inv), 1300, s.clock.Now().Add(90*aDay))
			if got, err := s.apply(inv, money.Amount{}); err != nil || got != eur(1210) {
				s.t.Errorf("applied %s, %v", got, err) // given credit never pays more than the invoice
			}
			s.wantState(inv.ID, billing.InvoicePaid)
		},
		"credited": func(s *shop, sub billing.Subscription, inv billing.Invoice) {
			s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
			s.tx(func(q *db.Queries) error {
				_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: inv.Gross, Reason: "never wanted"})
				return err
			})
			if got := s.periods(sub)[1].State; got == "paid" {
				s.t.Error("what was credited whole counts as paid for")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withLeast(t)
			c := s.withCard("NL")
			sub := s.cents(c)
			s.month(sub)
			s.cancel(sub, billing.CancelParams{})
			s.wantCarried(c, 12)
			later := s.hosted(c, 1000)
			s.advance(24 * aDay)
			s.renew()
			inv := s.invoice(s.periods(later)[1].InvoiceID)
			if inv.Due() != inv.Gross.Add(eur(12)) {
				t.Fatalf("of an invoice of %s %s is due", inv.Gross, inv.Due())
			}
			withdraw(s, later, inv)
			s.wantCarried(c, 12)
		})
	}
}

func (s *shop) customerOf(inv billing.Invoice) account.Customer {
	s.t.Helper()
	c, err := s.accounts.Customer(s.ctx, s.store.Read(), inv.CustomerID)
	s.must(err)
	return c
}
