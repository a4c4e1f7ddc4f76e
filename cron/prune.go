package cron

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
)

// Prune deletes the runs of jobs that began longer ago than keep and have ended, and says
// how many. What is left after so many batches goes with the next run.
func (s *Schedule) Prune(ctx context.Context, keep time.Duration) (pruned int64, err error) {
	const batch, batches = 500, 100
	jobs, err := s.store.Read().CronJobs(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the jobs: %w", err)
	}
	before := db.At(s.clock.Now().Add(-keep))
	for _, job := range jobs {
		for range batches {
			var n int64
			err := s.store.Tx(ctx, func(q *db.Queries) (err error) {
				n, err = q.CronRunsForget(ctx, db.CronRunsForgetParams{Job: job.Name, BeforeAt: before, MaxRows: batch})
				return err
			})
			if err != nil {
				return pruned, fmt.Errorf("prune the runs of %s: %w", job.Name, err)
			}
			if pruned += n; n < batch {
				break
			}
		}
	}
	return pruned, nil
}
