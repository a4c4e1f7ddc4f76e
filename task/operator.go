package task

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// Settlement is an operator's decision about a task, after a look at the other
// side.
type Settlement struct {
	// Outcome is "done", "failed", or "placed": the other side has it and works on
	// it, so that it is polled.
	Outcome string
	// Result is what came of it, such as the upstream's id; nil keeps what is there.
	Result json.RawMessage
	// Note says why, for the journal.
	Note string
}

// Settle decides a task by hand, with what follows from it, in one transaction.
// A blocked task waits for its money, a running or settling one is being decided,
// a finished one is over: they answer a conflict.
func (e *Engine) Settle(ctx context.Context, id string, s Settlement) error {
	if len(s.Result) > 0 && !json.Valid(s.Result) {
		return fault.InvalidField("result", "invalid", "The result must be JSON.")
	}
	return e.operate(ctx, id, decision{outcome: "settled: " + s.Outcome, note: s.Note, result: s.Result}, func(q *db.Queries, row db.Task, k *Kind) error {
		switch State(row.State) {
		case Ready, Waiting, Unknown, Held, ActionRequired:
		default:
			return errMoved(row)
		}
		m, cause, err := e.settlement(row, k, s)
		if err == nil {
			err = believe(ctx, q, k, row, m)
		}
		if err != nil {
			return err
		}
		if err := moved(q.TaskMove(ctx, m))(row); err != nil {
			return err
		}
		if State(m.State).Finished() {
			if err := e.letGo(ctx, q, k, row.ID); err != nil {
				return err
			}
		}
		return e.followMove(ctx, q, k, row.ID, cause)
	})
}

// believe asks the kind whether what an operator says can be so.
func believe(ctx context.Context, q *db.Queries, k *Kind, row db.Task, m db.TaskMoveParams) error {
	if k.Believe == nil || m.State == string(Failed) {
		return nil
	}
	rows, err := q.TaskAttempts(ctx, row.ID)
	if err != nil {
		return fmt.Errorf("read the journal of task %s: %w", row.ID, err)
	}
	tries := make([]Attempt, 0, len(rows))
	for _, r := range rows {
		tries = append(tries, attemptOf(r))
	}
	row.Result, row.State = m.Result, m.State
	return guard(func() error { return k.Believe(ctx, q, fromRow(row), tries) })
}

func (e *Engine) settlement(row db.Task, k *Kind, s Settlement) (db.TaskMoveParams, *fault.Outcome, error) {
	var m db.TaskMoveParams
	var cause *fault.Outcome
	switch s.Outcome {
	case "done":
		m = e.move(row, Done, Phase(row.Phase))
	case "failed":
		m = e.move(row, Failed, Phase(row.Phase))
		cause = fault.Came(fault.Rejected, "settled_failed", s.Note)
		m.ErrorCode, m.Message, m.LastError = cause.Code, cause.Message, cause.Error()
	case "placed":
		if k.Poll == nil {
			return m, nil, fault.InvalidField("outcome", "invalid", "A task of this kind is never placed: settle it as done or failed.")
		}
		m = e.move(row, Waiting, PhasePoll)
		if m.WaitingAt.IsZero() {
			m.WaitingAt = m.UpdatedAt
		}
	default:
		return m, nil, fault.InvalidField("outcome", "invalid", "The outcome must be done, failed or placed.")
	}
	if len(s.Result) > 0 {
		m.Result = string(s.Result)
	}
	return m, cause, nil
}

func (e *Engine) followMove(ctx context.Context, q *db.Queries, k *Kind, id string, cause *fault.Outcome) error {
	t, err := e.Get(ctx, q, id)
	if err != nil {
		return err
	}
	return follow(ctx, q, k, t, cause)
}

// Retry has a task tried again now. A held one is done again, or polled again if
// the other side had taken it on; one whose outcome is unknown is reconciled. A
// failed one is tried again only where nothing followed from its failure.
func (e *Engine) Retry(ctx context.Context, id string) error {
	return e.operate(ctx, id, decision{outcome: "retried"}, func(q *db.Queries, row db.Task, k *Kind) error {
		state, phase := State(row.State), Phase(row.Phase)
		switch state {
		case Ready, Waiting, Unknown, Settling:
		case Held, ActionRequired:
			state, phase = afterRetry(phase)
		case Failed:
			if k.Failed != nil {
				return fault.New(fault.Conflict, "task_state", "The task has failed and what follows from that was done; it cannot be tried again.")
			}
			if _, err := q.TaskRequeue(ctx, row.ID); err != nil {
				return err
			}
			state, phase = afterRetry(phase)
		default:
			return errMoved(row)
		}
		m := e.move(row, state, phase)
		if state == Ready && State(row.State) != Ready {
			m.AfterTaskID, m.WaitsFor = "", "" // it may be the predecessor that had failed
		}
		if state == Settling {
			m.Verdict, m.ErrorCode, m.Message, m.Fields = row.Verdict, row.ErrorCode, row.Message, row.Fields
		}
		return moved(q.TaskMove(ctx, m))(row)
	})
}

// afterRetry is where a task goes on that a person sends on: what the other side
// has taken on is never ordered again.
func afterRetry(phase Phase) (State, Phase) {
	if phase == PhasePoll {
		return Waiting, PhasePoll
	}
	return Ready, PhaseDo
}

// Cancel ends a task that has no effect yet, or that an operator has found to
// have none, with what follows from that. What may still happen outside is settled,
// not cancelled. The note says why, for the journal; it may be empty.
func (e *Engine) Cancel(ctx context.Context, id, note string) error {
	return e.operate(ctx, id, decision{outcome: "cancelled", note: note}, func(q *db.Queries, row db.Task, k *Kind) error {
		return e.cancel(ctx, q, row, k, CodeCancelled)
	})
}

// cancel ends a task without its effect, with what follows from that.
func (e *Engine) cancel(ctx context.Context, q *db.Queries, row db.Task, k *Kind, code string) error {
	switch State(row.State) {
	case Blocked, Ready, ActionRequired, Held:
	default:
		return errMoved(row)
	}
	m := e.move(row, Cancelled, Phase(row.Phase))
	m.ErrorCode = code
	if err := moved(q.TaskMove(ctx, m))(row); err != nil {
		return err
	}
	if err := e.letGo(ctx, q, k, row.ID); err != nil || k.Cancelled == nil {
		return err
	}
	t, err := e.Get(ctx, q, row.ID)
	if err != nil {
		return err
	}
	return guard(func() error { return k.Cancelled(ctx, q, t) })
}
