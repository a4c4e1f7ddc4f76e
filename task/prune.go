package task

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/tally"
)

// prunedTo is the setting that keeps the last task that Prune has looked at: it goes
// forward only, so that what is kept for good is not looked at every night.
const prunedTo = "task.pruned_to"

// Prune forgets the tries of tasks that were done or cancelled longer ago than keep, and of
// the Passing kinds the tasks too. What failed, is held or waits is kept with its journal, and so is
// a task that had not ended yet when its turn came. What is left after a run goes with the next.
func (e *Engine) Prune(ctx context.Context, keep time.Duration) (*tally.Report, error) {
	const batches = 500
	report, before := tally.New(), e.clock.Now().Add(-keep)
	for range batches {
		var some pruned
		err := e.store.Tx(ctx, func(q *db.Queries) (err error) {
			some, err = e.prune(ctx, q, db.At(before))
			return err
		})
		if err != nil {
			return report, fmt.Errorf("prune tasks: %w", err)
		}
		report.Did(some.looked)
		report.Count("tasks", some.tasks)
		report.Count("attempts", some.attempts)
		if !some.more {
			return report, nil
		}
	}
	return report, nil
}

// pruned is what came of some tasks.
type pruned struct {
	looked, tasks, attempts int
	more                    bool
}

func (e *Engine) prune(ctx context.Context, q *db.Queries, before db.Instant) (did pruned, err error) {
	const batch = 100
	last, err := q.SettingByName(ctx, prunedTo)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return did, err
	}
	rows, err := q.TasksOldest(ctx, db.TasksOldestParams{After: last.Value, MaxRows: batch})
	if err != nil {
		return did, err
	}
	for _, row := range rows {
		if row.CreatedAt >= before {
			break
		}
		if err := e.forget(ctx, q, row, before, &did); err != nil {
			return did, fmt.Errorf("task %s: %w", row.ID, err)
		}
		did.looked, last.Value = did.looked+1, row.ID
	}
	if did.looked == 0 {
		return did, nil
	}
	did.more = did.looked == batch
	return did, q.SettingPut(ctx, db.SettingPutParams{Name: prunedTo, Value: last.Value, UpdatedAt: db.At(e.clock.Now())})
}

func (e *Engine) forget(ctx context.Context, q *db.Queries, row db.TasksOldestRow, before db.Instant, did *pruned) error {
	attempts, err := q.TaskAttemptsForget(ctx, db.TaskAttemptsForgetParams{TaskID: row.ID, BeforeAt: before})
	if err != nil {
		return err
	}
	did.attempts += int(attempts)
	if k := e.kinds[row.Kind]; k == nil || !k.Passing {
		return nil
	}
	tasks, err := q.TaskForget(ctx, db.TaskForgetParams{ID: row.ID, BeforeAt: before})
	did.tasks += int(tasks)
	return err
}
