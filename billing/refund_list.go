package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/money"
)

// Refund is money that goes back.
type Refund struct {
	ID, PaymentID, CreditNoteID, CustomerID, Gateway string
	// State is pending, succeeded or failed, as the provider has it.
	State  string
	Amount money.Amount
	Reason string
	// Code says why it failed, empty otherwise.
	Code string
	// TaskID is the task that sends it: held while a person must decide.
	TaskID    string
	CreatedAt time.Time
	SettledAt time.Time
}

// Refunds lists refunds newest first, before a cursor; state empty is any state.
func (b *Billing) Refunds(ctx context.Context, state, cursor string, limit int) ([]Refund, error) {
	return refundsOf(b.store.Read().RefundsPage(ctx, db.RefundsPageParams{
		State: state, Before: db.FromNewest(cursor), Page: int64(limit),
	}))
}

// RefundsOf lists the refunds of a credit note.
func (b *Billing) RefundsOf(ctx context.Context, q *db.Queries, creditNoteID string) ([]Refund, error) {
	return refundsOf(q.RefundsByCreditNote(ctx, creditNoteID))
}

func refundsOf(rows []db.Refund, err error) ([]Refund, error) {
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	out := make([]Refund, 0, len(rows))
	for _, r := range rows {
		out = append(out, Refund{
			ID: r.ID, PaymentID: r.PaymentID, CreditNoteID: r.CreditNoteID, CustomerID: r.CustomerID, Gateway: r.Gateway,
			State: r.State, Amount: money.New(r.Amount, money.Currency(r.Currency)), Reason: r.Reason, Code: r.Code,
			TaskID: r.TaskID, CreatedAt: r.CreatedAt.Time(), SettledAt: r.SettledAt.Time(),
		})
	}
	return out, nil
}
