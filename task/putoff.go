package task

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// putOff moves a task out of the way whose Check failed inside the claim: it has
// not been claimed, since the transaction is gone. Whoever is put off again and again
// rings the alarm of a try that fails.
func (e *Engine) putOff(ctx context.Context, u *errUndecided) error {
	kind, err := e.kind(u.row.Kind)
	if err != nil {
		return err
	}
	cause := fault.Came(fault.Unavailable, "check_failed", "").Because(u.err)
	c := claim{row: u.row, kind: kind}
	end := e.again(c, State(u.row.State), Phase(u.row.Phase), cause)
	err = e.store.Tx(ctx, func(q *db.Queries) error {
		now := e.clock.Now()
		alarm := e.alarmFor(c, end, now)
		n, err := q.TaskPutOff(ctx, db.TaskPutOffParams{
			RunAt: db.At(now.Add(end.delay)), Alarm: alarm.Code, LastError: cause.Error(),
			UpdatedAt: db.At(now), ID: u.row.ID, SeenState: u.row.State, SeenTries: u.row.Tries,
		})
		if err != nil || n == 0 {
			return err
		}
		return e.ring(ctx, q, u.row, alarm)
	})
	if err != nil {
		return fmt.Errorf("put off task %s: %w", u.row.ID, err)
	}
	return nil
}
