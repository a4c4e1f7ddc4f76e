package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"hostfront/money"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/ljpc"
	"hostfront/task"
)

// Others left an order unpaid for ever when the webhook could not reach them (PM #1260).
func TestAWebhookThatNeverComesIsMadeGoodByReconciliation(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.must(c.w.Pay.Webhooks().Misdirect(courier.Order{Kind: courier.Never}))
	c.pay()
	c.wants("pending_payment", map[string]string{"register": "pending_payment", "hosting": "pending_payment"})
	c.pass(15 * time.Minute)
	c.pass(5 * time.Minute)
	if n := c.w.Pay.Webhooks().Delivered(); n > 0 {
		t.Fatalf("%d webhooks came", n)
	}
	c.wants("completed", map[string]string{"register": "completed", "hosting": "completed"})
	c.holds()
}

// Others renewed up to three times, because what came after the paid renewal failed
// (H1, FB #2887, #3106).
func TestRenewalIsNotRepeatedWhenTheCallAfterItFails(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.lines = c.lines[:1]
	c.pay()
	c.pass(time.Minute)
	before := c.subscription("year")
	c.w.Time.Advance(before.NextInvoiceAt.Sub(c.w.App.Now()) + time.Minute)
	c.w.LJPC.Faults(
		ljpc.Fault{Op: "domains.get", Kind: ljpc.FaultServerError, Times: -1},
		ljpc.Fault{Op: "domains.list", Kind: ljpc.FaultServerError, Times: -1},
	)
	for range 12 {
		c.w.Time.Advance(5 * 24 * time.Hour)
		c.pass(time.Minute)
	}
	c.w.LJPC.ClearFaults()
	c.pass(48 * time.Hour)
	after := c.subscription("year")
	if want := before.CurrentPeriodEnd.AddDate(1, 0, 0); after.State != "active" || !after.CurrentPeriodEnd.Equal(want) {
		t.Errorf("the name is %s until %s, want %s", after.State, after.CurrentPeriodEnd, want)
	}
	if n := len(c.w.Pay.Payments()); n != 2 {
		t.Errorf("%d charges for a registration and a renewal", n)
	}
	bought := 0
	for _, e := range c.w.LJPC.Effects() {
		if e.Op != "renew" && e.Subject == c.domain {
			bought++
		}
	}
	if bought != 1 {
		t.Errorf("bought %d times: %v", bought, c.w.LJPC.Effects())
	}
	nothingIsLeft(t, c.w)
	booksBalance(t, c.w)
}

func (c *crash) subscription(cycle string) subscriptionSeen {
	c.t.Helper()
	var page list[subscriptionSeen]
	c.read("/v1/subscriptions", &page)
	for _, s := range page.Items {
		if s.Cycle == cycle {
			return s
		}
	}
	c.t.Fatalf("nothing is billed by the %s: %+v", cycle, page.Items)
	return subscriptionSeen{}
}

// Others delivered for an order that was gone, or kept the money and said nothing.
func TestMoneyForALapsedOrderBecomesCredit(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.byTransfer()
	c.w.Time.Advance(15 * 24 * time.Hour)
	c.pass(time.Hour)
	c.wants("cancelled", map[string]string{"register": "cancelled", "hosting": "cancelled"})
	c.arrives(c.placed.Invoice.Gross, "bank-1")
	if r := c.book(c.placed.Invoice.Gross, "bank-1"); r.code() != "transfer_booked" {
		t.Errorf("the same line of the bank's statement again: %s", r)
	}
	c.pass(time.Hour)
	c.wants("cancelled", map[string]string{"register": "cancelled", "hosting": "cancelled"})
	if n := len(c.w.LJPC.Domains()) + len(c.w.LJPC.Orders()); n > 0 {
		t.Errorf("%d things were bought for an order that had lapsed", n)
	}
	if got := c.standsOn("credit"); got != c.placed.Invoice.Gross.Neg() {
		t.Errorf("the customer's credit stands on %s, want %s", got, c.placed.Invoice.Gross.Neg())
	}
	if !c.alarmed("money_for_closed_invoice") {
		t.Error("nobody is told of the money")
	}
	c.sumsToZero()
}

