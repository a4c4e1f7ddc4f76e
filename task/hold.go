package task

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// addHeld writes a task that waits for a person from the start, and rings.
func (e *Engine) addHeld(ctx context.Context, q *db.Queries, row db.TaskInsertParams, p Params) (string, error) {
	if p.AfterTaskID != "" || p.InvoiceID != "" {
		return "", fmt.Errorf("add task %s for %s: one that is held waits for nothing else", row.Kind, row.Subject)
	}
	n, err := q.TaskInsertHeld(ctx, db.TaskInsertHeldParams{
		ID: row.ID, Queue: row.Queue, Kind: row.Kind, Subject: row.Subject, DedupeKey: row.DedupeKey, Payload: row.Payload,
		Alarm: AlarmHeld, ErrorCode: p.Hold.Code, Message: p.Hold.Message, LastError: p.Hold.Error(),
		RunAt: row.RunAt, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	})
	if err != nil {
		return "", fmt.Errorf("add task %s for %s: %w", p.Kind, p.Subject, err)
	}
	if n == 0 {
		return there(ctx, q, row)
	}
	return row.ID, e.tell(ctx, q, heldAlarm(row.ID, row.Kind, row.Subject, p.Hold.Code))
}

func heldAlarm(id, kind, subject, code string) Alarm {
	return Alarm{Code: AlarmHeld, Subject: id, Message: fmt.Sprintf("%s for %s needs a decision: %s", kind, subject, code)}
}

// Restate changes what a held task says, in the caller's transaction: the thing it is
// about has changed since. One that says so already is left as it is.
func (e *Engine) Restate(ctx context.Context, q *db.Queries, id string, payload any, cause *fault.Outcome) error {
	row, err := e.row(ctx, q, id)
	if err != nil {
		return err
	}
	if State(row.State) != Held {
		return errMoved(row)
	}
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("restate task %s: payload: %w", id, err)
	}
	if row.Payload == string(text) && row.ErrorCode == cause.Code && row.Message == cause.Message {
		return nil
	}
	m := e.move(row, Held, Phase(row.Phase))
	m.RunAt, m.Payload, m.Alarm, m.ErrorCode, m.Message, m.LastError = row.RunAt, string(text), row.Alarm, cause.Code, cause.Message, cause.Error()
	return moved(q.TaskMove(ctx, m))(row)
}

// Withdraw ends, in the caller's transaction, a task whose reason has gone before it
// had an effect: it is cancelled as not needed, with what follows from that, and the
// journal says why. It is false for one that is over, or under way.
func (e *Engine) Withdraw(ctx context.Context, q *db.Queries, id, reason string) (bool, error) {
	row, err := e.row(ctx, q, id)
	if err != nil {
		return false, err
	}
	kind, err := e.kind(row.Kind)
	if err != nil {
		return false, err
	}
	switch State(row.State) {
	case Blocked, Ready, ActionRequired, Held:
	default:
		return false, nil
	}
	if err := e.cancel(ctx, q, row, kind, CodeNotNeeded); err != nil {
		return false, fmt.Errorf("withdraw task %s: %w", id, err)
	}
	if err := e.ring(ctx, q, row, Alarm{}); err != nil {
		return false, err
	}
	return true, e.journalOperator(ctx, q, row, decision{outcome: "withdrawn", note: reason})
}
