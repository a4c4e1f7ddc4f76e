package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
)

// collectOpen charges what a customer owes, at once, to the method whose turn it is now:
// they have just given the shop a new one. What they are paying themselves at this moment,
// what is being charged, and a renewal whose first charge is still to come are left alone.
func (b *Billing) collectOpen(ctx context.Context, q *db.Queries, customerID string) error {
	open, err := q.InvoicesOwed(ctx, customerID)
	if err != nil {
		return fmt.Errorf("open invoices of %s: %w", customerID, err)
	}
	for _, id := range open {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil {
			return err
		}
		if err := b.collectNow(ctx, q, inv); err != nil {
			return fmt.Errorf("collect invoice %s: %w", id, err)
		}
	}
	return nil
}

func (b *Billing) collectNow(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	m, err := b.chargeable(ctx, q, inv)
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
