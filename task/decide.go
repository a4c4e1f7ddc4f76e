package task

import (
	"context"
	"errors"

	"hostfront/db"
	"hostfront/fault"
)

// decide is what a task comes to before any call: its predecessor failed, or the
// reason for it has gone.
func (e *Engine) decide(ctx context.Context, q *db.Queries, c claim) (*ending, error) {
	if Phase(c.row.Phase) != PhaseDo {
		return nil, nil
	}
	t := fromRow(c.row)
	if t.AfterTaskID != "" {
		cause, err := e.predecessor(ctx, q, c.kind, t)
		if err != nil {
			return nil, err
		}
		if cause != nil {
			return e.concludeUncalled(c, cause), nil
		}
	}
	if c.kind.Check == nil {
		return nil, nil
	}
	err := guard(func() error { return c.kind.Check(ctx, q, t) })
	if err == nil {
		return nil, nil
	}
	if errors.Is(err, ErrNotNeeded) {
		end := notNeeded(PhaseDo)
		end.uncalled = true
		return &end, nil
	}
	var outcome *fault.Outcome
	if errors.As(err, &outcome) {
		return e.concludeUncalled(c, outcome), nil
	}
	return nil, err
}

// predecessor is why t cannot go on, or nil when what it waited for is there.
func (e *Engine) predecessor(ctx context.Context, q *db.Queries, k *Kind, t Task) (*fault.Outcome, error) {
	before, err := e.row(ctx, q, t.AfterTaskID)
	if err != nil {
		return nil, err
	}
	if State(before.State) == Done || before.ErrorCode == CodeNotNeeded {
		return nil, nil
	}
	if k.PredecessorFailed != nil {
		if cause := k.PredecessorFailed(t); cause != nil {
			return cause, nil
		}
	}
	return fault.Came(fault.Rejected, "predecessor_"+before.State, "What this waited for did not happen."), nil
}
