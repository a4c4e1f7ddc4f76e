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

// rested is how long ago a task must have ended for it to be forgotten, whatever its age.
const rested = 7 * 24 * time.Hour

// Prune forgets the tries of tasks that are older than keep and were done or cancelled at least a
// week ago, and of the Passing kinds the tasks too. What failed, is held or waits is kept with its
// journal, and so is a task that had not ended by then when its turn came: only one that took longer
// than keep without a week. What is left after a run goes with the next.
func (e *Engine) Prune(ctx context.Context, keep time.Duration) (*tally.Report, error) {
	const batches = 500
	report, now := tally.New(), e.clock.Now()
	old := age{created: db.At(now.Add(-keep)), ended: db.At(now.Add(-min(keep, rested)))}
	for range batches {
		var some pruned
		err := e.store.Tx(ctx, func(q *db.Queries) (err error) {
			some, err = e.prune(ctx, q, old)
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

// age is what a task must be older than to be forgotten: when it was made, and when it ended.
type age struct{ created, ended db.Instant }

// pruned is what came of some tasks.
type pruned struct {
	// looked are the tasks that are through.
	looked, tasks, attempts int
	more                    bool
}

// mostTries bounds the tries that one transaction deletes.
const mostTries = 500

func (e *Engine) prune(ctx context.Context, q *db.Queries, old age) (did pruned, err error) {
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
		if row.CreatedAt >= old.created {
			break
		}
		if err := e.forget(ctx, q, row, old, &did); err != nil {
			return did, fmt.Errorf("task %s: %w", row.ID, err)
		}
		if did.attempts == mostTries {
			did.more = true // and perhaps of this task: its turn comes again
			break
		}
		did.looked, last.Value = did.looked+1, row.ID
	}
	did.more = did.more || did.looked == batch
	if did.looked == 0 {
		return did, nil
	}
	return did, q.SettingPut(ctx, db.SettingPutParams{Name: prunedTo, Value: last.Value, UpdatedAt: db.At(e.clock.Now())})
}

// forget deletes the tries of a task, as many as one transaction still may, and then the task.
func (e *Engine) forget(ctx context.Context, q *db.Queries, row db.TasksOldestRow, old age, did *pruned) error {
	attempts, err := q.TaskAttemptsForget(ctx, db.TaskAttemptsForgetParams{
		TaskID: row.ID, BeforeAt: old.ended, MaxRows: int64(mostTries - did.attempts),
	})
	if err != nil {
		return err
	}
	did.attempts += int(attempts)
	if k := e.kinds[row.Kind]; k == nil || !k.Passing || did.attempts == mostTries {
		return nil
	}
	tasks, err := q.TaskForget(ctx, db.TaskForgetParams{ID: row.ID, BeforeAt: old.ended})
	did.tasks += int(tasks)
	return err
}
