package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
)

// collectOpen charges what a customer owes, at once, to the method whose turn it is now: they
// have just given the shop a new one, or a dispute has ended for which nothing was charged. What
// they are paying themselves at this moment, what is being charged, a renewal whose first charge
// is still to come, and what wanted refuses are left alone.
func (b *Billing) collectOpen(ctx context.Context, q *db.Queries, customerID string, wanted func(db.Invoice) bool) error {
	open, err := q.InvoicesOwed(ctx, customerID)
	if err != nil {
		return fmt.Errorf("open invoices of %s: %w", customerID, err)
	}
	for _, id := range open {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil {
			return err
		}
		if !wanted(inv) {
			continue
		}
		if err := b.collectNow(ctx, q, inv); err != nil {
			return fmt.Errorf("collect invoice %s: %w", id, err)
		}
	}
	return nil
}

func anyInvoice(db.Invoice) bool { return true }

// undisputed leaves out what a lost dispute has opened again: the rules of the card schemes
// forbid to charge by itself what was charged back. The customer is asked to pay it.
func undisputed(inv db.Invoice) bool { return inv.ReopenedAt.IsZero() }

func (b *Billing) collectNow(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	m, err := b.chargeableNow(ctx, q, inv)
	if errors.Is(err, errNotByItself) {
		return nil
	}
	if err != nil {
		return err
	}
	live, err := q.PaymentLive(ctx, inv.ID)
	if err != nil {
		return err
	}
	attempt := int64(0)
	for _, p := range live {
		if !scheduled(p) || p.Attempt == 0 {
			return nil
		}
		attempt = p.Attempt
		if err := b.dropScheduled(ctx, q, p); err != nil {
			return err
		}
	}
	return b.scheduleCharge(ctx, q, inv, m, chargeAt{at: b.clock.Now(), attempt: attempt})
}
