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

	KindSetup       = "method.setup"
	KindSetupCancel = "method.setup_cancel"
	KindDetach      = "method.detach"

	KindPayout = "payout.read"

	KindRefundOwed = "refund.owed"
)

// Queue is the queue of payment tasks that belong to no gateway that is configured; a
// gateway's own queue has its name.
const Queue = "payments"

// Kinds are billing's tasks, for the engine. All are idempotent: the payment's or
// refund's id is the provider's key, and a repeated call looks the object up first.
func (b *Billing) Kinds() []task.Kind {
	gateways := b.Gateways()
	return []task.Kind{
		{Name: KindBegin, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkBegin, Do: b.doBegin, Done: b.doneBegin, Failed: b.failedPayment},
		{Name: KindCharge, Queue: Queue, Queues: gateways, Idempotent: true, Backoff: b.policies.Retry.backoff, Check: b.checkCharge, Do: b.doCharge, Done: b.donePayment, Failed: b.failedPayment},
		{Name: KindCancel, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkCancel, Do: b.doCancel, Done: b.donePayment, Failed: b.failedCancel},
		{Name: KindRefund, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkRefund, Do: b.doRefund, Done: b.doneRefund, Failed: b.failedRefund},
		{Name: KindWebhook, Queue: Queue, Queues: gateways, Idempotent: true, Passing: true, Do: b.doWebhook, Done: b.doneWebhook},
		{Name: KindSetup, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkSetup, Do: b.doSetup, Done: b.doneSetup, Failed: b.failedSetup},
		{Name: KindSetupCancel, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkSetup, Do: b.doCancelSetup, Done: b.doneSetup, Failed: b.failedSetup},
		{Name: KindDetach, Queue: Queue, Queues: gateways, Idempotent: true, Check: b.checkDetach, Do: b.doDetach, Done: b.doneDetach, Failed: b.failedDetach},
		b.refundOwed(),
		{Name: KindPayout, Queue: Queue, Queues: gateways, Idempotent: true, Timeout: payoutTimeout, Do: b.doPayout},
		{Name: KindVAT, Queue: vatQueue, Idempotent: true, Do: b.doVAT},
	}
}

// queueOf is the queue of a gateway: each has one of its own, so that a provider that
// is away keeps no other waiting.
func (b *Billing) queueOf(gateway string) string {
	if _, err := b.gateway(gateway); err != nil {
		return Queue
	}
	return gateway
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
