package billing

import (
	"fmt"
	"strconv"
	"strings"
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

// maxCycle is the most units of a cycle: a decade of months.
const maxCycle = 120

// Cycle is how often something is billed: every Count units.
type Cycle struct {
	Unit  CycleUnit
	Count int
}

// ParseCycle reads a cycle: "month" or "year" as the catalogue calls it, "day", "week",
// or several of a unit: "3 months", "2 weeks", "90 days".
func ParseCycle(name string) (Cycle, error) {
	c := Cycle{Unit: CycleUnit(name), Count: 1}
	if number, unit, several := strings.Cut(name, " "); several {
		count, err := strconv.Atoi(number)
		if err != nil || count < 1 || count > maxCycle {
			return Cycle{}, fmt.Errorf("cycle %q does not begin with a number from 1 to %d", name, maxCycle)
		}
		c = Cycle{Unit: CycleUnit(strings.TrimSuffix(unit, "s")), Count: count}
	}
	switch c.Unit {
	case Day, Week, Month, Year:
		return c, nil
	}
	return Cycle{}, fmt.Errorf("cycle %q is not day, week, month or year, nor several of them such as \"3 months\"", name)
}

// String is the cycle as ParseCycle reads it.
func (c Cycle) String() string {
	if c.Count == 1 {
		return string(c.Unit)
	}
	return strconv.Itoa(c.Count) + " " + string(c.Unit) + "s"
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

// Around is the period that an instant is in: its number, which is below zero before the
// anchor. near is a guess of it.
func (c Cycle) Around(anchor, at time.Time, near int64) int64 {
	k := near
	for c.Start(anchor, k).After(at) {
		k--
	}
	for !c.Start(anchor, k+1).After(at) {
		k++
	}
	return k
}

// addMonths moves t by whole months and clamps the day.
func addMonths(t time.Time, months int) time.Time {
	year, month, day := t.Date()
	first := time.Date(year, month+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1)
}
