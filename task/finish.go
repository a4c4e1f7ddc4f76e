package task

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

// errLost: the claim had ended and the task is somebody else's now.
var errLost = errors.New("the claim was lost")

// storeTimeout bounds one try to write an outcome.
const storeTimeout = 20 * time.Second

// finish writes what a try came to, with what follows from it, in one
// transaction. When that fails a second one writes the outcome alone, and what
// follows is tried again later: an answer from outside is never lost. A context
// that has ended does not keep it from writing.
func (e *Engine) finish(ctx context.Context, c claim, end ending) error {
	ctx = context.WithoutCancel(ctx)
	err := e.write(ctx, c, end)
	if err == nil {
		e.announce(c, end)
		return nil
	}
	if errors.Is(err, errLost) {
		return e.late(ctx, c, end)
	}
	if follows(c.kind, end.state) {
		end = e.settling(c, end, err)
	}
	for try := 0; ; try++ {
		err := e.write(ctx, c, end)
		if err == nil {
			e.announce(c, end)
			return nil
		}
		if errors.Is(err, errLost) {
			return e.late(ctx, c, end)
		}
		if !e.patient(try) {
			return fmt.Errorf("write the outcome %s of task %s: %w", end.outcome, c.row.ID, err)
		}
	}
}

// write is one transaction: the task if the claim still holds, the attempt, the
// alarm, the handler.
func (e *Engine) write(ctx context.Context, c claim, end ending) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return e.store.Tx(ctx, func(q *db.Queries) error {
		now := e.clock.Now()
		row := end.after(c, now)
		alarm := e.alarmFor(c, end, now)
		row.Alarm = alarm.Code
		n, err := q.TaskFinish(ctx, finishParams(row, c.token))
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		if _, err := q.TaskAttemptClose(ctx, end.closeParams(c.token, now)); err != nil {
			return err
		}
		if err := e.ring(ctx, q, c.row, alarm); err != nil {
			return err
		}
		if end.state.Finished() {
			if err := e.letGo(ctx, q, c.kind, c.row.ID); err != nil {
				return err
			}
		}
		return follow(ctx, q, c.kind, fromRow(row), end.cause)
	})
}

// late keeps, for whoever decides, what a try brought whose claim had been taken
// over.
func (e *Engine) late(ctx context.Context, c claim, end ending) error {
	e.log.Warn("task answered after its claim had ended", "task", c.row.ID, "kind", c.row.Kind, "outcome", end.outcome)
	p := end.closeParams(c.token, e.clock.Now())
	err := e.store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.TaskAttemptLate(ctx, db.TaskAttemptLateParams{
			Outcome: OutcomeLate + p.Outcome, ErrorCode: p.ErrorCode, Error: p.Error, Result: p.Result, Notes: p.Notes,
			EndedAt: p.EndedAt, ID: p.ID,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the late answer of task %s: %w", c.row.ID, err)
	}
	return nil
}

// announce counts and logs an ending that is written, and wakes whoever waits for it.
func (e *Engine) announce(c claim, end ending) {
	e.outcomes.add(c.row.Kind, end.outcome)
	e.wakeAfter(end)
	attrs := []any{"task", c.row.ID, "kind", c.row.Kind, "subject", c.row.Subject, "state", string(end.state), "outcome", end.outcome}
	if code := end.code(); code != "" {
		attrs = append(attrs, "code", code)
	}
	switch end.state {
	case Held, Settling, Failed:
		e.log.Warn("task", attrs...)
	default:
		e.log.Debug("task", attrs...)
	}
}
