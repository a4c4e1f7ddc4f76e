package e2e_test

import (
	"testing"

	"hostfront/app/apptest"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/ljpc"
	"hostfront/task"
)

// TestEveryCrashPointOfARefund cuts the power at every boundary from the payment
// on, of a purchase whose hosting the upstream fails and whose webhooks never come, so
// that reconciliation has to find the money both ways: one credit note, one refund, and
// the name is delivered all the same.
func TestEveryCrashPointOfARefund(t *testing.T) {
	t.Parallel()
	chosen := photograph(t, apptest.Outside{LJPC: steps(keeps)}, (*crash).choose)
	everyCrashPoint(t, crossing{"a delivery that fails and is refunded", 30, func(t *testing.T, at cut) *crash { return refund(t, chosen, at) }})
}

func refund(t *testing.T, chosen *photo, at cut) *crash {
	t.Helper()
	c := chosen.open(t)
	c.doubtful = at.doubtful
	c.w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultFailLine})
	c.must(c.w.Pay.Webhooks().Misdirect(courier.Order{Kind: courier.Never}))
	c.through("order", c.ordering)
	c.w.Power.CutAt(at.k)
	c.through("pay", c.paying)
	c.through("refund", c.refunded)
	return c.ended(c.refundedOnce, task.Failed)
}

// refunded looks whether the failed line's money is on its way back.
func (c *crash) refunded() bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	r := c.ask("GET", "/v1/orders/"+c.placed.Order.ID, nil, "")
	if c.w.Power.Dead() || !r.ok() {
		return false
	}
	c.decode(r, &c.order)
	if c.order.State == "partly_failed" {
		return len(c.w.Pay.Refunds()) > 0
	}
	c.operate()
	return false
}

func (c *crash) refundedOnce() {
	c.t.Helper()
	c.wants("partly_failed", map[string]string{"register": "completed", "hosting": "failed"})
	line := c.line("hosting")
	if n := len(c.w.LJPC.OrdersOf(line.ID)); n != 1 {
		c.t.Errorf("%d upstream orders", n)
	}
	notes := c.creditNotes()
	if len(notes) != 1 || notes[0].Gross != line.Gross.Neg() || notes[0].Number == "" {
		c.t.Errorf("credit notes %+v for a line of %s", notes, line.Gross)
	}
	if n := len(c.w.Pay.Refunds()); n != 1 || c.sentBack() != line.Gross || c.charged() != c.quote.Gross {
		c.t.Errorf("%d refunds of %s, charged %s, for a line of %s", n, c.sentBack(), c.charged(), line.Gross)
	}
}
