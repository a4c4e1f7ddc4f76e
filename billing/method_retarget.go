package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// retarget lets the charges of a customer that are still to come take the method that is
// charged now: a renewal is scheduled weeks ahead, and cards are replaced meanwhile. With
// no method left they are dropped, and the customer is asked to pay.
func (b *Billing) retarget(ctx context.Context, q *db.Queries, customerID string) error {
	scheduled, err := q.PaymentsScheduled(ctx, customerID)
	if err != nil {
		return fmt.Errorf("scheduled charges of %s: %w", customerID, err)
	}
	for _, p := range scheduled {
		sub, err := subscriptionRow(ctx, q, p.Subject)
		if err != nil {
			return err
		}
		m, ok, err := b.methodFor(ctx, q, sub)
		if err != nil {
			return err
		}
		if ok && m.ID == p.MethodID {
			continue
		}
		if !ok {
			if err := b.dropForWant(ctx, q, p.ID); err != nil {
				return err
			}
			continue
		}
		if err := q.PaymentSetMethod(ctx, db.PaymentSetMethodParams{ID: p.ID, MethodID: m.ID, Gateway: m.Gateway}); err != nil {
			return fmt.Errorf("method of payment %s: %w", p.ID, err)
		}
	}
	return nil
}

// dropForWant drops a charge that there is no method for any more.
func (b *Billing) dropForWant(ctx context.Context, q *db.Queries, paymentID string) error {
	p, err := paymentRow(ctx, q, paymentID)
	if err != nil {
		return err
	}
	if err := b.tasks.CancelSubject(ctx, q, p.ID); err != nil {
		return fmt.Errorf("cancel the charge of payment %s: %w", p.ID, err)
	}
	return b.giveUpCharge(ctx, q, p)
}
