package cron

import (
	"context"
	"fmt"
	"time"
)

// Step runs the job that has been due longest before it returns; false means that
// none was due.
func (s *Schedule) Step(ctx context.Context) (bool, error) {
	if err := s.prepare(ctx); err != nil {
		return false, err
	}
	if !s.work.Begin() {
		return false, ErrStopped
	}
	defer s.work.End()
	due, err := s.due(ctx)
	if err != nil {
		return false, err
	}
	for _, e := range due {
		t, claimed, err := s.claim(ctx, e, false)
		if err != nil {
			return false, err
		}
		if claimed {
			return true, s.run(ctx, t)
		}
	}
	return false, nil
}

// NextDue is when the next job is due, by the shop's clock: now or earlier when
// one is already. False means that there is no job.
func (s *Schedule) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := s.prepare(ctx); err != nil {
		return time.Time{}, false, err
	}
	rows, err := s.store.Read().CronJobs(ctx)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("look for the next job: %w", err)
	}
	for _, r := range rows { // the next due comes first
		if s.jobs[r.Name] != nil {
			return r.DueAt.Time(), true, nil
		}
	}
	return time.Time{}, false, nil
}
