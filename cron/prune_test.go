package cron_test

import (
	"context"
	"testing"
	"time"

	"hostfront/cron"
	"hostfront/db"
	"hostfront/tally"
)

func TestOldRunsAreDeletedAndThoseThatRunAreNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	nothing := func(context.Context) (*tally.Report, error) { return nil, nil }
	s := b.schedule(true, cron.Job{Name: "tick", Spec: "@hourly", Run: nothing}, cron.Job{Name: "tock", Spec: "@daily", Run: nothing})
	for range 48 {
		b.clock.Advance(time.Hour)
		for b.step(s) {
		}
	}
	before := len(b.history(s, "tick"))
	b.writes = 0
	if pruned, err := s.Prune(t.Context(), 100*time.Hour); err != nil || pruned != 0 || b.writes != 0 {
		t.Fatalf("%d deleted in %d transactions though all are young: %v", pruned, b.writes, err)
	}
	pruned, err := s.Prune(t.Context(), 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	left := b.history(s, "tick")
	if len(left) != 25 || len(b.history(s, "tock")) == 0 || int(pruned) < before-len(left) {
		t.Errorf("%d runs before, %d deleted, %d and %d left", before, pruned, len(left), len(b.history(s, "tock")))
	}
	for _, run := range left {
		if run.StartedAt.Before(b.clock.Now().Add(-24 * time.Hour)) {
			t.Errorf("a run of %s is left", run.StartedAt)
		}
	}
}

// cut counts the transactions that write.
func (b *bundle) cut(point string) error {
	if point == db.CutBefore {
		b.writes++
	}
	return nil
}
