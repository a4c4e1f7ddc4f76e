package task

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// Resume makes a task that the customer has mended ready again, with another
// payload; a nil payload keeps the one there. It no longer waits for a
// predecessor, which may be what had failed.
func (e *Engine) Resume(ctx context.Context, q *db.Queries, taskID string, payload any) error {
	return e.resume(ctx, q, taskID, mended{payload: payload})
}

// ResumeAfter makes a mended task ready again, with its payload as it was, to be done
// once another has come to its end: one that was added to mend it. An empty afterID is
// none.
func (e *Engine) ResumeAfter(ctx context.Context, q *db.Queries, taskID, afterID string) error {
	waits, err := e.waitsFor(ctx, q, afterID)
	if err != nil {
		return fmt.Errorf("resume task %s after %s: %w", taskID, afterID, err)
	}
	return e.resume(ctx, q, taskID, mended{after: afterID, waits: waits})
}

// mended is with what a task goes on: nil keeps its payload.
type mended struct {
	payload any
	// after is its predecessor from now on, waits the same while that is not over.
	after, waits string
}

func (e *Engine) resume(ctx context.Context, q *db.Queries, taskID string, with mended) error {
	row, err := e.row(ctx, q, taskID)
	if err != nil {
		return err
	}
	if State(row.State) != ActionRequired {
		return errMoved(row)
	}
	m := e.move(row, Ready, PhaseDo)
	m.Result, m.Polls, m.WaitingAt, m.AfterTaskID, m.WaitsFor = "", 0, 0, with.after, with.waits
	if with.payload != nil {
		text, err := json.Marshal(with.payload)
		if err != nil {
			return fmt.Errorf("resume task %s: payload: %w", taskID, err)
		}
		m.Payload = string(text)
	}
	if err := moved(q.TaskMove(ctx, m))(row); err != nil {
		return fmt.Errorf("resume task %s: %w", taskID, err)
	}
	e.hint(row.Queue)
	return nil
}

// move is a change from outside a claim: the row as it was seen, in another
// state, with what was wrong with it wiped.
func (e *Engine) move(row db.Task, to State, phase Phase) db.TaskMoveParams {
	now := db.At(e.clock.Now())
	return db.TaskMoveParams{
		ID: row.ID, SeenState: row.State, SeenTries: row.Tries,
		State: string(to), Phase: string(phase), Payload: row.Payload, Result: row.Result,
		AfterTaskID: row.AfterTaskID, WaitsFor: row.WaitsFor, Polls: row.Polls, RunAt: now, WaitingAt: row.WaitingAt, UpdatedAt: now,
	}
}

// moved turns the row count of a TaskMove into an error: no row means that the
// task was not as it was seen.
func moved(n int64, err error) func(row db.Task) error {
	return func(row db.Task) error {
		if err == nil && n == 0 {
			return errMoved(row)
		}
		return err
	}
}

// errMoved is told to whoever asks for a change that the task's state forbids.
func errMoved(row db.Task) error {
	return fault.New(fault.Conflict, "task_state", "The task is %s; this cannot be done with it now.", row.State)
}
