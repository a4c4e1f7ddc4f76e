package task

import (
	"context"
	"fmt"

	"hostfront/db"
)

// CancelWithin is Cancel in the caller's transaction, beside what else is decided there.
func (e *Engine) CancelWithin(ctx context.Context, q *db.Queries, id, note string) error {
	row, err := e.row(ctx, q, id)
	if err != nil {
		return err
	}
	kind, err := e.kind(row.Kind)
	if err != nil {
		return err
	}
	if err := e.cancel(ctx, q, row, kind, CodeCancelled); err != nil {
		return fmt.Errorf("task %s: %w", id, err)
	}
	if err := e.ring(ctx, q, row, Alarm{}); err != nil {
		return err
	}
	return e.journalOperator(ctx, q, row, decision{outcome: "cancelled", note: note})
}
