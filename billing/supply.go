package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
)

// EventSupplied is told when an invoice gets its number because what it is for is supplied, and it
// is not paid.
const EventSupplied = "invoice.supplied"

// numberSupplied gives the renewals of hosting their number whose period has begun before they are
// paid: the site is kept for the customer, so that the sale and its VAT belong into the books now.
func (b *Billing) numberSupplied(ctx context.Context, report *LapseReport) error {
	now := db.At(b.clock.Now())
	for after := ""; ; {
		ids, err := b.store.Read().InvoicesSupplied(ctx, db.InvoicesSuppliedParams{NowAt: now, After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read invoices of what is supplied: %w", err)
		}
		for _, id := range ids {
			err := b.one(ctx, func(q *db.Queries) error { return b.supply(ctx, q, id, now) })
			switch {
			case err == nil:
				report.Supplied++
			case !errors.Is(err, errWaits): // counted among the overdue
				report.skip(id, err)
			}
			after = id
		}
		if len(ids) < 100 || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// supply numbers one of them, with its cost, and tells the customer. A charge that is made as the
// period begins has a day to number it by paying it. One that is being withdrawn is left alone.
func (b *Billing) supply(ctx context.Context, q *db.Queries, id string, now db.Instant) error {
	inv, err := invoiceRow(ctx, q, id)
	if err != nil || inv.State != string(InvoiceOpen) || inv.Number > 0 {
		return err
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	supplied, err := b.supplied(ctx, q, inv, lines)
	if err != nil || !supplied {
		return err
	}
	live, err := q.PaymentLive(ctx, inv.ID)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", inv.ID, err)
	}
	for _, p := range live {
		if p.Abandoned || scheduled(p) && p.Attempt == 0 && now < begins(lines).Add(day) {
			return errWaits
		}
	}
	if err := b.supplyCosts(ctx, q, lines); err != nil {
		return err
	}
	err = b.events.Emit(ctx, q, event.Params{Kind: EventSupplied, Subject: inv.ID, CustomerID: inv.CustomerID, Data: invoiceData{inv.ID}})
	if err != nil {
		return fmt.Errorf("tell that invoice %s has its number: %w", inv.ID, err)
	}
	return b.NumberAtSupply(ctx, q, inv.ID)
}

// errWaits leaves an invoice to a later run.
var errWaits = errors.New("a payment of the invoice is about to be made, or to be withdrawn")

// begins is when the first period of lines starts.
func begins(lines []db.InvoiceLine) (first db.Instant) {
	for _, l := range lines {
		if !l.StartAt.IsZero() && (first.IsZero() || l.StartAt < first) {
			first = l.StartAt
		}
	}
	return first
}
