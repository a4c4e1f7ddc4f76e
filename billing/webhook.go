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
	return b.store.Tx(ctx, func(q *db.Queries) error {
		id := b.store.NewID("whk")
		rows, err := q.WebhookInsert(ctx, db.WebhookInsertParams{
			ID: id, Gateway: gateway, EventID: notice.EventID, Kind: notice.Kind, Payments: string(payments),
			Refunds: string(refunds), Setups: string(setups), ReceivedAt: db.At(b.clock.Now()),
		})
		if err != nil {
			return fmt.Errorf("store webhook %s of %s: %w", notice.EventID, gateway, err)
		}
		if rows == 0 || len(notice.Payments)+len(notice.Refunds)+len(notice.Setups) == 0 {
			return nil
		}
		_, err = b.tasks.Add(ctx, q, task.Params{
			Kind: KindWebhook, Queue: b.queueOf(gateway), Subject: id, Payload: webhookPayload{id},
		})
		return err
	})
}
