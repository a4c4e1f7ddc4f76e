package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// learnDispute takes in what a provider says of the amount, and of the fee of an open dispute:
// an amount that was not told at first, or turns out to be another. What is open is booked by the
// difference, and what had to wait for an amount that nobody knew is sent back.
func (b *Billing) learnDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) (db.Dispute, error) {
	move, open := moveOf(d), d.State == string(DisputeOpen)
	if s.Amount > 0 {
		move.Amount = s.Amount
	}
	if open && s.State == DisputeOpen {
		move.Fee = s.Fee
	}
	if move.Amount == d.Amount && move.Fee == d.Fee {
		return d, nil
	}
	if err := b.moveDispute(ctx, q, move); err != nil {
		return d, err
	}
	before := d
	d.Amount, d.Fee = move.Amount, move.Fee
	if !open {
		return d, nil
	}
	if err := b.postChanged(ctx, q, d, before); err != nil {
		return d, err
	}
	if err := b.takeDisputed(ctx, q, d, d.Amount-before.Amount); err != nil {
		return d, err
	}
	if before.Amount == d.Amount {
		return d, nil
	}
	err := b.events.Raise(ctx, q, event.Alarm{
		Code: "dispute_open", Subject: d.ID,
		Message: fmt.Sprintf("The customer disputes %s (%s), and not %s.", disputedText(d), d.Reason, disputedText(before)),
	})
	if err != nil {
		return d, err
	}
	return d, b.sendWaiting(ctx, q, d)
}

// postChanged books by how much an open dispute has taken more or less than it was thought to.
func (b *Billing) postChanged(ctx context.Context, q *db.Queries, d, before db.Dispute) error {
	booked, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: "dispute_changed", Subject: d.ID})
	if err != nil {
		return fmt.Errorf("changes of dispute %s: %w", d.ID, err)
	}
	more := money.New(d.Amount+d.Fee-before.Amount-before.Fee, money.Currency(d.Currency))
	return b.post(ctx, q, posting{
		kind: "dispute_changed", subject: d.ID, after: int64(len(booked)), customerID: d.CustomerID, invoiceID: d.InvoiceID,
		entries: []entry{{account: Disputed(d.Gateway), amount: more}, {account: moneyAt(d.Gateway), amount: more.Neg()}},
	})
}
