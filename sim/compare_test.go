package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/stripe"
)

// compare holds the world outside against the books.
func (w *world) compare() {
	b := w.books()
	defer b.close()
	c := &comparison{books: b, ljpc: w.ljpc, stripe: w.stripe, now: w.Now(), seen: w.seen}
	if wrong := c.all(); len(wrong) > 0 {
		w.fail("%s", wrong)
	}
}

// comparison holds what is outside against the books: what Stripe moved, what LJPc
// delivered, what customers have and what they paid for. Everything is over by now. It
// collects what does not agree.
type comparison struct {
	*books
	ljpc   *ljpc.Server
	stripe *stripe.Server
	now    time.Time
	seen   tally
	wrong  []string
}

// all makes every comparison, and says what does not agree.
func (c *comparison) all() string {
	for _, part := range []func(){c.charges, c.refunds, c.clearing, c.payouts, c.methods, c.sites, c.domains, c.orders, c.periods, c.purchases, c.subscriptions, c.unfinished} {
		part()
	}
	if len(c.wrong) == 0 {
		return ""
	}
	return fmt.Sprintf("the books and the world outside disagree in %d points:\n  %s", len(c.wrong), strings.Join(c.wrong[:min(len(c.wrong), 30)], "\n  "))
}

func (c *comparison) complain(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// count says how much of something was held against the other side.
func (c *comparison) count(what string, n int) { c.seen["compared: "+what] += n }

// same holds two tellings against each other, by name.
func same[T comparable](c *comparison, what string, outside, inside map[string]T) {
	c.count(what, len(outside))
	var zero T
	names := map[string]bool{}
	for name := range outside {
		names[name] = true
	}
	for name := range inside {
		names[name] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		if outside[name] != inside[name] {
			sorted = append(sorted, name)
		}
	}
	slices.Sort(sorted)
	for _, name := range sorted {
		switch o, i := outside[name], inside[name]; {
		case i == zero:
			c.complain("%s %s: outside it is %v, the books do not know it", what, name, o)
		case o == zero:
			c.complain("%s %s: the books say %v, outside there is nothing", what, name, i)
		default:
			c.complain("%s %s: outside it is %v, the books say %v", what, name, o, i)
		}
	}
}
