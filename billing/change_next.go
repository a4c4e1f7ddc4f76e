package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
// is off and the subscription is billed again; one that came with a renewal comes with the next.
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
		sub.ChangeID = row.ID
	default:
		return nil
	}
	_, err = b.save(ctx, q, sub)
	return err
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
