package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// AssignSuspense gives money in suspense to an invoice, in the caller's transaction:
// it counts as a payment of it, surplus becomes the customer's credit. Assigned money
// is not assigned again: "suspense_assigned".
func (b *Billing) AssignSuspense(ctx context.Context, q *db.Queries, id, invoiceID string) error {
	item, err := openSuspense(ctx, q, id)
	if err != nil {
		return err
	}
	inv, err := payable(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	p, err := b.arrived(ctx, q, inv, item)
	if err != nil {
		return err
	}
	rows, err := q.SuspenseAssign(ctx, db.SuspenseAssignParams{
		ID: id, InvoiceID: invoiceID, PaymentID: p.ID, SettledAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("assign suspense %s: %w", id, err)
	}
	if rows == 0 {
		return errAssigned()
	}
	if err := b.events.Clear(ctx, q, "money_in_suspense", item.Gateway+":"+item.Reference); err != nil {
		return err
	}
	return b.receive(ctx, q, p, receipt{
		subject: p.ID, account: Suspense, amount: money.New(item.Amount, money.Currency(item.Currency)),
	})
}

func errAssigned() error {
	return fault.New(fault.Conflict, "suspense_assigned", "This money is assigned already.")
}

// arrived writes the payment that money in suspense turned out to be. Its reference
// stays with the suspense item where another payment has it.
func (b *Billing) arrived(ctx context.Context, q *db.Queries, inv db.Invoice, item db.Suspense) (db.Payment, error) {
	code, err := b.code()
	if err != nil {
		return db.Payment{}, err
	}
	now := db.At(b.clock.Now())
	p := db.PaymentInsertParams{
		ID: b.store.NewID("pay"), InvoiceID: inv.ID, CustomerID: inv.CustomerID, Gateway: item.Gateway,
		State: string(PaymentCancelled), Currency: item.Currency, Amount: item.Amount, Code: code, CreatedAt: now, UpdatedAt: now,
	}
	rows, err := q.PaymentInsert(ctx, p)
	if err != nil || rows == 0 {
		return db.Payment{}, fmt.Errorf("payment for suspense %s: %d rows: %w", item.ID, rows, err)
	}
	row := startedPayment(p)
	s := told{State: PaymentSucceeded, Received: item.Amount}
	if item.Gateway != transferGateway {
		s.Reference = item.Reference
	}
	moved, err := b.move(ctx, q, row, s)
	if err != nil || !moved {
		return db.Payment{}, fmt.Errorf("payment for suspense %s: moved %v: %w", item.ID, moved, err)
	}
	return row, nil
}
