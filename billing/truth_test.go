package billing_test

import (
	"context"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

func TestSecondObjectAtTheProviderDoesNotEndTheFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.intents["ghost"] = &billing.Status{Reference: "pi_ghost", PaymentID: p.ID, State: billing.PaymentCancelled}
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice("evt_ghost", "pi_ghost")))
	s.work()
	if got := s.payment(p.ID); got.State != billing.PaymentRequiresAction || got.Reference != "pi_"+p.ID {
		t.Fatalf("the payment is %s at %s", got.State, got.Reference)
	}
	s.card.pay(p.ID, inv.Gross, eur(0)) // and its webhook is lost
	s.advance(time.Hour)
	_, err := s.billing.Reconcile(s.ctx)
	s.must(err)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestRefundThatTheBankSendsBackIsOwedToTheCustomerAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, p := s.paid(c, 1000)
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	if s.balance("clearing:card") != 0 {
		t.Fatal("the refund was not booked")
	}
	for _, r := range s.card.refunds {
		r.State, r.Code = "failed", "account_closed"
		for range 2 {
			s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.refundNotice(s.store.NewID("evt"), r.Reference)))
			s.work()
		}
	}
	if s.balance("clearing:card") != 1210 || s.credit(c) != 1210 {
		t.Fatalf("clearing %d, credit %d", s.balance("clearing:card"), s.credit(c))
	}
	if s.alarms()["refund_failed"] != 1 || !s.payment(p.ID).Refunded.IsZero() {
		t.Fatalf("alarms %v, refunded %s: it is with the shop again", s.alarms(), s.payment(p.ID).Refunded)
	}
	if _, err := s.refund(inv, 0); !fault.Is(err, "over_refund") {
		t.Fatalf("it is owed as credit now, and was refunded beside that: %v", err)
	}
	if _, err := s.payOut(c, 0); err != nil {
		t.Fatalf("the credit cannot be sent back again: %v", err)
	}
}

func TestFeeThatIsToldLaterIsBookedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.card.pay(p.ID, inv.Gross, eur(42))
	s.hook(p.ID)
	s.hook(p.ID)
	if s.balance("fees:card") != 42 || s.balance("clearing:card") != 1168 {
		t.Fatalf("fees %d, clearing %d", s.balance("fees:card"), s.balance("clearing:card"))
	}
}

func TestMoneyTakenBackAtTheProviderAlarms(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, p := s.paid(s.customer("NL"), 1000)
	s.card.intents[p.ID].Refunded = inv.Gross // in the provider's dashboard
	s.hook(p.ID)
	s.hook(p.ID)
	if s.alarms()["refunded_elsewhere"] != 1 {
		t.Fatalf("alarms %v", s.alarms())
	}
	own, p2 := s.paid(s.customer("NL"), 1000)
	s.must(s.refundLine(own, 0, billing.RefundAuto))
	s.work()
	s.card.intents[p2.ID].Refunded = own.Gross
	s.hook(p2.ID)
	if s.alarms()["refunded_elsewhere"] != 1 {
		t.Fatalf("a refund of the shop's own alarms: %v", s.alarms())
	}
}

// cutCharge is a gateway whose first charge is never sent and not answered.
type cutCharge struct {
	*memory
	before func()
	cuts   int
}

func (g *cutCharge) Charge(ctx context.Context, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	if g.cuts > 0 {
		g.cuts--
		g.before()
		return billing.Status{}, fault.Came(fault.Unavailable, "cut", "")
	}
	return g.memory.Charge(ctx, m, c)
}

func TestInvoicePaidByOtherMoneyBetweenTwoTriesOfAChargeIsNotCharged(t *testing.T) {
	t.Parallel()
	g := &cutCharge{memory: newMemory("card")}
	s := setup(t, func(c *billing.Config) { c.Gateways = []billing.Gateway{g} })
	s.card = g.memory
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	s.must(s.billing.RecordSuspense(s.ctx, billing.SuspenseParams{Gateway: "transfer", Reference: "x", Amount: eur(1210), ReceivedAt: s.clock.Now()}))
	items, err := s.billing.SuspenseItems(s.ctx, "", 1)
	s.must(err)
	g.cuts, g.before = 1, func() {
		s.tx(func(q *db.Queries) error {
			return s.billing.AssignSuspense(s.ctx, q, items[0].ID, s.periods(sub)[1].InvoiceID)
		})
	}
	s.advance(28 * 24 * time.Hour)
	s.renew()
	s.advance(2 * time.Hour)
	s.work()
	s.wantState(s.periods(sub)[1].InvoiceID, billing.InvoicePaid)
	payments, err := s.billing.PaymentsOf(s.ctx, s.store.Read(), s.periods(sub)[1].InvoiceID)
	s.must(err)
	if s.card.charges != 0 || payments[0].State != billing.PaymentCancelled {
		t.Fatalf("%d charges of a paid invoice, the payment is %s", s.card.charges, payments[0].State)
	}
}

// refusedKey is a gateway whose provider does not accept the shop's key for a while.
type refusedKey struct {
	*memory
	refused bool
}

func (g *refusedKey) refusal() error {
	if !g.refused {
		return nil
	}
	return fault.Came(fault.Rejected, "gateway_not_authorised", "The key is not accepted.")
}

func (g *refusedKey) Charge(ctx context.Context, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	if err := g.refusal(); err != nil {
		return billing.Status{}, err
	}
	return g.memory.Charge(ctx, m, c)
}

func (g *refusedKey) Fetch(ctx context.Context, reference string) (billing.Status, error) {
	if err := g.refusal(); err != nil {
		return billing.Status{}, err
	}
	return g.memory.Fetch(ctx, reference)
}

func TestKeyThatIsRefusedCostsNoRenewalAndNoWebhook(t *testing.T) {
	t.Parallel()
	g := &refusedKey{memory: newMemory("card")}
	s := setup(t, func(c *billing.Config) { c.Gateways = []billing.Gateway{g} })
	s.card = g.memory
	sub := s.subscribe(s.withCard("NL"), s.clock.Now())
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	g.refused = true
	s.hook(p.ID)
	s.advance(28 * 24 * time.Hour)
	s.renew()
	for range 10 {
		s.advance(time.Hour)
		s.work()
	}
	if s.alarms()["task.unavailable"] == 0 {
		t.Fatalf("alarms %v", s.alarms())
	}
	g.refused = false
	for range 3 {
		s.advance(24 * time.Hour)
		s.work()
	}
	s.wantState(inv.ID, billing.InvoicePaid)
	s.wantState(s.periods(sub)[1].InvoiceID, billing.InvoicePaid)
}

func TestPaymentWhoseBeginningAnOperatorEndedIsStillAskedAbout(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	s.card.lost = true
	p, err := s.billing.Pay(s.ctx, inv.CustomerID, inv.ID, billing.PaymentParams{Gateway: "card"})
	s.must(err)
	tasks, err := s.tasks.BySubject(s.ctx, s.store.Read(), p.ID)
	s.must(err)
	s.must(s.tasks.Settle(s.ctx, tasks[0].ID, task.Settlement{Outcome: "done", Note: "seen in the dashboard"}))
	s.card.pay(p.ID, inv.Gross, money.Amount{})
	s.advance(time.Hour)
	_, err = s.billing.Reconcile(s.ctx)
	s.must(err)
	s.wantState(inv.ID, billing.InvoicePaid)
}
