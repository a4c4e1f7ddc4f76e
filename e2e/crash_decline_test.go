package e2e_test

import (
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

// TestEveryCrashPointOfADeclineAndALaterSuccess cuts the power at every boundary from
// the day that the saved card declines the second month, over the tries after it, to the
// one that succeeds. However it was cut: one bill, one success, one period on from where
// the last one ended, and the customer is told of each failure once.
func TestEveryCrashPointOfADeclineAndALaterSuccess(t *testing.T) {
	t.Parallel()
	bought := photograph(t, apptest.Outside{LJPC: steps(shows)}, (*crash).buy, ofTheMoney)
	everyCrashPoint(t, crossing{"a renewal with a decline and a later success", 80, func(t *testing.T, at cut) *crash { return declined(t, bought, at) }})
}

// declined lets the shop be away until the card is to be charged, and has it decline once.
func declined(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	before := c.hostingSubscription()
	c.cardIs(pay.Decliner)
	c.w.Time.Advance(before.CurrentPeriodEnd.Sub(c.w.App.Now()) + time.Minute)
	c.w.Power.CutAt(at.k)
	c.through("decline", c.hasDeclined)
	c.cardIs(pay.Succeed)
	c.through("renewal", func() bool { return c.renewed(before) })
	return c.ended(func() {
		c.paidAfterADecline(before)
		c.boughtOnce()
	})
}

// hasDeclined looks whether the provider has turned the card away and the shop knows.
func (c *crash) hasDeclined() bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	for _, p := range c.w.Pay.Payments() {
		if p.State == pay.Declined {
			return true
		}
	}
	return false
}

// paidAfterADecline: the declined try brought nothing, the one after it everything.
func (c *crash) paidAfterADecline(before subscriptionSeen) {
	c.t.Helper()
	after := c.hostingSubscription()
	want := time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC)
	if after.State != "active" || !after.CurrentPeriodEnd.Truncate(aDay).Equal(want) || before.CurrentPeriodEnd.Month() != time.February {
		c.t.Errorf("the period ended on %s and now ends on %s, the subscription is %s", before.CurrentPeriodEnd, after.CurrentPeriodEnd, after.State)
	}
	renewal := c.theRenewal()
	if renewal.State != "paid" || renewal.Number == "" {
		c.t.Errorf("the renewal is %+v", renewal)
	}
	paid, declined := money.Zero(renewal.Gross.Currency), 0
	for _, p := range c.w.Pay.Payments() {
		switch p.State {
		case pay.Paid:
			paid = paid.Add(p.Amount)
		case pay.Declined:
			declined++
		default:
			c.t.Errorf("a payment is left %s", p.State)
		}
	}
	if declined != 1 || paid != c.quote.Gross.Add(renewal.Gross) {
		c.t.Errorf("%d declines, and %s paid for an order of %s and a renewal of %s", declined, paid, c.quote.Gross, renewal.Gross)
	}
}
