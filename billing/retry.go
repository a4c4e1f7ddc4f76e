package billing

import (
	"slices"
	"time"
)

// Retry says when an automatic charge is tried again, by what kept it from succeeding. A
// zero field is its default.
type Retry struct {
	// Transport is how long a call to the provider that did not get through waits before it
	// is made again, under the same key; the last one stays. Default 1, 5 and 30 minutes.
	Transport []time.Duration
	// Soft is on which days after the first charge it is tried again when the bank said not
	// today; Authentication when the customer was asked to confirm and did not. Default for
	// both: 1, 3, 5, 7, 10 and 14.
	Soft, Authentication []int
	// Hour is the hour of such a day, in the shop's zone. Default 9.
	Hour int
	// Zone is where the shop keeps its hours. Default UTC.
	Zone *time.Location
}

func (r Retry) withDefaults() Retry {
	if r.Transport == nil {
		r.Transport = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute}
	}
	if r.Soft == nil {
		r.Soft = []int{1, 3, 5, 7, 10, 14}
	}
	if r.Authentication == nil {
		r.Authentication = slices.Clone(r.Soft)
	}
	if r.Hour == 0 {
		r.Hour = 9
	}
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	return r
}

// plan is the days on which a charge is tried again after a decline of a class. A hard one
// has none: that method is not charged again.
func (r Retry) plan(class DeclineClass) []int {
	switch class {
	case DeclineHard:
		return nil
	case DeclineAuthentication:
		return r.Authentication
	}
	return r.Soft
}

// next is when a charge is tried again that was declined now as the so-manieth of its
// series; false when the plan is at its end. A series that a downtime held up goes on with
// the distances of the plan, and never makes up for days that have gone.
func (r Retry) next(now time.Time, class DeclineClass, attempt int64) (time.Time, bool) {
	plan := r.plan(class)
	if attempt >= int64(len(plan)) {
		return time.Time{}, false
	}
	days := plan[attempt]
	if attempt > 0 {
		days -= plan[attempt-1]
	}
	return r.hour(now, max(days, 1)), true
}

// hour is the hour of charges on a day so many days from now.
func (r Retry) hour(now time.Time, days int) time.Time {
	y, m, d := now.In(r.Zone).Date()
	return time.Date(y, m, d+days, r.Hour, 0, 0, 0, r.Zone).UTC()
}

// backoff is the pause before a call that did not get through is made again.
func (r Retry) backoff(attempt int) time.Duration {
	return r.Transport[min(max(attempt, 1), len(r.Transport))-1]
}
