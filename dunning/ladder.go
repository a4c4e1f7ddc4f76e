package dunning

import (
	"time"

	"hostfront/db"
)

const day = 24 * time.Hour

// The outcomes of a step.
const (
	outcomeDone   = "done"
	outcomePassed = "passed" // it was due and had no reason any more
)

// next is the first step of the ladder that was not taken, and when it is due; false at the
// end. It is counted from the due date, and not before its notice has stood: after a
// downtime the days between a notice and what it announces are kept.
func (c invoiceCase) next() (Step, time.Time, bool) {
	taken := map[string]bool{}
	var last db.Instant
	for _, s := range c.steps {
		taken[s.Step] = true
		if s.Outcome == outcomeDone {
			last = max(last, s.DoneAt)
		}
	}
	for _, s := range c.ladder {
		if taken[s.Name] {
			continue
		}
		at := c.DueAt.Time().Add(time.Duration(s.After) * day)
		if noticed := last.Add(time.Duration(s.Notice) * day).Time(); !last.IsZero() && noticed.After(at) {
			at = noticed
		}
		return s, at, true
	}
	return Step{}, time.Time{}, false
}

// passed says that a step has no reason any more: a reminder when the next one is due as
// well, since one mail on a day is enough.
func (c invoiceCase) passed(s Step, now time.Time) bool {
	if s.Action != Remind {
		return false
	}
	for i, other := range c.ladder {
		if other.Name != s.Name || i+1 == len(c.ladder) {
			continue
		}
		after := c.ladder[i+1]
		return after.Action == Remind && !c.DueAt.Time().Add(time.Duration(after.After)*day).After(now)
	}
	return false
}

// with is the case after a step was taken at an instant, to see what comes next.
func (c invoiceCase) with(s Step, at time.Time) invoiceCase {
	c.steps = append(append([]db.DunningStep{}, c.steps...), db.DunningStep{Step: s.Name, Outcome: outcomeDone, DoneAt: db.At(at)})
	return c
}

// announced is what a mail after a step tells of: the next step that the customer feels,
// and from when.
func (c invoiceCase) announced(s Step, now time.Time) (Action, time.Time) {
	for c = c.with(s, now); ; c = c.with(s, now) {
		var any bool
		var at time.Time
		if s, at, any = c.next(); !any {
			return "", time.Time{}
		}
		now = at
		if s.Action != Remind && s.Action != FinalNotice {
			return s.Action, at
		}
	}
}
