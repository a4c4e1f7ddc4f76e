package billing_test

import (
	"strings"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

func TestPaidInvoiceReleasesItsTasksOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000, 500)
	p := s.begin(inv, "card")
	if p.NextAction == nil || p.NextAction.ClientSecret != "secret_"+p.ID {
		t.Fatalf("payment %+v has no next action", p)
	}
	s.work()
	if len(s.delivered) != 0 {
		t.Fatal("delivered before it was paid")
	}
	s.card.pay(p.ID, inv.Gross, eur(40))
	s.hook(p.ID)
	s.hook(p.ID)
	if _, err := s.billing.Reconcile(s.ctx); err != nil {
		t.Fatal(err)
	}
	got := s.invoice(inv.ID)
	if got.State != billing.InvoicePaid || got.Number != "INV2026-000001" || len(s.delivered) != 2 {
		t.Fatalf("invoice %s %q, delivered %v", got.State, got.Number, s.delivered)
	}
	if s.balance("clearing:card") != inv.Gross.Minor-40 || s.balance("fees:card") != 40 || s.balance(billing.VAT) != -315 {
		t.Fatalf("clearing %d, fees %d, vat %d", s.balance("clearing:card"), s.balance("fees:card"), s.balance(billing.VAT))
	}
	if methods, err := s.billing.Methods(s.ctx, s.store.Read(), inv.CustomerID); err != nil || len(methods) != 1 {
		t.Fatalf("methods %v, %v", methods, err)
	}
}

func TestClientSecretStandsNowhereInTheClear(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.begin(s.sale(s.customer("NL"), 1000), "card")
	row, err := s.store.Read().PaymentByID(s.ctx, p.ID)
	s.must(err)
	tasks, err := s.tasks.BySubject(s.ctx, nil, p.ID)
	s.must(err)
	if strings.Contains(row.NextAction, "secret_") {
		t.Error("the payment's row holds the secret")
	}
	for _, k := range tasks {
		if strings.Contains(string(k.Result), "secret_") {
			t.Error("the task's result holds the secret")
		}
	}
}

func TestWebhookBeforeTheAnswerOfTheBeginningSettles(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	s.card.onBegin = func(ref string) {
		id := strings.TrimPrefix(ref, "pi_")
		s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice("evt_1", ref)))
		s.card.pay(id, inv.Gross, eur(0))
		s.work()
	}
	p := s.begin(inv, "card")
	s.wantState(inv.ID, billing.InvoicePaid)
	if p.State != billing.PaymentSucceeded {
		t.Fatalf("the late answer took the payment back to %s", p.State)
	}
}

func TestNextActionSurvivesAWebhookBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.card.onBegin = func(ref string) {
		s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice("evt_1", ref)))
		s.work()
	}
	if p := s.begin(s.sale(s.customer("NL"), 1000), "card"); p.NextAction == nil {
		t.Fatalf("payment %+v lost its next action", p)
	}
}

func TestLostAnswerOfTheBeginningMakesNoSecondPayment(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	s.card.lost = true
	p := s.begin(inv, "card")
	if p.NextAction != nil {
		t.Fatal("an answer that was lost was read")
	}
	s.advance(time.Hour)
	s.work()
	if p = s.payment(p.ID); p.NextAction == nil || len(s.card.intents) != 1 {
		t.Fatalf("payment %+v, %d intents", p, len(s.card.intents))
	}
}

func TestUnderpaymentStaysOpenAndReleasesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(1000), eur(0))
	s.hook(p.ID)
	if got := s.invoice(inv.ID); got.State != billing.InvoiceOpen || got.Due() != eur(210) || len(s.delivered) != 0 {
		t.Fatalf("invoice %s, due %s, delivered %v", got.State, got.Due(), s.delivered)
	}
	rest := s.begin(inv, "card")
	if rest.Amount != eur(210) {
		t.Fatalf("the second payment is of %s", rest.Amount)
	}
	s.card.pay(rest.ID, eur(210), eur(0))
	s.hook(rest.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestSurplusBecomesCredit(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(1500), eur(0))
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
	if s.credit(c) != 290 {
		t.Fatalf("credit is %d, want 290", s.credit(c))
	}
}

func TestMoneyForAVoidInvoiceBecomesCreditAndReleasesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv := s.sale(c, 1000)
	p := s.begin(inv, "card")
	s.tx(func(q *db.Queries) error { return s.billing.Void(s.ctx, q, inv.ID) })
	s.work()
	s.wantState(inv.ID, billing.InvoiceVoid)
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	if s.credit(c) != 1210 || len(s.delivered) != 0 {
		t.Fatalf("credit %d, delivered %v", s.credit(c), s.delivered)
	}
}

func TestUnknownPaymentsMoneyIsSuspendedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.card.intents["pay_other"] = &billing.Status{Reference: "pi_pay_other", PaymentID: "pay_other", State: billing.PaymentSucceeded, Received: eur(500)}
	s.card.intents["foreign"] = &billing.Status{Reference: "pi_foreign", State: billing.PaymentSucceeded, Received: eur(700)}
	s.hook("pay_other")
	s.hook("pay_other")
	s.hook("foreign")
	if s.balance(billing.Suspense) != -500 {
		t.Fatalf("suspense is %d", s.balance(billing.Suspense))
	}
	items, err := s.billing.SuspenseItems(s.ctx, "", 10)
	s.must(err)
	inv := s.sale(s.customer("NL"), 1000)
	s.tx(func(q *db.Queries) error { return s.billing.AssignSuspense(s.ctx, q, items[0].ID, inv.ID) })
	if got := s.invoice(inv.ID); got.Due() != eur(710) || s.balance(billing.Suspense) != 0 {
		t.Fatalf("due %s, suspense %d", got.Due(), s.balance(billing.Suspense))
	}
	err = s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.AssignSuspense(s.ctx, q, items[0].ID, inv.ID) })
	if !fault.Is(err, "suspense_assigned") {
		t.Fatalf("assigned twice: %v", err)
	}
}

func TestPayingAgainAfterAFailureMakesANewPayment(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	if again := s.begin(inv, "card"); again.ID != p.ID || again.NextAction == nil {
		t.Fatal("a payment that waits for the customer was not given again")
	}
	s.card.set(p.ID, billing.PaymentFailed)
	s.hook(p.ID)
	again := s.begin(inv, "card")
	if again.ID == p.ID {
		t.Fatal("a failed payment was given again")
	}
	s.card.pay(again.ID, inv.Gross, eur(0))
	s.hook(again.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestAnotherWayToPayCancelsTheFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	transfer := s.begin(inv, "transfer")
	if transfer.Gateway != "transfer" || s.payment(p.ID).State != billing.PaymentCancelled {
		t.Fatalf("payment by %s, the first is %s", transfer.Gateway, s.payment(p.ID).State)
	}
	s.card.pay(p.ID, inv.Gross, eur(0)) // too late: credit
	_, err := s.billing.SettleTransfer(s.ctx, billing.TransferParams{PaymentID: transfer.ID, Amount: inv.Gross, Reference: "bank-1"})
	s.must(err)
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}

func TestNobodyPaysWhileAPaymentIsProcessing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.set(p.ID, billing.PaymentProcessing)
	s.hook(p.ID)
	_, err := s.billing.Pay(s.ctx, inv.CustomerID, inv.ID, billing.PaymentParams{Gateway: "card"})
	if !fault.Is(err, "payment_in_progress") {
		t.Fatalf("paid beside a processing payment: %v", err)
	}
	err = s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.Void(s.ctx, q, inv.ID) })
	if !fault.Is(err, "payment_processing") {
		t.Fatalf("voided while processing: %v", err)
	}
	s.advance(48 * time.Hour)
	if _, err := s.billing.Lapse(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.wantState(inv.ID, billing.InvoiceOpen)
}

func TestOtherPeoplesInvoicesCannotBePaid(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	_, err := s.billing.Pay(s.ctx, s.customer("NL").ID, inv.ID, billing.PaymentParams{Gateway: "card"})
	if !fault.Is(err, "not_found") {
		t.Fatalf("paid somebody else's invoice: %v", err)
	}
}

func TestFreeInvoiceSettlesAtIssue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 0)
	s.work()
	if inv.State != billing.InvoicePaid || inv.Number == "" || len(s.delivered) != 1 {
		t.Fatalf("invoice %s %q, delivered %v", inv.State, inv.Number, s.delivered)
	}
}

func TestMoneyWithOtherDecimalsIsBookedInItsOwn(t *testing.T) {
	t.Parallel()
	for _, currency := range []money.Currency{"JPY", "KWD"} {
		s := setup(t, func(c *billing.Config) { c.Currency = currency })
		var inv billing.Invoice
		c := s.customer("NL")
		s.tx(func(q *db.Queries) (err error) {
			inv, err = s.billing.Issue(s.ctx, q, billing.InvoiceParams{
				CustomerID: c.ID, Subject: "ord_1", Kind: billing.SaleInvoice,
				Lines: []billing.LineParams{{Description: "x", Subject: "x", Net: money.New(1005, currency)}},
			})
			return err
		})
		if inv.Gross != money.New(1216, currency) {
			t.Fatalf("gross is %s", inv.Gross)
		}
		p := s.begin(inv, "card")
		s.card.pay(p.ID, inv.Gross, money.New(10, currency))
		s.hook(p.ID)
		s.wantState(inv.ID, billing.InvoicePaid)
	}
}

func TestMoneyOfAnotherCurrencyPaysNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, money.New(1210, "USD"), money.Amount{})
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoiceOpen)
}
