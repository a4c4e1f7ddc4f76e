package task

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// patientLosses is how often in a row a task may lose its worker before it is
// tried more slowly: it may be what kills them.
const patientLosses = 3

// sweep ends the claims whose holder did not come back in time, and gives how
// many. What becomes of the task follows from what the holder may have done.
func (e *Engine) sweep(ctx context.Context) (int, error) {
	expired, err := e.store.Read().TasksExpired(ctx, db.TasksExpiredParams{
		SteadyUntil: db.At(e.steady.Now()), MaxRows: 100,
	})
	if err != nil {
		return 0, fmt.Errorf("look for claims that have ended: %w", err)
	}
	ended := 0
	var failed error
	for _, x := range expired {
		ok, err := e.expire(ctx, x)
		failed = errors.Join(failed, err) // one that cannot be ended keeps no other waiting
		if ok {
			ended++
		}
	}
	return ended, failed
}

// expire ends that one claim: when its holder came back meanwhile, its token is of the past.
func (e *Engine) expire(ctx context.Context, x db.TasksExpiredRow) (bool, error) {
	row, err := e.row(ctx, e.store.Read(), x.ID)
	if err != nil {
		return false, err
	}
	kind := e.kinds[row.Kind]
	if kind == nil { // a newer process beside this one knows it
		return false, nil
	}
	c := claim{row: row, kind: kind, token: x.LeaseToken}
	end, err := e.expiry(ctx, c)
	if err != nil {
		return false, err
	}
	err = e.write(ctx, c, end)
	if errors.Is(err, errLost) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("end the claim of task %s: %w", row.ID, err)
	}
	e.announce(c, end)
	e.news.tell(row.ID)
	return true, nil
}

// expiry is what a claim comes to whose holder is gone: a read is made again, and
// a call that must not happen twice is reconciled if it may have been made.
func (e *Engine) expiry(ctx context.Context, c claim) (ending, error) {
	end := ending{
		phase: Phase(c.row.Phase), outcome: OutcomeLost,
		cause:    fault.Came(fault.Unknown, "worker_lost", "The worker did not come back."),
		failures: c.row.Failures + 1, unclears: c.row.Unclears,
	}
	if end.failures > patientLosses {
		end.delay = c.kind.Backoff(int(end.failures - patientLosses))
	}
	switch end.phase {
	case PhasePoll:
		end.state = Waiting
	case PhaseReconcile:
		end.state = Unknown
	case PhaseSettle:
		end.state, end.verdict = Settling, State(c.row.Verdict)
		end.keep(c.row)
	default:
		called, err := e.mayHaveCalled(ctx, c)
		if err != nil {
			return ending{}, err
		}
		end.expiredDo(c.kind, called)
	}
	return end, nil
}

func (end *ending) expiredDo(k *Kind, called bool) {
	switch {
	case k.Idempotent || !called:
		end.state, end.uncalled = Ready, !called
	case k.Reconcile == nil:
		end.state = Held
	default:
		end.state, end.phase = Unknown, PhaseReconcile
	}
}

// keep leaves why a settling task came to its end as it was.
func (end *ending) keep(r db.Task) {
	if r.ErrorCode != "" {
		end.cause = keptCause(r, fault.Rejected)
	}
}

func (e *Engine) mayHaveCalled(ctx context.Context, c claim) (bool, error) {
	if !c.kind.looks() {
		return true, nil
	}
	attempt, err := e.store.Read().TaskAttemptByID(ctx, c.token)
	if err != nil {
		return false, fmt.Errorf("read the attempt of task %s: %w", c.row.ID, err)
	}
	return !attempt.LookedAt.IsZero(), nil
}

// serveSweeps ends expired claims every second until the engine stops. The timer
// is a real one and only says when to look; the steady clock decides.
func (e *Engine) serveSweeps(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		n, err := e.sweep(ctx)
		if err != nil {
			e.log.Error("ending lost claims failed", "error", err)
		}
		if n > 0 {
			e.Wake()
		}
		select {
		case <-e.work.Stopping():
			return
		case <-tick.C:
		}
	}
}
