package task

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// putOff moves a task out of the way whose Check failed inside the claim: it has
// not been claimed, since the transaction is gone.
func (e *Engine) putOff(ctx context.Context, u *errUndecided) error {
	kind, err := e.kind(u.row.Kind)
	if err != nil {
		return err
	}
	cause := fault.Came(fault.Unavailable, "check_failed", "").Because(u.err)
	err = e.store.Tx(ctx, func(q *db.Queries) error {
		now := e.clock.Now()
		_, err := q.TaskPutOff(ctx, db.TaskPutOffParams{
			RunAt: db.At(now.Add(e.jitter.spread(kind.Backoff(int(u.row.Failures) + 1)))), LastError: cause.Error(),
			UpdatedAt: db.At(now), ID: u.row.ID, SeenState: u.row.State, SeenTries: u.row.Tries,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("put off task %s: %w", u.row.ID, err)
	}
	return nil
}
