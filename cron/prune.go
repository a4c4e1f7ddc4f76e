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
	const batches = 500
	jobs, err := s.store.Read().CronJobs(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the jobs: %w", err)
	}
	before := db.At(s.clock.Now().Add(-keep))
	for _, job := range jobs {
		last := ""
		for range batches {
			found, err := s.oldest(ctx, job.Name, last, before)
			if err == nil {
				err = s.forget(ctx, found.ended, &pruned)
			}
			if err != nil {
				return pruned, fmt.Errorf("prune the runs of %s: %w", job.Name, err)
			}
			if last = found.last; !found.more {
				break
			}
		}
	}
	return pruned, nil
}

// runs are some of a job's oldest: those that ended, and the last that was looked at.
type runs struct {
	ended []string
	last  string
	more  bool
}

// oldest reads, outside any write, up to the first run that is too young.
func (s *Schedule) oldest(ctx context.Context, job, after string, before db.Instant) (found runs, err error) {
	const batch = 200
	rows, err := s.store.Read().CronRunsOldest(ctx, db.CronRunsOldestParams{Job: job, After: after, MaxRows: batch})
	if err != nil {
		return found, err
	}
	for _, row := range rows {
		if row.StartedAt >= before {
			return found, nil
		}
		if found.last = row.ID; row.State != "running" {
			found.ended = append(found.ended, row.ID)
		}
	}
	found.more = len(rows) == batch
	return found, nil
}

func (s *Schedule) forget(ctx context.Context, ids []string, pruned *int64) error {
	if len(ids) == 0 {
		return nil
	}
	var gone int64
	err := s.store.Tx(ctx, func(q *db.Queries) error {
		gone = 0
		for _, id := range ids {
			n, err := q.CronRunForget(ctx, id)
			if err != nil {
				return err
			}
			gone += n
		}
		return nil
	})
	if err == nil {
		*pruned += gone
	}
	return err
}
