package e2e_test

import (
	"slices"
	"testing"

	"hostfront/app"
	"hostfront/task"
)

// crossing is a road that is cut at each of its boundaries.
type crossing struct {
	what string
	// least is how many boundaries the road has at any rate: with fewer the seam is broken.
	least int
	walk  func(*testing.T, cut) *crash
}

// ofTheMoney has a shop run only the jobs that move money and what hangs on it: the others are
// cut by TestEveryCrashPointOfANight, and would be most of the boundaries of every road that
// takes days.
func ofTheMoney(_ *app.Config, o *app.Options) {
	jobs := []string{"billing.renew", "billing.reconcile", "billing.webhooks", "billing.lapse", "billing.dunning", "service.expire_actions"}
	o.Jobs = func(name string) bool { return slices.Contains(jobs, name) }
}

// everyCrashPoint walks a road once without a cut, prints how many boundaries it has, and
// walks it again for each of them, in a world of its own, with the power cut there. The
// road itself holds what must hold at its end; here it is held against the whole one. It
// gives the whole one.
func everyCrashPoint(t *testing.T, over crossing) *crash {
	t.Helper()
	whole := over.walk(t, cut{})
	points := whole.trace
	if len(points) < over.least {
		t.Fatalf("only %d boundaries: the seam is broken", len(points))
	}
	t.Logf("N = %d crash points of %s", len(points), over.what)
	held := doubtful(points)
	for k := 1; k <= len(points); k++ {
		t.Run(pointName(k, points), func(t *testing.T) {
			t.Parallel()
			over.walk(t, cut{k, held[k]}).sameAs(whole, points[:k])
		})
	}
	return whole
}

// ended lets a day pass at the end of a road, and holds what must hold of any road
// beside what holds of this one. Tasks may be left in the states that are meant.
func (c *crash) ended(holds func(), meant ...task.State) *crash {
	c.t.Helper()
	c.trace = road(c.w)
	c.aDayLater()
	holds()
	nothingIsLeftBut(c.t, c.w, meant...)
	mailsArrived(c.t, c.w)
	c.mails = sentMails(c.t, c.w)
	booksBalance(c.t, c.w)
	return c
}
