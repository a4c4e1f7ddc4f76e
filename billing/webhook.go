package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// ReceiveWebhook takes what a provider calls back with: verified, stored once for each
// event id, with the task that reads its objects again. It returns as soon as that is
// committed, in a transaction of its own; an event that is known already is no error.
// Fault codes: "webhook_signature", and NotFound for a gateway that takes none.
func (b *Billing) ReceiveWebhook(ctx context.Context, gateway string, h http.Header, body []byte) error {
	g, err := b.gateway(gateway)
	if err != nil {
		return fault.Missing("gateway", gateway)
	}
	receiver, ok := g.(WebhookReceiver)
	if !ok {
		return fault.Missing("webhook of gateway", gateway)
	}
	notice, err := receiver.Receive(h, body, b.clock.Now())
	if err != nil {
		return err
	}
	payments, err := json.Marshal(notice.Payments)
	if err != nil {
		return err
	}
	refunds, err := json.Marshal(notice.Refunds)
	if err != nil {
		return err
	}
	setups, err := json.Marshal(notice.Setups)
	if err != nil {
		return err
	}
	disputes, err := json.Marshal(notice.Disputes)
	if err != nil {
		return err
	}
	payouts, err := json.Marshal(notice.Payouts)
	if err != nil {
		return err
	}
	return b.store.Tx(ctx, func(q *db.Queries) error {
		id := b.store.NewID("whk")
		rows, err := q.WebhookInsert(ctx, db.WebhookInsertParams{
			ID: id, Gateway: gateway, EventID: notice.EventID, Kind: notice.Kind, Payments: string(payments),
			Refunds: string(refunds), Setups: string(setups), Disputes: string(disputes), Payouts: string(payouts), ReceivedAt: db.At(b.clock.Now()),
		})
		if err != nil {
			return fmt.Errorf("store webhook %s of %s: %w", notice.EventID, gateway, err)
		}
		if rows == 0 {
			return nil
		}
		if notice.aboutNothing() {
			return b.ignoreWebhook(ctx, q, id, body)
		}
		taskID, err := b.tasks.Add(ctx, q, task.Params{
			Kind: KindWebhook, Queue: b.queueOf(gateway), Subject: id, Payload: webhookPayload{id},
		})
		if err != nil {
			return err
		}
		return q.WebhookDetailInsert(ctx, db.WebhookDetailInsertParams{WebhookID: id, TaskID: taskID, Payload: redacted(body)})
	})
}

// aboutNothing is true for an event that names nothing the shop reads.
func (n Notice) aboutNothing() bool {
	return len(n.Payments)+len(n.Refunds)+len(n.Setups)+len(n.Disputes)+len(n.Payouts) == 0
}

// ignoreWebhook ends an event that names nothing the shop reads.
func (b *Billing) ignoreWebhook(ctx context.Context, q *db.Queries, id string, body []byte) error {
	err := q.WebhookDetailInsert(ctx, db.WebhookDetailInsertParams{
		WebhookID: id, Payload: redacted(body), Ignored: "It names nothing that the shop reads, or is of the gateway's other mode (test or live).",
	})
	if err != nil {
		return fmt.Errorf("keep webhook %s: %w", id, err)
	}
	return q.WebhookProcessed(ctx, db.WebhookProcessedParams{ID: id, ProcessedAt: db.At(b.clock.Now())})
}
