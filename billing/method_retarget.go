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
		switch {
		case !ok:
			err = b.dropForWant(ctx, q, p.ID)
		case m.ID != p.MethodID:
			err = b.retargetOne(ctx, q, p, sub, m)
		}
		if err != nil {
			return fmt.Errorf("method of payment %s: %w", p.ID, err)
		}
	}
	return nil
}

// retargetOne lets a scheduled charge take another method. One of another gateway, or that
// takes as long as the former did not, is scheduled anew at the time that is its own.
func (b *Billing) retargetOne(ctx context.Context, q *db.Queries, p db.PaymentsScheduledRow, sub db.Subscription, m db.PaymentMethod) error {
	before, err := q.MethodByID(ctx, p.MethodID)
	if err != nil {
		return err
	}
	if m.Gateway == p.Gateway && b.policies.Early[m.Kind] == b.policies.Early[before.Kind] {
		return q.PaymentSetMethod(ctx, db.PaymentSetMethodParams{ID: p.ID, MethodID: m.ID, Gateway: m.Gateway})
	}
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return err
	}
	row, err := paymentRow(ctx, q, p.ID)
	if err != nil {
		return err
	}
	if err := b.dropScheduled(ctx, q, row); err != nil {
		return err
	}
	at := b.policies.Retry.hour(b.clock.Now(), 1)
	if p.Attempt == 0 {
		if at, err = b.firstCharge(ctx, q, inv, sub, m); err != nil {
			return err
		}
	}
	return b.scheduleCharge(ctx, q, inv, m, chargeAt{at: at, attempt: p.Attempt})
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