// Others took the money for a name that was gone by the time it came.
func TestATransferThatSettlesAfterTheNameWentIsRefunded(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.lines = c.lines[:1]
	c.byTransfer()
	quick := openBeside(c, "bob@example.org")
	quick.pay()
	c.pass(time.Minute)
	quick.wants("completed", map[string]string{"register": "completed"})

	c.arrives(c.placed.Invoice.Gross, "bank-1")
	c.pass(time.Hour)
	c.wants("failed", map[string]string{"register": "failed"})
	if code := c.line("register").Code; code != "name_taken" {
		t.Errorf("the line failed for %s", code)
	}
	notes := c.creditNotes()
	if len(notes) != 1 || notes[0].Gross != c.placed.Invoice.Gross.Neg() {
		t.Errorf("credit notes %+v", notes)
	}
	if n := len(c.w.LJPC.Domains()); n != 1 {
		t.Errorf("%d names", n)
	}
	c.sendBackByHand()
	if got := c.standsOn("bank"); !got.IsZero() {
		t.Errorf("%s of the transfer is still at the bank", got)
	}
	nothingIsLeftBut(t, c.w, task.Failed)
	booksBalance(t, c.w)
}

// sendBackByHand is what staff does about a refund that no gateway can send.
func (c *crash) sendBackByHand() {
	c.t.Helper()
	var held list[taskSeen]
	c.staff(http.MethodGet, "/v1/admin/tasks?state=held", nil, &held)
	if len(held.Items) != 1 || held.Items[0].Kind != "refund.send" {
		c.t.Fatalf("held are %+v, want the refund", held.Items)
	}
	r := c.staff(http.MethodPost, "/v1/admin/tasks/"+held.Items[0].ID+"/settle",
		map[string]any{"outcome": "done", "note": "sent back by bank transfer"}, nil)
	if !r.ok() {
		c.t.Fatalf("settle the refund: %s", r)
	}
	c.pass(time.Minute)
}

// openBeside is another customer of the same shop with the same cart.
func openBeside(c *crash, email string) *crash {
	c.t.Helper()
	other := &crash{buyer: newBuyer(c.t, c.w, email), domain: c.domain, lines: c.lines}
	if !other.register() {
		c.t.Fatalf("%s cannot register", email)
	}
	return other
}

// byTransfer orders the lines, to be paid by bank transfer.
func (c *crash) byTransfer() {
	c.t.Helper()
	c.through("quote", c.quoting)
	var r reply
	if c.placed, r = c.buyer.order(c.quote.ID, "order-1", "transfer"); !r.ok() {
		c.t.Fatalf("order: %s", r)
	}
}

// arrives has staff book a transfer.
func (c *crash) arrives(amount money.Amount, reference string) {
	c.t.Helper()
	if r := c.book(amount, reference); !r.ok() {
		c.t.Fatalf("settle the transfer: %s", r)
	}
}

func (c *crash) book(amount money.Amount, reference string) reply {
	c.t.Helper()
	return c.staff(http.MethodPost, "/v1/admin/payments/"+c.placed.Payment.ID+"/settle",
		map[string]any{"amount": amount, "reference": reference}, nil)
}

func (c *crash) standsOn(account string) money.Amount {
	c.t.Helper()
	trial, err := c.w.App.Billing.Trial(c.t.Context())
	c.must(err)
	for _, b := range trial {
		if string(b.Account) == account {
			return b.Balance
		}
	}
	return money.Zero(money.EUR)
}

func (c *crash) sumsToZero() {
	c.t.Helper()
	if sum, err := c.w.App.Billing.LedgerBalance(c.t.Context()); err != nil || sum != 0 {
		c.t.Errorf("the ledger is off by %d: %v", sum, err)
	}
}
