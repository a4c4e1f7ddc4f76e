package task

import (
	"context"

	"hostfront/db"
	"hostfront/fault"
)

// follows tells whether an ending has a handler that writes what comes of it.
func follows(k *Kind, s State) bool {
	switch s {
	case Done:
		return k.Done != nil
	case Failed:
		return k.Failed != nil
	case ActionRequired:
		return k.ActionRequired != nil
	}
	return false
}

// follow runs the handler that belongs to the state the task has come to.
func follow(ctx context.Context, q *db.Queries, k *Kind, t Task, cause *fault.Outcome) error {
	if !follows(k, t.State) {
		return nil
	}
	return guard(func() error {
		switch t.State {
		case Done:
			return k.Done(ctx, q, t)
		case Failed:
			return k.Failed(ctx, q, t, cause)
		default:
			return k.ActionRequired(ctx, q, t, cause)
		}
	})
}
