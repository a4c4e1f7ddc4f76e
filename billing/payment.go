package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// Payment is one attempt to pay an invoice.
type Payment struct {
	ID, InvoiceID, CustomerID string
	Gateway                   string
	State                     PaymentState
	// Automatic: a saved method is charged while the customer is away.
	Automatic bool
	// Amount is what is asked for, Received what has arrived, Refunded what has gone or
	// is going back.
	Amount, Received, Refunded money.Amount
	// Code is what the customer quotes in a transfer.
	Code string
	// Reference is the provider's id, empty until the provider has been asked.
	Reference string
	// NextAction is what the customer must do; nil when nothing, and in lists.
	NextAction *NextAction
	Decline    Decline
	CreatedAt  time.Time
	SettledAt  time.Time
}

// isFinal is true for a payment that the customer can do nothing more about.
func (s PaymentState) isFinal() bool {
	return s == PaymentSucceeded || s == PaymentFailed || s == PaymentCancelled
}

// known is true for the states there are.
func (s PaymentState) known() bool {
	switch s {
	case PaymentPending, PaymentRequiresAction, PaymentProcessing, PaymentSucceeded, PaymentFailed, PaymentCancelled:
		return true
	}
	return false
}

// Payment reads a payment, with what the customer must do next.
func (b *Billing) Payment(ctx context.Context, id string) (Payment, error) {
	row, err := paymentRow(ctx, b.store.Read(), id)
	if err != nil {
		return Payment{}, err
	}
	p := paymentOf(row)
	if p.NextAction, err = b.openNext(row.NextAction); err != nil {
		return Payment{}, fmt.Errorf("next action of payment %s: %w", id, err)
	}
	return p, nil
}

// PaymentsOf lists the payments of an invoice, oldest first.
func (b *Billing) PaymentsOf(ctx context.Context, q *db.Queries, invoiceID string) ([]Payment, error) {
	return paymentsOf(q.PaymentsByInvoice(ctx, invoiceID))
}

// Payments lists a customer's payments, newest first, before a cursor (a payment's
// id; empty for the first page).
func (b *Billing) Payments(ctx context.Context, customerID, cursor string, limit int) ([]Payment, error) {
	return paymentsOf(b.store.Read().PaymentsByCustomer(ctx, db.PaymentsByCustomerParams{
		CustomerID: customerID, Before: db.FromNewest(cursor), Page: int64(limit),
	}))
}

// PaymentByCode finds the payment whose code stands on a transfer.
func (b *Billing) PaymentByCode(ctx context.Context, code string) (Payment, error) {
	row, err := b.store.Read().PaymentByCode(ctx, code)
	if errors.Is(err, sql.ErrNoRows) {
		return Payment{}, fault.Missing("payment", code)
	}
	if err != nil {
		return Payment{}, fmt.Errorf("payment with code %s: %w", code, err)
	}
	return paymentOf(row), nil
}

func paymentRow(ctx context.Context, q *db.Queries, id string) (db.Payment, error) {
	row, err := q.PaymentByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Payment{}, fault.Missing("payment", id)
	}
	if err != nil {
		return db.Payment{}, fmt.Errorf("read payment %s: %w", id, err)
	}
	return row, nil
}

func paymentsOf(rows []db.Payment, err error) ([]Payment, error) {
	if err != nil {
		return nil, fmt.Errorf("list payments: %w", err)
	}
	out := make([]Payment, 0, len(rows))
	for _, r := range rows {
		out = append(out, paymentOf(r))
	}
	return out, nil
}

func paymentOf(r db.Payment) Payment {
	cur := money.Currency(r.Currency)
	return Payment{
		ID: r.ID, InvoiceID: r.InvoiceID, CustomerID: r.CustomerID, Gateway: r.Gateway, State: PaymentState(r.State),
		Automatic: r.Automatic, Amount: money.New(r.Amount, cur), Received: money.New(r.Received, cur),
		Refunded: money.New(r.Refunded, cur), Code: r.Code, Reference: r.ProviderReference,
		Decline:   Decline{Class: DeclineClass(r.DeclineClass), Code: r.DeclineCode},
		CreatedAt: r.CreatedAt.Time(), SettledAt: r.SettledAt.Time(),
	}
}

// sealNext seals what the customer must do: a client secret lets its holder pay
// and read the payment, so that it stands nowhere in the clear.
func (b *Billing) sealNext(n *NextAction) (string, error) {
	if n == nil {
		return "", nil
	}
	plain, err := json.Marshal(n)
	if err != nil {
		return "", err
	}
	return b.sealer.Seal(plain)
}

func (b *Billing) openNext(sealed string) (*NextAction, error) {
	if sealed == "" {
		return nil, nil
	}
	plain, err := b.sealer.Open(sealed)
	if err != nil {
		return nil, err
	}
	n := &NextAction{}
	return n, json.Unmarshal(plain, n)
}
