package task

import (
	"context"
	"fmt"

	"hostfront/db"
)

// waitsFor is the predecessor that a task must wait for: afterID, or "" once that has come
// to its end. A task that waits stands outside the index of what can be claimed, until the
// transaction that ends its predecessor lets it in.
func (e *Engine) waitsFor(ctx context.Context, q *db.Queries, afterID string) (string, error) {
	if afterID == "" {
		return "", nil
	}
	before, err := e.row(ctx, q, afterID)
	if err != nil {
		return "", err
	}
	kind, err := e.kind(before.Kind)
	if err != nil {
		return "", err
	}
	if !kind.Leads {
		return "", fmt.Errorf("nothing may wait for a %s", kind.Name)
	}
	if State(before.State).Finished() {
		return "", nil
	}
	return afterID, nil
}

// letGo lets the followers of a task that has come to its end be claimed.
func (e *Engine) letGo(ctx context.Context, q *db.Queries, k *Kind, id string) error {
	if k == nil || !k.Leads {
		return nil
	}
	if _, err := q.TasksUnpark(ctx, id); err != nil {
		return fmt.Errorf("let the followers of task %s go: %w", id, err)
	}
	return nil
}
