package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"

	"pgregory.net/rapid"
)

func TestPeriodsTileOverAllAnchorsAndNeverDrift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
		anchor := first.Add(time.Duration(rapid.Int64Range(0, 4*366*86400).Draw(t, "second")) * time.Second)
		cycle := billing.Cycle{
			Unit:  rapid.SampledFrom([]billing.CycleUnit{billing.Day, billing.Week, billing.Month, billing.Year}).Draw(t, "unit"),
			Count: rapid.IntRange(1, 6).Draw(t, "count"),
		}
		if !cycle.Start(anchor, 0).Equal(anchor) {
			t.Fatalf("period 0 starts %s, not at the anchor %s", cycle.Start(anchor, 0), anchor)
		}
		for k := int64(0); k < 48; k++ {
			start, end := cycle.Start(anchor, k), cycle.Start(anchor, k+1)
			if !end.After(start) {
				t.Fatalf("period %d of %s is %s to %s", k, anchor, start, end)
			}
			checkDay(t, cycle, anchor, start)
		}
	})
}

// checkDay holds a start to the anchor's day and hour, or the month's last day.
func checkDay(t *rapid.T, cycle billing.Cycle, anchor, start time.Time) {
	h, m, s := anchor.Clock()
	h2, m2, s2 := start.Clock()
	if h != h2 || m != m2 || s != s2 {
		t.Fatalf("%s has another hour than %s", start, anchor)
	}
	if cycle.Unit != billing.Month && cycle.Unit != billing.Year {
		return
	}
	last := time.Date(start.Year(), start.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if start.Day() != min(anchor.Day(), last) {
		t.Fatalf("%s is not day %d or the month's last", start, anchor.Day())
	}
}

func TestThirtyFirstClampsAndComesBack(t *testing.T) {
	t.Parallel()
	month := billing.Cycle{Unit: billing.Month, Count: 1}
	for k, want := range []string{"2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"} {
		if got := month.Start(date("2028-01-31"), int64(k)).Format(time.DateOnly); got != want {
			t.Errorf("period %d starts %s, want %s", k, got, want)
		}
	}
	year := billing.Cycle{Unit: billing.Year, Count: 1}
	for k, want := range []string{"2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"} {
		if got := year.Start(date("2028-02-29"), int64(k)).Format(time.DateOnly); got != want {
			t.Errorf("year %d starts %s, want %s", k, got, want)
		}
	}
}

// Every day of four years as an anchor, for 48 months: each month's period begins where the
// one before ends, on the anchor's day or the month's last, and no month is left out.
func TestPeriodsTileFromEveryAnchorOfFourYearsForFortyEightMonths(t *testing.T) {
	t.Parallel()
	month := billing.Cycle{Unit: billing.Month, Count: 1}
	for anchor := date("2024-01-01"); anchor.Year() < 2028; anchor = anchor.AddDate(0, 0, 1) {
		at := anchor.Add(13*time.Hour + 37*time.Minute)
		for k := range int64(48) {
			start := month.Start(at, k)
			first := time.Date(at.Year(), at.Month()+time.Month(k), 1, 0, 0, 0, 0, time.UTC)
			last := first.AddDate(0, 1, -1).Day()
			want := first.AddDate(0, 0, min(at.Day(), last)-1).Add(13*time.Hour + 37*time.Minute)
			if !start.Equal(want) {
				t.Fatalf("period %d from %s starts %s, want %s", k, at, start, want)
			}
		}
	}
}
