package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"
)

// keeps is an upstream where a site shows up only when its order is looked at:
// nothing tells the shop that an order whose answer was lost is there. At one that
// shows, it comes up by itself.
const (
	keeps = 24 * time.Hour
	shows = 2 * time.Second
)

// TestEveryCrashPointOfAPurchase cuts the power at every boundary of a purchase
// (before and after each commit, each call to the outside and each mail), restarts
// on the same database, has the customer repeat what was not answered, and lets
// it finish. However it was cut, all is bought once, paid once, and told.
func TestEveryCrashPointOfAPurchase(t *testing.T) {
	t.Parallel()
	everyCrashPoint(t, crossing{"a purchase", 50, func(t *testing.T, at cut) *crash {
		c := purchase(t, keeps, at)
		if (c.settled == 1) != at.doubtful {
			t.Errorf("the operator was needed %d times; was it doubtful: %v", c.settled, at.doubtful)
		}
		return c
	}})
}

// TestALostUpstreamOrderThatShowsNeedsNoOperator cuts where it is doubtful what was
// ordered: what was placed is found by its site; only what was not placed, which
// nothing can show, is left to the operator.
func TestALostUpstreamOrderThatShowsNeedsNoOperator(t *testing.T) {
	t.Parallel()
	whole := purchase(t, shows, cut{})
	held := doubtful(whole.trace)
	if len(held) != 4 {
		t.Fatalf("%d points of doubt for one upstream order: %q", len(held), whole.trace)
	}
	for k := range held {
		t.Run(pointName(k, whole.trace), func(t *testing.T) {
			t.Parallel()
			c := purchase(t, shows, cut{k, true})
			c.sameAs(whole, whole.trace[:k])
			if c.settled > 0 && c.wasPlaced {
				t.Error("the operator was needed for an order that shows")
			}
		})
	}
}

func pointName(k int, points []string) string {
	return fmt.Sprintf("%03d %s", k, strings.ReplaceAll(points[k-1], "/", "|"))
}

// crash is a purchase that is cut somewhere.
type crash struct {
	*buyer
	domain  string
	lines   []map[string]any
	quote   quoted
	placed  placed
	order   orderSeen
	settled int // calls of the operator
	// doubtful says that the operator may have to decide.
	doubtful bool
	trace    []string
	mails    []string // the templates of those sent
	// wasPlaced says that the operator found the order at the upstream.
	wasPlaced bool
	nudges    int
}

// cut is where the power goes: at the k-th boundary, or nowhere for 0. Where it is
// doubtful what was ordered upstream, the operator may be needed.
type cut struct {
	k        int
	doubtful bool
}

// purchase walks the main road with a cut. It gives what came of it, every
// invariant having been held against it.
func purchase(t *testing.T, step time.Duration, at cut) *crash {
	t.Helper()
	c := openCrash(t, step)
	c.doubtful = at.doubtful
	c.w.Power.CutAt(at.k)
	c.buy()
	return c.ended(c.boughtAndPaid)
}

func openCrash(t *testing.T, step time.Duration) *crash {
	t.Helper()
	return newCrash(t, apptest.NewSmall(t, apptest.Outside{LJPC: steps(step)}, apptest.Seeded(1)))
}

// steps is an LJPc that needs so long for each step of an order.
func steps(step time.Duration) func(*ljpc.Options) {
	return func(o *ljpc.Options) { o.Step = step }
}

func newCrash(t *testing.T, w *apptest.World) *crash {
	t.Helper()
	c := &crash{buyer: newBuyer(t, w, "anna@example.org"), domain: "crash-example.nl"}
	c.lines = []map[string]any{registration(c.domain), c.hosting(c.domain)}
	return c
}

// photo is how far a purchase has come, to be gone on with many times.
type photo struct {
	world *apptest.Photo
	crash crash
}

// photograph has a customer do something and keeps how things stand after it.
func photograph(t *testing.T, outside apptest.Outside, do func(*crash), options ...apptest.Option) *photo {
	t.Helper()
	p := &photo{}
	p.world = apptest.Photograph(t, outside, func(w *apptest.World) {
		c := newCrash(t, w)
		do(c)
		p.crash = *c
	}, options...)
	return p
}

// open goes on from there, in a world of its own.
func (p *photo) open(t *testing.T) *crash {
	t.Helper()
	c := p.crash
	c.buyer = newBuyer(t, p.world.Open(t), p.crash.email)
	c.token, c.nudges = p.crash.token, 0
	return &c
}

// buy is the main road, from the account to the delivery.
func (c *crash) buy() {
	c.t.Helper()
	c.choose()
	c.through("order", c.ordering)
	c.through("pay", c.paying)
	c.through("delivery", c.delivered)
}

