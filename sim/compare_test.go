package sim_test

import (
	"fmt"
	"slices"
	"strings"
)

// compare holds the world outside against the books: what Stripe moved, what LJPc
// delivered, what customers have and what they paid for. Everything is over by now.
func (w *world) compare() {
	b := w.books()
	defer b.close()
	c := &comparison{books: b, world: w}
	for _, part := range []func(){c.charges, c.refunds, c.clearing, c.sites, c.domains, c.orders, c.periods, c.purchases, c.subscriptions, c.unfinished} {
		part()
	}
	if len(c.wrong) > 0 {
		w.fail("the books and the world outside disagree in %d points:\n  %s", len(c.wrong), strings.Join(c.wrong[:min(len(c.wrong), 30)], "\n  "))
	}
}

// comparison collects what does not agree.
type comparison struct {
	*books
	world *world
	wrong []string
}

func (c *comparison) complain(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// count says how much of something was held against the other side.
func (c *comparison) count(what string, n int) { c.world.seen["compared: "+what] += n }

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
