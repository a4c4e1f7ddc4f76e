package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

type refundState string

const (
	refundPending   refundState = "pending"
	refundSucceeded refundState = "succeeded"
	refundFailed    refundState = "failed"
)

// refundPayload names the refund that a task sends.
type refundPayload struct {
	RefundID string `json:"refund_id"`
}

// toldRefund is what a gateway said about a refund.
type toldRefund struct {
	Reference string      `json:"reference"`
	State     refundState `json:"state"`
	Code      string      `json:"code,omitempty"`
}

func toldRefundOf(s RefundStatus) toldRefund {
	return toldRefund{Reference: s.Reference, State: refundState(s.State), Code: s.Code}
}

func taskRefund(ctx context.Context, q *db.Queries, t task.Task) (db.Refund, error) {
	pay, err := readPayload[refundPayload](t)
	if err != nil {
		return db.Refund{}, err
	}
	r, err := q.RefundByID(ctx, pay.RefundID)
	if err != nil {
		return db.Refund{}, fmt.Errorf("read refund %s: %w", pay.RefundID, err)
	}
	return r, nil
}

// checkRefund holds a manual refund once: retrying the held task is the approval. The
// operator may also send the money by hand and settle the task.
func (b *Billing) checkRefund(ctx context.Context, q *db.Queries, t task.Task) error {
	r, err := taskRefund(ctx, q, t)
	if err != nil {
		return err
	}
	if r.State != string(refundPending) {
		return task.ErrNotNeeded
	}
	if r.Policy != string(RefundManual) {
		return nil
	}
	rows, err := q.RefundHold(ctx, db.RefundHoldParams{ID: r.ID, HeldAt: db.At(b.clock.Now())})
	if err != nil {
		return fmt.Errorf("hold refund %s: %w", r.ID, err)
	}
	if rows == 1 {
		return fault.Came(fault.Held, "refund_to_approve", "Retry to send the refund, or settle it when it was sent by hand.")
	}
	return nil
}

func (b *Billing) doRefund(ctx context.Context, t task.Task) (task.Progress, error) {
	q := b.store.Read()
	r, err := taskRefund(ctx, q, t)
	if err != nil {
		return task.Progress{}, err
	}
	p, err := paymentRow(ctx, q, r.PaymentID)
	if err != nil {
		return task.Progress{}, err
	}
	g, err := b.gateway(r.Gateway)
	if err != nil {
		return task.Progress{}, gone(r.Gateway)
	}
	s, err := g.Refund(ctx, RefundRequest{
		ID: r.ID, PaymentReference: p.ProviderReference, Amount: money.New(r.Amount, money.Currency(r.Currency)),
		Reason: r.Reason, CreatedAt: r.CreatedAt.Time(),
	})
	if err != nil {
		return task.Progress{}, later(err)
	}
	return task.Progress{Result: toldRefundOf(s)}, nil
}

// doneRefund applies the answer; a refund that an operator settled by hand, without a
// result, has succeeded.
func (b *Billing) doneRefund(ctx context.Context, q *db.Queries, t task.Task) error {
	r, err := taskRefund(ctx, q, t)
	if err != nil {
		return err
	}
	s := readResult[toldRefund](t)
	if s.State != refundPending && s.State != refundFailed {
		s.State = refundSucceeded
	}
	return b.applyRefund(ctx, q, r, s)
}

func (b *Billing) failedRefund(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	r, err := taskRefund(ctx, q, t)
	if err != nil {
		return err
	}
	return b.applyRefund(ctx, q, r, toldRefund{State: refundFailed, Code: cause.Code})
}
