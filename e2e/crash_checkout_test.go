package e2e_test

import (
	"net/http"
	"testing"

	"hostfront/app/apptest"
	"hostfront/sandbox/ljpc"
	"hostfront/task"
)

// TestEveryCrashPointOfACheckoutOfWhichOneLineFails cuts the power at every boundary of a
// checkout of a name and its hosting, from the order on, of which the upstream fails the
// hosting. However it was cut: the name is there, the hosting's money is back with a credit
// note, and neither was tried twice.
func TestEveryCrashPointOfACheckoutOfWhichOneLineFails(t *testing.T) {
	t.Parallel()
	chosen := photograph(t, apptest.Outside{LJPC: steps(keeps)}, (*crash).choose)
	everyCrashPoint(t, crossing{"a checkout of which one line fails", 60, func(t *testing.T, at cut) *crash { return checkout(t, chosen, at) }})
}

func checkout(t *testing.T, chosen *photo, at cut) *crash {
	t.Helper()
	c := chosen.open(t)
	c.doubtful = at.doubtful
	c.w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultFailLine})
	// The provider's webhook is there before its answer, so that the order of both is
	// the same on every road.
	c.w.OnAnswer = func(r *http.Request) { _ = c.w.Pay.Quiet(r.Context()) }
	c.w.Power.CutAt(at.k)
	c.through("order", c.ordering)
	c.through("pay", c.paying)
	c.through("refund", c.refunded)
	return c.ended(c.refundedOnce, task.Failed)
}
