package e2e_test

import (
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

// TestEveryCrashPointOfARenewal cuts the power at every boundary of the run of the
// jobs that bills a hosting's second month and charges the saved card. However it
// was cut, the month is billed once, charged once, and the period moves on by one.
func TestEveryCrashPointOfARenewal(t *testing.T) {
	t.Parallel()
	bought := photograph(t, apptest.Outside{LJPC: steps(shows)}, (*crash).buy, ofTheMoney)
	everyCrashPoint(t, crossing{"a renewal", 30, func(t *testing.T, at cut) *crash { return renewal(t, bought, at) }})
}

// renewal lets the shop be away from the purchase until the next bill.
func renewal(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	before := c.hostingSubscription()
	c.w.Time.Advance(before.NextInvoiceAt.Sub(c.w.App.Now()) + time.Minute)
	c.w.Power.CutAt(at.k)
	c.through("renewal", func() bool { return c.renewed(before) })
	return c.ended(func() {
		c.renewedOnce(before)
		c.boughtOnce()
	})
}

// renewed looks whether the period has moved on.
func (c *crash) renewed(before subscriptionSeen) bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	if r := c.ask("GET", "/v1/subscriptions", nil, ""); c.w.Power.Dead() || !r.ok() {
		return false // it went while the customer signed in
	}
	if c.hostingSubscription().CurrentPeriodEnd.After(before.CurrentPeriodEnd) {
		return true
	}
	c.awayUntilDue()
	return false
}

// awayUntilDue lets the shop be away until a task is due: the bill is made days
// before its money is asked for.
func (c *crash) awayUntilDue() {
	c.t.Helper()
	next, waits, err := c.w.App.Tasks.NextDue(c.t.Context())
	c.must(err)
	if now := c.w.App.Now(); waits && next.After(now) {
		c.w.Time.Advance(next.Sub(now))
	}
}

func (c *crash) hostingSubscription() subscriptionSeen {
	c.t.Helper()
	return c.subscription("month")
}

func (c *crash) renewedOnce(before subscriptionSeen) {
	c.t.Helper()
	after := c.hostingSubscription()
	// Bought on 31 January: the second month ends on 31 March, though the first ended
	// on 28 February.
	want := time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC)
	if after.State != "active" || after.CurrentPeriodEnd.Truncate(24*time.Hour) != want || before.CurrentPeriodEnd.Month() != time.February {
		c.t.Errorf("the period ended on %s and now ends on %s, the subscription is %s", before.CurrentPeriodEnd, after.CurrentPeriodEnd, after.State)
	}
	var invoices list[invoiceSeen]
	c.read("/v1/invoices", &invoices)
	billed, numbers := money.Zero(c.quote.Gross.Currency), map[string]bool{}
	for _, i := range invoices.Items {
		if i.State != "paid" || i.Paid != i.Gross || i.Number == "" || i.Net.Add(i.VAT) != i.Gross {
			c.t.Errorf("invoice %+v", i)
		}
		billed, numbers[i.Number] = billed.Add(i.Gross), true
	}
	if len(invoices.Items) != 2 || len(numbers) != 2 {
		c.t.Errorf("%d invoices with %d numbers", len(invoices.Items), len(numbers))
	}
	charged := money.Zero(billed.Currency)
	for _, p := range c.w.Pay.Payments() {
		if p.State == pay.Paid {
			charged = charged.Add(p.Amount)
		}
	}
	if n := len(c.w.Pay.Payments()); n != 2 || charged != billed {
		c.t.Errorf("%d charges of %s for bills of %s", n, charged, billed)
	}
}
