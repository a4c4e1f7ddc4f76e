package sim_test

import (
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"
)

// How long a world lives, and how many: the short form unless it is said.
var (
	seed      = flag.Uint64("seed", 0, "the first seed of TestYears; 0 for the short form's own")
	seeds     = flag.Int("seeds", 1, "how many seeds, one after the other")
	years     = flag.Int("years", 0, "how many years a world lives; 0 for -days")
	days      = flag.Int("days", 0, "how many days a world lives; 0 for -years")
	rough     = flag.Int("rough", 1, "how many times as often misfortune comes as usual")
	customers = flag.Int("customers", 0, "how many customers a world has")
)

// TestYears lives through years of a shop; see the package's comment. Without flags
// it is a short form for every day.
func TestYears(t *testing.T) {
	// One thing happens at a time: a second processor would only wait for its turn.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := scenario{customers: 20, days: 75, rates: usual().rougher(*rough)}
	if *customers > 0 {
		s.customers = *customers
	}
	switch {
	case *days > 0:
		s.days = *days
	case *years > 0:
		s.days = 365 * *years
	}
	first, n := uint64(1), 2
	if *seed > 0 {
		first, n = *seed, *seeds
	}
	for k := range n {
		s.seed = first + uint64(k)
		t.Run(fmt.Sprintf("seed=%d", s.seed), func(t *testing.T) {
			began := time.Now()
			w := openWorld(t, s)
			w.years()
			t.Logf("seed %d, %d customers, %d days in %s: %s", s.seed, s.customers, s.days, time.Since(began).Round(time.Millisecond), w.seen)
		})
	}
}

// String is what happened, by name.
func (t tally) String() string {
	text := ""
	for _, what := range slices.Sorted(maps.Keys(t)) {
		text += fmt.Sprintf("\n  %-40s %d", what, t[what])
	}
	return text
}
