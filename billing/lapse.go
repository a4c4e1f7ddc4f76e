package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// LapseReport is what a run of Lapse did.
type LapseReport struct {
	// Lapsed counts unpaid sales that were voided or are being cancelled at their gateway.
	Lapsed int `json:"lapsed"`
	// Supplied counts renewals of hosting that got their number because their period has begun.
	Supplied int `json:"supplied"`
	// Overdue counts renewal invoices whose due date has passed.
	Overdue int `json:"overdue"`
	// Waiting counts what is left for a later run, because a payment of it is on its way.
	Waiting int    `json:"waiting"`
	Skipped int    `json:"skipped"`
	Skips   []Skip `json:"skips,omitempty"`
}

// Lapse withdraws sales that were not paid in time: their payment is cancelled at the
// gateway first, then the invoice is voided; one that turns out to have succeeded settles.
// Nothing lapses while a payment is processing. It also numbers what is supplied and not paid, and marks the subscriptions of renewal
// invoices that are past their due date. Each invoice is a transaction of its own.
func (b *Billing) Lapse(ctx context.Context) (LapseReport, error) {
	var report LapseReport
	if err := b.lapseSales(ctx, &report); err != nil {
		return report, err
	}
	if err := b.numberSupplied(ctx, &report); err != nil {
		return report, err
	}
	return report, b.markOverdue(ctx, &report)
}

func (r *LapseReport) skip(id string, err error) {
	if fault.Is(err, "payment_processing") || fault.Is(err, "not_expired") {
		r.Waiting++
		return
	}
	r.Skipped++
	if len(r.Skips) < maxSkips {
		r.Skips = append(r.Skips, Skip{ID: id, Reason: err.Error()})
	}
}

func (b *Billing) lapseSales(ctx context.Context, report *LapseReport) error {
	now := db.At(b.clock.Now())
	for after := ""; ; {
		ids, err := b.store.Read().InvoicesExpired(ctx, db.InvoicesExpiredParams{NowAt: now, After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read expired invoices: %w", err)
		}
		for _, id := range ids {
			err := b.one(ctx, func(q *db.Queries) error { return b.lapseSale(ctx, q, id, now) })
			if err != nil {
				report.skip(id, err)
			} else {
				report.Lapsed++
			}
			after = id
		}
		if len(ids) < 100 || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// lapseSale looks again, in the transaction, whether the sale is still to lapse: a customer
// may be choosing another way to pay at this moment, which gives it more time.
func (b *Billing) lapseSale(ctx context.Context, q *db.Queries, id string, now db.Instant) error {
	inv, err := invoiceRow(ctx, q, id)
	if err != nil {
		return err
	}
	if inv.State != string(InvoiceOpen) || inv.ExpiresAt.IsZero() || inv.ExpiresAt > now || inv.Number > 0 {
		return fault.New(fault.Conflict, "not_expired", "The invoice is not to lapse any more.")
	}
	return b.Void(ctx, q, id)
}
