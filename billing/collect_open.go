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
func (b *Billing) collectOpen(ctx context.Context, q *db.Queries, customerID string, wanted collects) error {
	open, err := q.InvoicesOwed(ctx, customerID)
	if err != nil {
		return fmt.Errorf("open invoices of %s: %w", customerID, err)
	}
	for _, id := range open {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil {
			return err
		}
		if wants, err := wanted(ctx, q, inv); err != nil {
			return err
		} else if !wants {
			continue
		}
		if err := b.collectNow(ctx, q, inv); err != nil {
			return fmt.Errorf("collect invoice %s: %w", id, err)
		}
	}
	return nil
}

// collects tells whether an open invoice is to be charged.
type collects func(context.Context, *db.Queries, db.Invoice) (bool, error)

func anyInvoice(context.Context, *db.Queries, db.Invoice) (bool, error) { return true, nil }

// undisputed leaves out what a lost dispute has taken the money of: the rules of the card schemes
// forbid to charge by itself what was charged back. The customer is asked to pay it.
func undisputed(ctx context.Context, q *db.Queries, inv db.Invoice) (bool, error) {
	if !inv.ReopenedAt.IsZero() {
		return false, nil
	}
	lost, err := q.DisputesLost(ctx, inv.ID)
	if err != nil {
		return false, fmt.Errorf("lost disputes of invoice %s: %w", inv.ID, err)
	}
	return len(lost) == 0, nil
}

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
