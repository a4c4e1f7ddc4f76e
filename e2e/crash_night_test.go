package e2e_test

import (
	"testing"

	"hostfront/app/apptest"
	"hostfront/cron"
)

// TestEveryCrashPointOfANight cuts the power at every boundary of a day's run of all the jobs,
// those that compare, audit, tell and clear up among them. However it was cut, the next run of
// each goes through, and what was bought stands as it stood.
func TestEveryCrashPointOfANight(t *testing.T) {
	t.Parallel()
	bought := photograph(t, apptest.Outside{LJPC: steps(shows)}, (*crash).buy)
	everyCrashPoint(t, crossing{"a night of all jobs", 100, func(t *testing.T, at cut) *crash { return night(t, bought, at) }})
}

func night(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	c.w.Time.Advance(aDay)
	c.w.Power.CutAt(at.k)
	c.through("night", c.nothingIsDue)
	return c.ended(func() {
		c.boughtOnce()
		c.allJobsRan()
	})
}

// nothingIsDue has the shop do all that is due now.
func (c *crash) nothingIsDue() bool {
	if err := c.w.Drain(); err != nil && !c.w.Power.Dead() {
		c.t.Fatal(err)
	}
	return !c.w.Power.Dead()
}

// allJobsRan: the latest run of each job went through.
func (c *crash) allJobsRan() {
	c.t.Helper()
	jobs, err := c.w.App.Jobs.Jobs(c.t.Context())
	c.must(err)
	for _, job := range jobs {
		runs, err := c.w.App.Jobs.History(c.t.Context(), job.Name, "", 1)
		c.must(err)
		if len(runs) != 1 || runs[0].State != cron.Done {
			c.t.Errorf("%s: %+v", job.Name, runs)
		}
	}
	if len(jobs) < 20 {
		c.t.Errorf("only %d jobs", len(jobs))
	}
}
