package task

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// Params is a task to be done.
type Params struct {
	Kind string
	// Queue is one of the kind's Queues; empty is its own.
	Queue string
	// Subject is the id of the thing the effect is for; tasks of one subject run
	// one after the other. Empty is a subject of its own.
	Subject string
	// Payload is what the handlers need, kept as JSON. Secrets in it are sealed.
	Payload any
	// AfterTaskID is a task that must have come to its end first.
	AfterTaskID string
	// InvoiceID blocks the task until that invoice is paid.
	InvoiceID string
	// DedupeKey makes a second Add with the same key answer with the first task.
	DedupeKey string
	// RunAt is when it is due; zero is now.
	RunAt time.Time
	// Hold has the task wait for a person from the start, with this code and message
	// for the operator: what no call can do. Nothing is called until it is retried. It
	// goes neither with AfterTaskID nor with InvoiceID.
	Hold *fault.Outcome
}

// Add writes a task in the caller's transaction and gives its id. With a
// DedupeKey that is taken it writes nothing and gives the id of the task there.
func (e *Engine) Add(ctx context.Context, q *db.Queries, p Params) (string, error) {
	k, err := e.kind(p.Kind)
	if err != nil {
		return "", fmt.Errorf("add a task for %s: %w", p.Subject, err)
	}
	row, err := e.newRow(k, p)
	if err != nil {
		return "", err
	}
	if p.Hold != nil {
		return e.addHeld(ctx, q, row, p)
	}
	if row.WaitsFor, err = e.waitsFor(ctx, q, p.AfterTaskID); err != nil {
		return "", fmt.Errorf("add task %s for %s after %s: %w", p.Kind, p.Subject, p.AfterTaskID, err)
	}
	n, err := q.TaskInsert(ctx, row)
	if err != nil {
		return "", fmt.Errorf("add task %s for %s: %w", p.Kind, p.Subject, err)
	}
	if n == 0 {
		return there(ctx, q, row)
	}
	if row.State == string(Ready) {
		e.hint(row.Queue)
	}
	return row.ID, nil
}

// there is the task that has the dedupe key already.
func there(ctx context.Context, q *db.Queries, row db.TaskInsertParams) (string, error) {
	first, err := q.TaskByDedupeKey(ctx, row.DedupeKey)
	if err != nil {
		return "", fmt.Errorf("find task %s for %s: %w", row.Kind, row.Subject, err)
	}
	return first.ID, nil
}

// queue is the queue that was asked for, or the kind's own.
func (k *Kind) queue(asked string) (string, error) {
	if asked == "" || asked == k.Queue {
		return k.Queue, nil
	}
	if !slices.Contains(k.Queues, asked) {
		return "", fmt.Errorf("%s has no queue %q", k.Name, asked)
	}
	return asked, nil
}

func (e *Engine) newRow(k *Kind, p Params) (db.TaskInsertParams, error) {
	payload, err := json.Marshal(p.Payload)
	if err != nil {
		return db.TaskInsertParams{}, fmt.Errorf("add task %s for %s: payload: %w", p.Kind, p.Subject, err)
	}
	queue, err := k.queue(p.Queue)
	if err != nil {
		return db.TaskInsertParams{}, fmt.Errorf("add task %s for %s: %w", p.Kind, p.Subject, err)
	}
	now := db.At(e.clock.Now())
	row := db.TaskInsertParams{
		ID: e.store.NewID("tsk"), Queue: queue, Kind: k.Name, Subject: p.Subject,
		AfterTaskID: p.AfterTaskID, InvoiceID: p.InvoiceID, DedupeKey: p.DedupeKey,
		State: string(Ready), Payload: string(payload), RunAt: max(now, db.At(p.RunAt)), CreatedAt: now, UpdatedAt: now,
	}
	if row.Subject == "" {
		row.Subject = row.ID
	}
	if row.DedupeKey == "" {
		row.DedupeKey = row.ID
	}
	if row.InvoiceID != "" {
		row.State = string(Blocked)
	}
	return row, nil
}

// ReleaseInvoice makes the tasks that hang on an invoice ready, in the
// transaction that settles it.
func (e *Engine) ReleaseInvoice(ctx context.Context, q *db.Queries, invoiceID string) error {
	blocked, err := q.TasksBlockedByInvoice(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("release the tasks of invoice %s: %w", invoiceID, err)
	}
	now := db.At(e.clock.Now())
	for _, t := range blocked {
		if _, err := q.TaskRelease(ctx, db.TaskReleaseParams{ID: t.ID, NowAt: now, UpdatedAt: now}); err != nil {
			return fmt.Errorf("release task %s of invoice %s: %w", t.ID, invoiceID, err)
		}
		e.hint(t.Queue)
	}
	return nil
}

// The reasons in ErrorCode of a cancelled task.
const (
	CodeInvoiceVoided = "invoice_voided"
	CodeCancelled     = "cancelled"
	CodeNotNeeded     = "not_needed"
)

// CancelInvoice cancels the tasks that wait for an invoice that will not be paid.
func (e *Engine) CancelInvoice(ctx context.Context, q *db.Queries, invoiceID string) error {
	waiting, err := q.TasksBlockedByInvoice(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("read the tasks of invoice %s: %w", invoiceID, err)
	}
	_, err = q.TasksCancelInvoice(ctx, db.TasksCancelInvoiceParams{
		ErrorCode: CodeInvoiceVoided, UpdatedAt: db.At(e.clock.Now()), InvoiceID: invoiceID,
	})
	if err != nil {
		return fmt.Errorf("cancel the tasks of invoice %s: %w", invoiceID, err)
	}
	for _, t := range waiting {
		if err := e.letGo(ctx, q, e.kinds[t.Kind], t.ID); err != nil {
			return err
		}
	}
	return nil
}

// CancelSubject cancels what has not begun for a subject. What runs, waits for
// the other side or may have happened is left alone.
func (e *Engine) CancelSubject(ctx context.Context, q *db.Queries, subject string) error {
	_, err := q.TasksCancelSubject(ctx, db.TasksCancelSubjectParams{
		ErrorCode: CodeCancelled, UpdatedAt: db.At(e.clock.Now()), Subject: subject,
	})
	if err != nil {
		return fmt.Errorf("cancel the tasks of %s: %w", subject, err)
	}
	ended, err := q.TasksCancelledOfSubject(ctx, subject)
	if err != nil {
		return fmt.Errorf("read the tasks of %s: %w", subject, err)
	}
	for _, t := range ended {
		if err := e.letGo(ctx, q, e.kinds[t.Kind], t.ID); err != nil {
			return err
		}
	}
	e.hintAll() // tasks elsewhere may have waited for one of these
	return e.quiet(ctx, q, subject)
}

// quiet ends the alarms of a subject's cancelled tasks.
func (e *Engine) quiet(ctx context.Context, q *db.Queries, subject string) error {
	if e.alarm == nil {
		return nil
	}
	rows, err := q.TasksBySubject(ctx, subject)
	if err != nil {
		return fmt.Errorf("read the tasks of %s: %w", subject, err)
	}
	for _, r := range rows {
		if State(r.State) != Cancelled {
			continue
		}
		if err := e.ring(ctx, q, r, Alarm{}); err != nil {
			return err
		}
	}
	return nil
}
