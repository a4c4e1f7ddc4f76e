package cron

import (
	"context"

	"hostfront/fault"
)

// RunNow runs a job that is asked for, whether it is due or not, and gives the run
// when it has ended; a failure of the job is in the run. When ctx ends first, the
// run goes on and is given as it is. A job that runs already is a conflict.
func (s *Schedule) RunNow(ctx context.Context, name string) (Run, error) {
	if err := s.prepare(ctx); err != nil {
		return Run{}, err
	}
	e, ok := s.jobs[name]
	if !ok {
		return Run{}, fault.Missing("job", name)
	}
	if !s.work.Begin() {
		return Run{}, ErrStopped
	}
	t, claimed, err := s.claim(ctx, e, true)
	if err != nil || !claimed {
		s.work.End()
		if err == nil {
			err = fault.New(fault.Conflict, "job_running", "The job %s is running.", name)
		}
		return Run{}, err
	}
	ended := make(chan error, 1)
	go func() {
		defer s.work.End()
		ended <- s.run(ctx, t)
	}()
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	if err != nil {
		return Run{}, err
	}
	return s.runByID(context.WithoutCancel(ctx), t.id)
}
