package cron

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
)

// prepare writes the jobs to the database, once: a new one is due at its next
// slot, one with another spec too.
func (s *Schedule) prepare(ctx context.Context) error {
	if s.wrong != nil {
		return s.wrong
	}
	s.ready.Lock()
	defer s.ready.Unlock()
	if s.written {
		return nil
	}
	now := s.clock.Now()
	err := s.store.Tx(ctx, func(q *db.Queries) error {
		if s.soleOwner {
			if _, err := q.CronEndLeases(ctx); err != nil {
				return err
			}
		}
		for _, e := range s.jobs {
			if err := e.write(ctx, q, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the schedule: %w", err)
	}
	s.written = true
	return nil
}

func (e *entry) write(ctx context.Context, q *db.Queries, now time.Time) error {
	due := e.next(now)
	n, err := q.CronJobInsert(ctx, db.CronJobInsertParams{Name: e.Name, Spec: e.Spec, DueAt: due})
	if err != nil || n > 0 {
		return err
	}
	_, err = q.CronJobRespec(ctx, db.CronJobRespecParams{Spec: e.Spec, DueAt: due, Name: e.Name})
	return err
}
