package cron

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

const lookEvery = time.Second

// Start looks every second for jobs that are due and runs each beside the others.
// It refuses a job that cannot be. The context lends its values only: Stop ends
// the schedule.
func (s *Schedule) Start(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	first, err := s.work.Start()
	if err != nil || !first {
		return err
	}
	if !s.work.Begin() {
		return ErrStopped
	}
	go func() {
		defer s.work.End()
		s.serve(context.WithoutCancel(ctx))
	}()
	return nil
}

// serve's timer is a real one and only says when to look; the shop's clock says
// what is due.
func (s *Schedule) serve(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.startDue(ctx); err != nil {
			s.log.Error("starting jobs failed", "error", err)
		}
		select {
		case <-s.work.Stopping():
			return
		case <-tick.C:
		}
	}
}

func (s *Schedule) startDue(ctx context.Context) error {
	due, err := s.due(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range due {
		failed = errors.Join(failed, s.startOne(ctx, e))
	}
	return failed
}

func (s *Schedule) startOne(ctx context.Context, e *entry) error {
	if !s.work.Begin() {
		return nil
	}
	t, claimed, err := s.claim(ctx, e, false)
	if err != nil || !claimed {
		s.work.End()
		return err
	}
	go func() {
		defer s.work.End()
		if err := s.run(ctx, t); err != nil {
			s.log.Error("job's run not written", "job", e.Name, "error", err)
		}
	}()
	return nil
}

// due are the jobs known here whose time has come and that nobody runs, the
// longest due first.
func (s *Schedule) due(ctx context.Context) ([]*entry, error) {
	names, err := s.store.Read().CronJobsDue(ctx, db.CronJobsDueParams{NowAt: db.At(s.clock.Now()), SteadyUntil: db.At(s.steady.Now())})
	if err != nil {
		return nil, fmt.Errorf("look for due jobs: %w", err)
	}
	var due []*entry
	for _, name := range names {
		if e := s.jobs[name]; e != nil {
			due = append(due, e)
		}
	}
	return due, nil
}

// Stop starts no more jobs and waits for those that run. When ctx ends first they
// are told to end, and ctx's error is returned. It may be called twice, and
// without a Start.
func (s *Schedule) Stop(ctx context.Context) error {
	if err := s.work.Stop(ctx); err != nil {
		return fmt.Errorf("stop the schedule: %w", err)
	}
	return nil
}
