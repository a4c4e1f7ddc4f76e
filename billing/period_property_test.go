package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"

	"pgregory.net/rapid"
)

// everyAnchor calls with each day of a common and of a leap year.
func everyAnchor(do func(anchor time.Time)) {
	for day := time.Date(2027, 1, 1, 13, 14, 15, 16_000_000, time.UTC); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
		do(day)
	}
}

func TestEveryAnchorTilesFourYearsOfMonthsWithoutDrift(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 2, 3, 6, 12} {
		c := billing.Cycle{Unit: billing.Month, Count: count}
		everyAnchor(func(anchor time.Time) {
			for k := int64(0); k <= 48; k++ {
				start, next := c.Start(anchor, k), c.Start(anchor, k+1)
				if !next.After(start) {
					t.Fatalf("%s: period %d of %s is empty", anchor, k, c)
				}
				months := (start.Year()-anchor.Year())*12 + int(start.Month()-anchor.Month())
				last := time.Date(start.Year(), start.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
				if months != int(k)*count || start.Day() != min(anchor.Day(), last) {
					t.Fatalf("period %d of %s from %s starts %s", k, c, anchor, start)
				}
				if h, m, s := start.Clock(); h != 13 || m != 14 || s != 15 || start.Nanosecond() != anchor.Nanosecond() {
					t.Fatalf("period %d of %s from %s starts at another time: %s", k, c, anchor, start)
				}
			}
		})
	}
}

func TestDaysAndWeeksAreOfOneLength(t *testing.T) {
	t.Parallel()
	for unit, length := range map[billing.CycleUnit]time.Duration{billing.Day: aDay, billing.Week: 7 * aDay} {
		for _, count := range []int{1, 2, 10, 90} {
			c := billing.Cycle{Unit: unit, Count: count}
			everyAnchor(func(anchor time.Time) {
				for _, k := range []int64{0, 1, 7, 48} {
					if got := c.Start(anchor, k).Sub(anchor); got != time.Duration(k)*time.Duration(count)*length {
						t.Fatalf("period %d of %s from %s starts %s later", k, c, anchor, got)
					}
				}
			})
		}
	}
}

func TestEveryInstantIsInJustOnePeriod(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := billing.Cycle{
			Unit:  rapid.SampledFrom([]billing.CycleUnit{billing.Day, billing.Week, billing.Month, billing.Year}).Draw(r, "unit"),
			Count: rapid.IntRange(1, 24).Draw(r, "count"),
		}
		anchor := date("2024-01-01").Add(time.Duration(rapid.Int64Range(0, int64(1461*aDay)).Draw(r, "anchor")))
		at := anchor.Add(time.Duration(rapid.Int64Range(0, int64(1461*aDay)).Draw(r, "at")))
		k := c.Around(anchor, at, rapid.Int64Range(0, 40).Draw(r, "near"))
		if c.Start(anchor, k).After(at) || !c.Start(anchor, k+1).After(at) {
			r.Fatalf("%s is not in period %d of %s from %s", at, k, c, anchor)
		}
		again, err := billing.ParseCycle(c.String())
		if err != nil || again != c {
			r.Fatalf("%s is read as %v: %v", c, again, err)
		}
	})
}

func TestACycleThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "fortnight", "0 months", "-1 days", "121 months", "x months", "1.5 years", "months"} {
		if c, err := billing.ParseCycle(name); err == nil {
			t.Errorf("%q is read as %v", name, c)
		}
	}
}
