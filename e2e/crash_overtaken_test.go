package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/pay"
)

// TestEveryCrashPointOfAWebhookBeforeTheAnswer cuts the power at every boundary of a
// renewal whose charge the provider tells of by webhook, and only then answers: the webhook
// has been received, read again and applied while the charge still waits. However it was
// cut, the month is charged and booked once.
func TestEveryCrashPointOfAWebhookBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	notify := func(o *pay.Options) { o.NotifyCharges = true }
	bought := photograph(t, apptest.Outside{LJPC: steps(shows), Pay: notify}, (*crash).buy, ofTheMoney)
	whole := everyCrashPoint(t, crossing{"a charge whose webhook comes before its answer", 50, func(t *testing.T, at cut) *crash { return overtaken(t, bought, at) }})
	whole.wasOvertaken("POST /v1/payments")
}

// overtaken lets the shop be away until the saved card is to be charged.
func overtaken(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	before := c.hostingSubscription()
	c.w.Time.Advance(before.CurrentPeriodEnd.Sub(c.w.App.Now()) + time.Minute)
	c.webhooksOvertake()
	c.w.Power.CutAt(at.k)
	c.through("renewal", func() bool { return c.renewed(before) })
	return c.ended(func() {
		c.renewedOnce(before)
		c.boughtOnce()
	})
}

// webhooksOvertake has the webhook of each call that changes something arrive, and the shop
// do all that follows from it, before the call is answered.
func (c *crash) webhooksOvertake() {
	w := c.w
	w.OnAnswer = func(r *http.Request) {
		if r.Method != http.MethodPost {
			return
		}
		if err := w.Pay.Quiet(r.Context()); err != nil {
			return // the call has been given up
		}
		for {
			if worked, err := w.App.Tasks.Step(r.Context()); err != nil || !worked {
				return
			}
		}
	}
}

// wasOvertaken holds the road against what it is to show: between a call and its answer
// stands the reading of the object that a webhook named.
func (c *crash) wasOvertaken(call string) {
	c.t.Helper()
	from := slices.Index(c.trace, "http:before "+call)
	to := slices.Index(c.trace, "http:after "+call)
	if from < 0 || to < from || !slices.ContainsFunc(c.trace[from:to], func(point string) bool {
		return strings.HasPrefix(point, "http:after GET "+strings.TrimPrefix(call, "POST ")+"/")
	}) {
		c.t.Fatalf("no webhook was worked on between %s and its answer: %q", call, c.trace)
	}
}
