package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"hostfront/db"
)

// takeChange lets a scheduled change come into force with the period that is worked out.
func (b *Billing) takeChange(ctx context.Context, q *db.Queries, u *upcoming) error {
	row, c, err := changeRow(ctx, q, u.sub.ChangeID)
	if err != nil || row.State != changeScheduled || u.start < c.At {
		return err
	}
	c.At = u.start
	u.change, u.sub = &row, c.onto(u.sub)
	u.start, u.end = nextPeriod(u.sub)
	return nil
}

// hangChange ends the change that has come into force with a period, and hangs what is to be
// done upstream on its invoice.
func (b *Billing) hangChange(ctx context.Context, q *db.Queries, u upcoming, invoiceID string) error {
	row, c, err := planOf(*u.change)
	if err != nil {
		return err
	}
	row.InvoiceID = invoiceID
	if err := b.endChange(ctx, q, row, changeDone); err != nil {
		return err
	}
	if err := b.addChangeTask(ctx, q, u.sub, changeTask{plan: c, changeID: row.ID, invoiceID: invoiceID}); err != nil {
		return err
	}
	return b.tell(ctx, q, "subscription.changed", u.sub)
}

// changeVoided is what becomes of a change whose invoice was withdrawn: one that waited for it
// is off and the subscription is billed again; one that came with a renewal comes with the next, and
// until then the subscription is what it was.
func (b *Billing) changeVoided(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	row, c, err := changeOfInvoice(ctx, q, inv.ID)
	if err != nil || row.ID == "" {
		return err
	}
	sub, err := subscriptionRow(ctx, q, row.SubscriptionID)
	if err != nil {
		return err
	}
	switch {
	case row.State == changePending:
		if err := b.endChange(ctx, q, row, changeWithdrawn); err != nil {
			return err
		}
		sub.ChangeID = ""
		if sub, err = b.rewind(ctx, q, sub); err != nil {
			return err
		}
	case row.State == changeDone && c.Scheduled && sub.ChangeID == "":
		row.InvoiceID = ""
		if err := b.endChange(ctx, q, row, changeScheduled); err != nil {
			return err
		}
		sub = c.off(sub)
		sub.ChangeID = row.ID
		if sub, err = b.rewind(ctx, q, sub); err != nil {
			return err
		}
	default:
		return nil
	}
	_, err = b.save(ctx, q, sub)
	return err
}

// off is a subscription as it was before a change that came with a renewal.
func (c plan) off(sub db.Subscription) db.Subscription {
	if sub.ProductID != c.To.ProductID || cycleOf(sub) != c.newCycle || c.FromAnchor.IsZero() {
		return sub
	}
	sub.ProductID, sub.Description = c.From.ProductID, c.From.Description
	sub.Net, sub.Cost, sub.Least = c.From.Net.Minor, c.From.Cost.Minor, c.From.Least.Minor
	sub.Phases, sub.AnchorAt = c.FromPhases, c.FromAnchor
	sub.CycleUnit, sub.CycleCount = string(c.oldCycle.Unit), int64(c.oldCycle.Count)
	return sub
}

// asPaid is a subscription as what is paid of it: without a change that came with a bill which is not
// paid yet. A preview counts from that, for the change withdraws the bill.
func (b *Billing) asPaid(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Subscription, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return sub, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	for _, p := range slices.Backward(periods) {
		if p.State != periodBilled || p.StartAt < sub.CurrentEndAt {
			continue
		}
		row, c, err := changeOfInvoice(ctx, q, p.InvoiceID)
		if err != nil {
			return sub, err
		}
		if row.State == changeDone && c.Scheduled {
			sub = c.off(sub)
		}
	}
	return sub, nil
}

// changeOfInvoice is the change that an invoice is for; one without an id where it is for none.
func changeOfInvoice(ctx context.Context, q *db.Queries, invoiceID string) (db.SubscriptionChange, plan, error) {
	row, err := q.ChangeByInvoice(ctx, invoiceID)
	if errors.Is(err, sql.ErrNoRows) {
		return db.SubscriptionChange{}, plan{}, nil
	}
	if err != nil {
		return row, plan{}, fmt.Errorf("change of invoice %s: %w", invoiceID, err)
	}
	return planOf(row)
}
