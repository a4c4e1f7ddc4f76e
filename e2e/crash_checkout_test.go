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
	whole := checkout(t, chosen, cut{})
	points := whole.trace
	if len(points) < 60 {
		t.Fatalf("only %d boundaries: the seam is broken", len(points))
	}
	t.Logf("N = %d crash points of a checkout of which one line fails", len(points))
	held := doubtful(points)
	for k := 1; k <= len(points); k++ {
		t.Run(pointName(k, points), func(t *testing.T) {
			t.Parallel()
			checkout(t, chosen, cut{k, held[k]}).sameAs(whole, points[:k])
		})
	}
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
	c.trace = road(c.w)
	c.aDayLater()
	c.refundedOnce()
	nothingIsLeftBut(t, c.w, task.Failed)
	mailsArrived(t, c.w)
	c.mails = sentMails(t, c.w)
	booksBalance(t, c.w)
	return c
}
