package billing

import (
	"fmt"
	"time"
)

// CycleUnit is what a billing cycle is counted in.
type CycleUnit string

// The units of a cycle.
const (
	Day   CycleUnit = "day"
	Week  CycleUnit = "week"
	Month CycleUnit = "month"
	Year  CycleUnit = "year"
)

// Cycle is how often something is billed: every Count units.
type Cycle struct {
	Unit  CycleUnit
	Count int
}

// ParseCycle reads what the catalogue calls a cycle: "month" or "year" (also "day"
// and "week").
func ParseCycle(name string) (Cycle, error) {
	switch u := CycleUnit(name); u {
	case Day, Week, Month, Year:
		return Cycle{Unit: u, Count: 1}, nil
	}
	return Cycle{}, fmt.Errorf("cycle %q is not day, week, month or year", name)
}

// Start is the start of period k of a subscription anchored at anchor: the anchor
// moved by k cycles and clamped to the month's last day, all in UTC. It is always
// computed from the anchor and never from the period before, so that 31 January is
// followed by 28 February and then by 31 March. Period k ends where k+1 starts:
// periods tile without gap or overlap.
func (c Cycle) Start(anchor time.Time, k int64) time.Time {
	anchor = anchor.UTC()
	steps := int(k) * c.Count
	switch c.Unit {
	case Day:
		return anchor.AddDate(0, 0, steps)
	case Week:
		return anchor.AddDate(0, 0, 7*steps)
	case Year:
		return addMonths(anchor, 12*steps)
	}
	return addMonths(anchor, steps)
}

// addMonths moves t by whole months and clamps the day.
func addMonths(t time.Time, months int) time.Time {
	year, month, day := t.Date()
	first := time.Date(year, month+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1)
}