// choose is the main road up to the cart.
func (c *crash) choose() {
	c.t.Helper()
	c.through("register", c.register)
	c.through("quote", c.quoting)
}

// through repeats a step of the customer's until it has the answer it needs. When
// the power went, the answer was lost, whatever it was.
func (c *crash) through(name string, step func() bool) {
	c.t.Helper()
	for range 60 {
		done := step()
		if c.w.Power.Dead() {
			c.w.Restart()
			c.w.Steady.Advance(time.Hour)
			continue
		}
		if done {
			return
		}
		c.nudge()
	}
	c.t.Fatalf("%s does not come to its end; cut at %q\n%s", name, c.w.Power.Where(), c.tasks())
}

// nudge lets some of the shop's time pass: seconds at first, minutes later.
func (c *crash) nudge() {
	c.t.Helper()
	wait := min(time.Second<<min(c.nudges, 10), 10*time.Minute)
	c.nudges++
	if err := c.w.Move(wait); err != nil && !c.w.Power.Dead() {
		c.t.Fatal(err)
	}
	if c.w.Power.Dead() {
		c.w.Restart()
		c.w.Steady.Advance(time.Hour)
	}
}

func (c *crash) quoting() bool {
	q, r := c.buyer.quote(c.lines...)
	c.quote = q
	return r.ok()
}

// ordering repeats the request with its key until it knows where to pay.
func (c *crash) ordering() bool {
	p, r := c.buyer.order(c.quote.ID, "order-1", "sandbox")
	c.placed = p
	if r.Status != 0 && r.Status < 500 && !r.ok() {
		c.t.Fatalf("order: %s", r)
	}
	return r.ok() && (p.Payment.NextAction != nil || p.Payment.State == "succeeded")
}

// paying is the world's: what the power of the shop does is nothing to the page.
func (c *crash) paying() bool {
	for _, p := range c.w.Pay.Payments() {
		if p.State == pay.Paid {
			return true
		}
	}
	if !c.press(c.placed.Payment.NextAction.URL) {
		c.t.Fatal("the provider's page refuses")
	}
	return true
}

// delivered looks at the order, and has the operator do their part.
func (c *crash) delivered() bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	r := c.ask("GET", "/v1/orders/"+c.placed.Order.ID, nil, "")
	if !r.ok() {
		return false
	}
	c.decode(r, &c.order)
	switch c.order.State {
	case "completed":
		return true
	case "failed", "partly_failed", "action_required", "cancelled":
		c.t.Fatalf("the order is %s\n%s", c.order.State, c.tasks())
	}
	c.operate()
	return false
}

// operate is what staff does about a held task: a look at LJPc's panel, and one
// call.
func (c *crash) operate() {
	if c.w.Power.Dead() {
		return
	}
	var held list[taskSeen]
	c.staff("GET", "/v1/admin/tasks?state=held", nil, &held)
	for _, t := range held.Items {
		if t.Kind != "hosting.order" || !c.doubtful {
			c.t.Fatalf("%s is held though it need not be: %s", t.Kind, t.LastError)
		}
		c.settled++
		orders := c.w.LJPC.OrdersOf(t.Subject)
		path, body := "/v1/admin/tasks/"+t.ID+"/retry", any(nil)
		if c.wasPlaced = len(orders) > 0; c.wasPlaced {
			path = "/v1/admin/tasks/" + t.ID + "/settle"
			body = map[string]any{
				"outcome": "placed", "result": map[string]any{"order_id": fmt.Sprint(orders[0].ID)}, "note": "seen in LJPc's panel",
			}
		}
		if r := c.staff("POST", path, body, nil); !r.ok() {
			c.t.Fatalf("POST %s: %s", path, r)
		}
	}
}

// providerID is what differs from road to road.
var providerID = regexp.MustCompile(`(sb[xr]|pi|ch|py|dp|re|pm|po|cus|txn|evt)_\w+`)

// road is every boundary up to the cut, by names that are the same each time.
func road(w *apptest.World) []string {
	points := w.Power.Trace()
	for i := range points {
		points[i] = providerID.ReplaceAllString(points[i], "{id}")
	}
	return points
}

// doubtful are the points (from 1) at which nobody but LJPc's staff can tell whether
// an upstream order was placed: from the instant that the shop has written that it is
// about to place it, until it has written its id.
func doubtful(trace []string) map[int]bool {
	points := map[int]bool{}
	for i, point := range trace {
		if point == "http:before POST /api/v1/orders" {
			for k := i; k <= i+3; k++ {
				points[k] = true
			}
		}
	}
	return points
}
