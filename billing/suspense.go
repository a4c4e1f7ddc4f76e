package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// SuspenseItem is money that arrived and fits nothing yet.
type SuspenseItem struct {
	ID, Gateway, Reference string
	Amount                 money.Amount
	Note                   string
	// Assigned is true once it has been given to InvoiceID.
	Assigned             bool
	InvoiceID, PaymentID string
	ReceivedAt           time.Time
}

// SuspenseParams is money to be recorded as fitting nothing.
type SuspenseParams struct {
	// Gateway is where it came in; "transfer" is the bank account.
	Gateway, Reference string
	Amount             money.Amount
	Note               string
	// PaymentID is the payment it seems to belong to, if any.
	PaymentID  string
	ReceivedAt time.Time
}

// transferGateway is the gateway whose money is on the shop's own bank account.
const transferGateway = "transfer"

// RecordSuspense records money that fits nothing, such as a transfer without a code,
// in a transaction of its own. The same money (gateway, reference, amount, day) is
// recorded once: "transfer_booked".
func (b *Billing) RecordSuspense(ctx context.Context, p SuspenseParams) error {
	if !p.Amount.IsPositive() || p.Amount.Currency != b.currency {
		return fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s.", b.currency)
	}
	if err := b.hasCome(p.ReceivedAt); err != nil {
		return err
	}
	p.ReceivedAt = dayOf(p.ReceivedAt)
	return b.store.Tx(ctx, func(q *db.Queries) error {
		rows, err := b.insertSuspense(ctx, q, p)
		if err == nil && rows == 0 {
			return fault.New(fault.Conflict, "transfer_booked", "This money is recorded already.")
		}
		return err
	})
}

// suspend is RecordSuspense in the caller's transaction, for money a gateway tells of:
// told twice it is recorded once.
func (b *Billing) suspend(ctx context.Context, q *db.Queries, p SuspenseParams) error {
	rows, err := b.insertSuspense(ctx, q, p)
	if err != nil || rows == 0 {
		return err
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "money_in_suspense", Subject: p.Gateway + ":" + p.Reference,
		Message: fmt.Sprintf("%s arrived and fits nothing. %s", p.Amount, p.Note),
	})
}

func (b *Billing) insertSuspense(ctx context.Context, q *db.Queries, p SuspenseParams) (int64, error) {
	id := b.store.NewID("sus")
	rows, err := q.SuspenseInsert(ctx, db.SuspenseInsertParams{
		ID: id, Gateway: p.Gateway, Reference: p.Reference, Currency: string(p.Amount.Currency), Amount: p.Amount.Minor,
		Note: p.Note, PaymentID: p.PaymentID, ReceivedAt: db.At(p.ReceivedAt), CreatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return 0, fmt.Errorf("store %s in suspense: %w", p.Reference, err)
	}
	if rows == 0 {
		return 0, nil
	}
	return rows, b.post(ctx, q, posting{kind: "suspense", subject: id, entries: []entry{
		{account: moneyAt(p.Gateway), amount: p.Amount}, {account: Suspense, amount: p.Amount.Neg()},
	}})
}

// SuspenseItems lists what is in suspense, oldest first, after a cursor (an item's id).
func (b *Billing) SuspenseItems(ctx context.Context, cursor string, limit int) ([]SuspenseItem, error) {
	rows, err := b.store.Read().SuspenseOpen(ctx, db.SuspenseOpenParams{After: cursor, Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list suspense: %w", err)
	}
	out := make([]SuspenseItem, 0, len(rows))
	for _, r := range rows {
		out = append(out, SuspenseItem{
			ID: r.ID, Gateway: r.Gateway, Reference: r.Reference, Amount: money.New(r.Amount, money.Currency(r.Currency)),
			Note: r.Note, Assigned: r.State == "assigned", InvoiceID: r.InvoiceID, PaymentID: r.PaymentID,
			ReceivedAt: r.ReceivedAt.Time(),
		})
	}
	return out, nil
}
