package task

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
)

// decision is what an operator decided, for the journal.
type decision struct {
	outcome, note string
	result        json.RawMessage
}

// operate is one operator's decision: the change, its line in the journal, and
// the end of the alarm that asked for it.
func (e *Engine) operate(ctx context.Context, id string, d decision, change func(q *db.Queries, row db.Task, k *Kind) error) error {
	err := e.store.Tx(ctx, func(q *db.Queries) error {
		row, err := e.row(ctx, q, id)
		if err != nil {
			return err
		}
		kind, err := e.kind(row.Kind)
		if err != nil {
			return err
		}
		if err := change(q, row, kind); err != nil {
			return err
		}
		if err := e.ring(ctx, q, row, Alarm{}); err != nil {
			return err
		}
		return e.journalOperator(ctx, q, row, d)
	})
	if err != nil {
		return fmt.Errorf("task %s: %w", id, err)
	}
	e.Wake()
	return nil
}

func (e *Engine) journalOperator(ctx context.Context, q *db.Queries, row db.Task, d decision) error {
	notes := &journal{}
	if d.note != "" {
		Note(context.WithValue(ctx, journalKey{}, notes), "note", d.note)
	}
	now := db.At(e.clock.Now())
	return q.TaskAttemptOperator(ctx, db.TaskAttemptOperatorParams{
		ID: e.store.NewID("att"), TaskID: row.ID, Number: row.Tries, Outcome: d.outcome,
		Notes: notes.text(), Result: string(d.result), StartedAt: now, EndedAt: now,
	})
}
