package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

func (b *Billing) markOverdue(ctx context.Context, report *LapseReport) error {
	now := db.At(b.clock.Now())
	for after := ""; ; {
		ids, err := b.store.Read().InvoicesOverdue(ctx, db.InvoicesOverdueParams{NowAt: now, After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read overdue invoices: %w", err)
		}
		for _, id := range ids {
			err := b.one(ctx, func(q *db.Queries) error { return b.overdue(ctx, q, id, now) })
			if err != nil {
				report.skip(id, err)
			} else {
				report.Overdue++
			}
			after = id
		}
		if len(ids) < 100 || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// overdue marks one renewal invoice, once, and the subscriptions it is for. A domain whose
// renewal is unpaid at the upstream's deadline goes to an operator: it is never deleted for
// debt, it lapses, and its saved method is charged no more for a year that may not come. Nothing is overdue while a payment is processing or the first charge of
// the saved method is still to come, and nothing that is too little to be charged: it is carried on.
func (b *Billing) overdue(ctx context.Context, q *db.Queries, id string, now db.Instant) error {
	live, err := q.PaymentLive(ctx, id)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", id, err)
	}
	for _, p := range live {
		if p.State == string(PaymentProcessing) || (p.Automatic && p.Attempt == 0) {
			return fault.New(fault.Conflict, "payment_processing", "A payment of this invoice is being processed.")
		}
	}
	inv, err := invoiceRow(ctx, q, id)
	if err != nil {
		return err
	}
	if carried, err := b.carrySmall(ctx, q, inv); err != nil || carried {
		return err
	}
	rows, err := q.InvoiceMarkOverdue(ctx, db.InvoiceMarkOverdueParams{ID: id, NowAt: now})
	if err != nil || rows == 0 {
		return wrap(err, "mark invoice overdue")
	}
	lines, err := q.InvoiceLines(ctx, id)
	if err != nil {
		return fmt.Errorf("lines of invoice %s: %w", id, err)
	}
	for _, l := range lines {
		if l.SubscriptionID == "" {
			continue
		}
		if err := b.pastDue(ctx, q, l, now); err != nil {
			return err
		}
	}
	return nil
}

func (b *Billing) pastDue(ctx context.Context, q *db.Queries, l db.InvoiceLine, now db.Instant) error {
	sub, err := subscriptionRow(ctx, q, l.SubscriptionID)
	if err != nil {
		return err
	}
	if _, err := q.SubscriptionPastDue(ctx, db.SubscriptionPastDueParams{ID: sub.ID, UpdatedAt: now}); err != nil {
		return fmt.Errorf("mark %s past due: %w", sub.ID, err)
	}
	if sub.Kind != string(DomainSubscription) {
		return nil
	}
	if err := b.stopCollecting(ctx, q, l.InvoiceID); err != nil {
		return err
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "domain_unpaid", Subject: sub.ServiceID,
		Message: fmt.Sprintf("The renewal of %s (%s) is not paid at the upstream's deadline.",
			sub.Description, money.New(l.Net+l.Vat, money.Currency(sub.Currency))),
	})
}

// stopCollecting drops the charges of a saved method that are still to come.
func (b *Billing) stopCollecting(ctx context.Context, q *db.Queries, invoiceID string) error {
	live, err := q.PaymentLive(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", invoiceID, err)
	}
	for _, p := range live {
		if !scheduled(p) {
			continue
		}
		if err := b.dropScheduled(ctx, q, p); err != nil {
			return err
		}
	}
	return nil
}
