package billing

import (
	"encoding/json"
	"fmt"

	"hostfront/task"
)

// The kinds of task that billing registers.
const (
	KindBegin   = "payment.begin"
	KindCharge  = "payment.charge"
	KindCancel  = "payment.cancel"
	KindRefund  = "refund.send"
	KindWebhook = "webhook.process"
)

// Queue is the task queue of all gateways.
const Queue = "payments"

// Kinds are billing's tasks, for the engine. All are idempotent: the payment's or
// refund's id is the provider's key, and a repeated call looks the object up first.
func (b *Billing) Kinds() []task.Kind {
	return []task.Kind{
		{Name: KindBegin, Queue: Queue, Idempotent: true, Check: b.checkBegin, Do: b.doBegin, Done: b.doneBegin, Failed: b.failedPayment},
		{Name: KindCharge, Queue: Queue, Idempotent: true, Check: b.checkCharge, Do: b.doCharge, Done: b.donePayment, Failed: b.failedPayment},
		{Name: KindCancel, Queue: Queue, Idempotent: true, Check: b.checkCancel, Do: b.doCancel, Done: b.donePayment, Failed: b.failedCancel},
		{Name: KindRefund, Queue: Queue, Idempotent: true, Check: b.checkRefund, Do: b.doRefund, Done: b.doneRefund, Failed: b.failedRefund},
		{Name: KindWebhook, Queue: Queue, Idempotent: true, Do: b.doWebhook, Done: b.doneWebhook},
		{Name: KindVAT, Queue: vatQueue, Idempotent: true, Do: b.doVAT},
	}
}

// paymentPayload names the payment that a task is about.
type paymentPayload struct {
	PaymentID string `json:"payment_id"`
}

func readPayload[T any](t task.Task) (T, error) {
	var p T
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

// readResult is what is kept of a gateway's answer. An operator who settles a task by hand
// may leave anything there, or nothing: what cannot be read tells nothing.
func readResult[T any](t task.Task) T {
	var r, nothing T
	if len(t.Result) == 0 || json.Unmarshal(t.Result, &r) != nil {
		return nothing
	}
	return r
}
