package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// WebhookState is where an event of the inbox stands.
type WebhookState string

// The states of an event.
const (
	WebhookPending   WebhookState = "pending"   // a task reads its objects again
	WebhookProcessed WebhookState = "processed" // its objects were read and applied
	WebhookIgnored   WebhookState = "ignored"   // it is about nothing of this shop; Ignored says why
	WebhookFailed    WebhookState = "failed"    // its task failed, or waits for a person
)

// Webhook is an event that a gateway called back with.
type Webhook struct {
	ID, Gateway, EventID, Kind string
	State                      WebhookState
	// Ignored is why nothing was done, Error what went wrong.
	Ignored, Error string
	// TaskID is the task that last worked on it; empty when none did.
	TaskID string
	// Replays counts how often it was processed again.
	Replays int64
	// Payload is the event without secrets and personal data; only Webhook gives it.
	Payload                 string
	ReceivedAt, ProcessedAt time.Time
}

// Webhooks is a page of the inbox, the latest first, from behind a cursor (the id of the
// last one seen), and the next page's. An empty gateway is all.
func (b *Billing) Webhooks(ctx context.Context, gateway, cursor string, limit int) ([]Webhook, string, error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	rows, err := b.store.Read().WebhookPage(ctx, db.WebhookPageParams{BeforeID: cursor, Gateway: gateway, MaxRows: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("read the webhook inbox: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page := make([]Webhook, 0, len(rows))
	for _, r := range rows {
		w := Webhook{
			ID: r.ID, Gateway: r.Gateway, EventID: r.EventID, Kind: r.Kind, Ignored: r.Ignored, Error: r.TaskError,
			TaskID: r.TaskID, Replays: r.Replays, ReceivedAt: r.ReceivedAt.Time(), ProcessedAt: r.ProcessedAt.Time(),
		}
		w.State = webhookState(r.ProcessedAt, r.Ignored, r.TaskState)
		page = append(page, w)
	}
	return page, next, nil
}

// Webhook reads one event with what it said.
func (b *Billing) Webhook(ctx context.Context, id string) (Webhook, error) {
	r, err := b.store.Read().WebhookSeen(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Webhook{}, fault.Missing("webhook", id)
	}
	if err != nil {
		return Webhook{}, fmt.Errorf("read webhook %s: %w", id, err)
	}
	return Webhook{
		ID: r.ID, Gateway: r.Gateway, EventID: r.EventID, Kind: r.Kind, Ignored: r.Ignored, Error: r.TaskError,
		TaskID: r.TaskID, Replays: r.Replays, Payload: r.Payload, State: webhookState(r.ProcessedAt, r.Ignored, r.TaskState),
		ReceivedAt: r.ReceivedAt.Time(), ProcessedAt: r.ProcessedAt.Time(),
	}, nil
}

func webhookState(processedAt db.Instant, ignored, taskState string) WebhookState {
	switch {
	case ignored != "":
		return WebhookIgnored
	case !processedAt.IsZero():
		return WebhookProcessed
	}
	switch task.State(taskState) {
	case task.Failed, task.Held, task.Cancelled, "":
		return WebhookFailed
	}
	return WebhookPending
}

// ReplayWebhook has the objects of an event read again, whatever came of it before: what
// is applied twice changes nothing. Fault webhook_empty for an event that names nothing
// the shop reads.
func (b *Billing) ReplayWebhook(ctx context.Context, id string) error {
	last, there, err := b.tasks.LastOf(ctx, nil, id)
	if err != nil {
		return err
	}
	if there && !last.State.Finished() {
		if last.State == task.Held {
			return b.tasks.Retry(ctx, last.ID)
		}
		return nil // it is being worked on
	}
	return b.store.Tx(ctx, func(q *db.Queries) error { return b.replay(ctx, q, id) })
}

// named is false for a list of objects that an event does not name.
func named(list string) bool { return list != "null" && list != "[]" }

func (b *Billing) replay(ctx context.Context, q *db.Queries, id string) error {
	row, err := q.WebhookByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing("webhook", id)
	}
	if err != nil {
		return fmt.Errorf("read webhook %s: %w", id, err)
	}
	if !slices.ContainsFunc([]string{row.Payments, row.Refunds, row.Setups, row.Disputes, row.Payouts}, named) {
		return fault.New(fault.Conflict, "webhook_empty", "The event names nothing that the shop reads: there is nothing to do again.")
	}
	taskID, err := b.tasks.Add(ctx, q, task.Params{Kind: KindWebhook, Queue: b.queueOf(row.Gateway), Subject: id, Payload: webhookPayload{id}})
	if err != nil {
		return err
	}
	if _, err := q.WebhookReopen(ctx, id); err != nil {
		return fmt.Errorf("open webhook %s again: %w", id, err)
	}
	_, err = q.WebhookReplayed(ctx, db.WebhookReplayedParams{TaskID: taskID, WebhookID: id})
	return err
}
