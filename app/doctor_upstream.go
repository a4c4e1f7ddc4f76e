package app

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"hostfront/clock"
	"hostfront/service"
	"hostfront/upstream/ljpc"
)

// The skew of the clock from which on the doctor speaks up: signatures of webhooks
// are refused beyond five minutes, and access tokens live for ten.
const (
	notedSkew   = 10 * time.Second
	harmfulSkew = 2 * time.Minute
)

// upstream asks LJPc's read-only endpoints, permission by permission.
func (e *examination) upstream(ctx context.Context) {
	if e.config.LJPC.APIKey == "" {
		return // said under selling
	}
	watch := &dateWatch{next: pooledTransport(), clock: e.clock}
	client, err := ljpc.New(ljpc.Config{
		BaseURL: e.config.LJPC.BaseURL, APIKey: e.config.LJPC.APIKey, Transport: watch, Clock: clock.System{}, Timeout: 20 * time.Second,
	})
	if err != nil {
		e.fail("ljpc", "%v", err)
		return
	}
	defer client.CloseIdle()
	report, err := client.Doctor(ctx, e.knownOrder(ctx))
	for _, check := range report.Checks {
		e.upstreamCheck(check)
	}
	if err != nil {
		e.fail("ljpc", "the checks were not finished: %v", err)
	}
	if report.Mismatches > 0 {
		e.warn("ljpc", "%s had an X-Validation that is about another answer: tell LJPc, and look at what stands between", plural(report.Mismatches, "answer"))
	}
	e.skew, e.answered = watch.skew()
}

// knownOrder is the order to read: the one that was named, or the shop's last.
func (e *examination) knownOrder(ctx context.Context) string {
	if e.order != "" || e.shop == nil {
		return e.order
	}
	order, err := service.LastOrder(ctx, e.shop.Store.Read(), ljpc.Name)
	if err != nil {
		e.warn("ljpc", "the shop's last order cannot be read: %v", err)
	}
	return order
}

// upstreamCheck prints what one endpoint answered.
func (e *examination) upstreamCheck(c ljpc.Check) {
	permission := c.Permission
	if permission == "" {
		permission = "none needed"
	}
	switch c.Result {
	case "skipped", "not_found":
		e.ok("ljpc", "%s (%s): %s", c.Operation, permission, c.Note)
	case "ok":
		e.upstreamFields(c, permission)
	case "forbidden":
		e.fail("ljpc", "%s: the key lacks the permission %q; ask LJPc to add it, until then this one feature is off", c.Operation, permission)
	case "unauthorized":
		e.fail("ljpc", "%s: LJPc does not accept the key; check LJPC_API_KEY", c.Operation)
	case "unreadable":
		e.fail("ljpc", "%s: the answer is not what LJPc's document says (%s); do not sell, and report it with this line", c.Operation, c.Note)
		e.upstreamFields(c, permission)
	default:
		e.fail("ljpc", "%s: no answer (%s); check LJPC_BASE_URL and the network, or try again", c.Operation, c.Note)
	}
}

// upstreamFields prints the fields that were not found or not known.
func (e *examination) upstreamFields(c ljpc.Check, permission string) {
	var documented, assumed []string
	for _, name := range c.Missing {
		if after, is := strings.CutPrefix(name, "assumed: "); is {
			assumed = append(assumed, after)
		} else {
			documented = append(documented, name)
		}
	}
	unknown := ""
	if len(c.Unknown) > 0 {
		unknown = "; not known, and not read: " + strings.Join(c.Unknown, ", ")
	}
	if len(c.Words) > 0 {
		e.fail("ljpc", "%s: says %s, which is not known here: a name is then not sold, an order never finished; see upstream/ljpc/assumed.go", c.Operation, strings.Join(c.Words, ", "))
	}
	switch {
	case len(documented) > 0:
		e.fail("ljpc", "%s: the documented %s not in the answer%s; do not sell before upstream/ljpc/documented.go fits", c.Operation, are(documented), unknown)
	case len(assumed) > 0:
		e.warn("ljpc", "%s: the assumed %s not in the answer%s; one of the unknown may be it: see upstream/ljpc/assumed.go", c.Operation, are(assumed), unknown)
	case c.Result != "ok":
		if unknown != "" {
			e.warn("ljpc", "%s%s", c.Operation, unknown)
		}
	default:
		e.ok("ljpc", "%s (%s)%s %s", c.Operation, permission, unknown, c.Note)
	}
}

// are is "a is" or "a, b are".
func are(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}

// time compares this machine's clock with the upstream's.
func (e *examination) time(context.Context) {
	if !e.answered {
		e.warn("clock", "no upstream answered to compare this machine's clock with: check that it is kept by NTP")
		return
	}
	switch skew := e.skew.Round(time.Second); {
	case skew.Abs() > harmfulSkew:
		e.fail("clock", "this machine's clock is %s off: set it by NTP; webhooks and tokens are refused by a wrong clock", skew)
	case skew.Abs() > notedSkew:
		e.warn("clock", "this machine's clock is %s off: have NTP keep it", skew)
	default:
		e.ok("clock", "within %s of the upstream's", notedSkew)
	}
}

// dateWatch notes how far the clock is ahead of the Date of the last answer.
type dateWatch struct {
	next  http.RoundTripper
	clock clock.Clock

	mu    sync.Mutex
	ahead time.Duration
	known bool
}

// RoundTrip compares the clocks. A Date has whole seconds, which is all that is asked.
func (w *dateWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		w.mu.Lock()
		w.ahead, w.known = w.clock.Now().Sub(date), true
		w.mu.Unlock()
	}
	return response, nil
}

func (w *dateWatch) skew() (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ahead, w.known
}
