package task

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

// Step claims the task that has been due longest and runs it before it returns;
// false means that none was due. It serves tests, simulations and the moving of
// the clock: breakers do not keep it, and an outcome that cannot be written is
// told at once.
func (e *Engine) Step(ctx context.Context) (bool, error) {
	if !e.work.Begin() {
		return false, ErrStopped
	}
	defer e.work.End()
	if err := e.adopt(ctx); err != nil {
		return false, err
	}
	if n, err := e.sweep(ctx); err != nil || n > 0 {
		return n > 0, err
	}
	for {
		row, ok, err := e.longestDue(ctx)
		if err != nil || !ok {
			return false, err
		}
		claims, err := e.claimAll(ctx, []db.Task{row})
		if err != nil {
			return false, err
		}
		if len(claims) == 1 {
			return true, e.perform(ctx, claims[0])
		}
	}
}

// longestDue looks through the queues from the first on that has something due: mostly none has.
func (e *Engine) longestDue(ctx context.Context) (db.Task, bool, error) {
	from, err := e.store.Read().TaskFirstQueue(ctx, db.At(e.clock.Now()))
	if err != nil {
		return db.Task{}, false, fmt.Errorf("look for a queue with something due: %w", err)
	}
	if len(from) == 0 {
		return db.Task{}, false, nil
	}
	var first db.Task
	found := false
	for _, l := range e.lanesByName() {
		if l.queue < from[0] {
			continue
		}
		rows, err := e.due(ctx, l.queue, 1)
		if err != nil {
			return db.Task{}, false, err
		}
		if len(rows) == 0 {
			continue
		}
		r := rows[0]
		if !found || r.RunAt < first.RunAt || (r.RunAt == first.RunAt && r.ID < first.ID) {
			first, found = r, true
		}
	}
	return first, found, nil
}

// NextDue is when the next task can be claimed, by the shop's clock: now or
// earlier when one can be already. False means that nothing waits for time to
// pass.
func (e *Engine) NextDue(ctx context.Context) (time.Time, bool, error) {
	next := db.Instant(0)
	for _, l := range e.lanesByName() {
		at, err := e.store.Read().TaskNextRun(ctx, l.queue)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return time.Time{}, false, fmt.Errorf("look for the next task of %s: %w", l.queue, err)
		}
		if next.IsZero() || at < next {
			next = at
		}
	}
	return next.Time(), !next.IsZero(), nil
}

// Quiet is true when no task runs and none is due: the clock may be moved.
func (e *Engine) Quiet(ctx context.Context) (bool, error) {
	running, err := e.store.Read().TaskRunningOne(ctx)
	if err != nil {
		return false, fmt.Errorf("look for running tasks: %w", err)
	}
	if len(running) > 0 {
		return false, nil
	}
	next, waits, err := e.NextDue(ctx)
	if err != nil {
		return false, err
	}
	return !waits || next.After(e.clock.Now()), nil
}
