package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// retarget lets the charges of a customer that are still to come take the method that is
// charged now: a renewal is scheduled weeks ahead, and cards are replaced meanwhile. With
// no method left they stay as they are, and the charge tells that the method is gone.
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
		if !ok || m.ID == p.MethodID {
			continue
		}
		if err := q.PaymentSetMethod(ctx, db.PaymentSetMethodParams{ID: p.ID, MethodID: m.ID, Gateway: m.Gateway}); err != nil {
			return fmt.Errorf("method of payment %s: %w", p.ID, err)
		}
	}
	return nil
}
