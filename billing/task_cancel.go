package billing

import (
	"context"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// checkCancel leaves a payment alone that has come to its end; one that its gateway
// never heard of ends here.
func (b *Billing) checkCancel(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return err
	}
	if PaymentState(p.State).isFinal() {
		return task.ErrNotNeeded
	}
	return nil
}

// doCancel cancels the payment at its gateway. Tasks of one payment run one after the
// other, so that a beginning is over by now: without a reference the gateway was never
// reached, or its answer was lost and it is looked for.
func (b *Billing) doCancel(ctx context.Context, t task.Task) (task.Progress, error) {
	p, err := taskPayment(ctx, b.store.Read(), t)
	if err != nil {
		return task.Progress{}, err
	}
	g, err := b.gateway(p.Gateway)
	if err != nil {
		return task.Progress{}, gone(p.Gateway)
	}
	reference := p.ProviderReference
	if finder, ok := g.(Finder); ok && reference == "" {
		found, yes, err := finder.Find(ctx, p.ID)
		if err != nil {
			return task.Progress{}, later(err)
		}
		if yes {
			reference = found.Reference
		}
	}
	if reference == "" {
		return task.Progress{Result: told{State: PaymentCancelled}}, nil
	}
	s, err := g.Cancel(ctx, reference)
	if err != nil {
		return task.Progress{}, later(err)
	}
	return b.progress(t, s)
}

// failedCancel tells an operator that a payment could not be cancelled: the customer can
// still pay it, and what it is for is not withdrawn.
func (b *Billing) failedCancel(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "payment_not_cancelled", Subject: t.Subject, Message: "The gateway refused to cancel the payment: " + cause.Code,
	})
}
