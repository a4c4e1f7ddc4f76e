package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// CreditSuspense turns money in suspense into a customer's credit, in the caller's transaction:
// it pays a receipt of credit, which it gives. Fault code: "suspense_assigned".
func (b *Billing) CreditSuspense(ctx context.Context, q *db.Queries, id, customerID string) (Invoice, error) {
	item, err := openSuspense(ctx, q, id)
	if err != nil {
		return Invoice{}, err
	}
	receipt, err := b.writeReceipt(ctx, q, customerID, money.New(item.Amount, money.Currency(item.Currency)))
	if err != nil {
		return Invoice{}, err
	}
	if err := b.AssignSuspense(ctx, q, id, receipt); err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, receipt)
}

// ReturnSuspense books that staff has sent money in suspense back, at the bank or at the gateway,
// in the caller's transaction. note says how. Fault code: "suspense_assigned".
func (b *Billing) ReturnSuspense(ctx context.Context, q *db.Queries, id, note string) error {
	item, err := openSuspense(ctx, q, id)
	if err != nil {
		return err
	}
	rows, err := q.SuspenseReturn(ctx, db.SuspenseReturnParams{ID: id, Note: note, SettledAt: db.At(b.clock.Now())})
	if err != nil {
		return fmt.Errorf("return suspense %s: %w", id, err)
	}
	if rows == 0 {
		return errAssigned()
	}
	if err := b.events.Clear(ctx, q, "money_in_suspense", item.Gateway+":"+item.Reference); err != nil {
		return err
	}
	amount := money.New(item.Amount, money.Currency(item.Currency))
	return b.post(ctx, q, posting{kind: "suspense_returned", subject: id, entries: []entry{
		{account: Suspense, amount: amount}, {account: moneyAt(item.Gateway), amount: amount.Neg()},
	}})
}

// openSuspense reads money that is still in suspense.
func openSuspense(ctx context.Context, q *db.Queries, id string) (db.Suspense, error) {
	item, err := q.SuspenseByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return item, fault.Missing("suspense item", id)
	}
	if err != nil {
		return item, fmt.Errorf("read suspense %s: %w", id, err)
	}
	if item.State != "open" {
		return item, errAssigned()
	}
	return item, nil
}
