package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// Grant is credit that the shop has given.
type Grant struct {
	ID, CustomerID string
	Amount         money.Amount
	// Left is what of it can still be used.
	Left   money.Amount
	Reason string
	// ExpiresAt is when what is left runs out, zero for never; EndedAt is when it did.
	ExpiresAt, EndedAt, CreatedAt time.Time
}

// GrantParams is credit to be given.
type GrantParams struct {
	CustomerID string
	Amount     money.Amount
	// Reason is told to the customer.
	Reason string
	// ExpiresAt is when what is left of it runs out, zero for never.
	ExpiresAt time.Time
}

// GiveCredit gives a customer credit, in the caller's transaction. It costs the shop goodwill
// and is never paid out: what it pays comes back to it when that is refunded.
func (b *Billing) GiveCredit(ctx context.Context, q *db.Queries, p GrantParams) (Grant, error) {
	now := b.clock.Now()
	switch {
	case !p.Amount.IsPositive() || p.Amount.Currency != b.currency || p.Amount.Minor > b.most():
		return Grant{}, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s, and no more than %s.",
			b.currency, money.New(b.most(), b.currency))
	case !p.ExpiresAt.IsZero() && !p.ExpiresAt.After(now):
		return Grant{}, fault.InvalidField("expires_at", "not_acceptable", "The date must be in the future.")
	}
	if _, err := b.accounts.Customer(ctx, q, p.CustomerID); err != nil {
		return Grant{}, err
	}
	row := db.CreditGrantInsertParams{
		ID: b.store.NewID("crg"), CustomerID: p.CustomerID, Currency: string(b.currency), Amount: p.Amount.Minor, Reason: p.Reason,
		ExpiresAt: db.At(p.ExpiresAt), CreatedAt: db.At(now),
	}
	if err := q.CreditGrantInsert(ctx, row); err != nil {
		return Grant{}, fmt.Errorf("give credit to %s: %w", p.CustomerID, err)
	}
	err := b.post(ctx, q, posting{
		kind: "credit_given", subject: row.ID, customerID: p.CustomerID,
		entries: []entry{{account: Goodwill, amount: p.Amount}, {account: Credit, amount: p.Amount.Neg(), lotID: row.ID}},
	})
	if err != nil {
		return Grant{}, err
	}
	err = b.events.Emit(ctx, q, event.Params{
		Kind: "credit.given", Subject: row.ID, CustomerID: p.CustomerID, Data: creditData{GrantID: row.ID, Amount: p.Amount, Reason: p.Reason, ExpiresAt: p.ExpiresAt.UTC()},
	})
	if err != nil {
		return Grant{}, err
	}
	return b.Grant(ctx, q, row.ID)
}

// creditData is the data of credit.given.
type creditData struct {
	GrantID   string       `json:"grant_id"`
	Amount    money.Amount `json:"amount"`
	Reason    string       `json:"reason"`
	ExpiresAt time.Time    `json:"expires_at,omitzero"`
}

// most is the largest amount of credit that is given or bought at once: 10,000 units of the
// shop's currency.
func (b *Billing) most() int64 { return wholeUnits(b.currency, 10_000) }

func wholeUnits(c money.Currency, n int64) int64 {
	for range c.Exponent() {
		n *= 10
	}
	return n
}

// Grant reads credit that was given.
func (b *Billing) Grant(ctx context.Context, q *db.Queries, id string) (Grant, error) {
	row, err := q.CreditGrantByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Grant{}, fault.Missing("credit", id)
	}
	if err != nil {
		return Grant{}, fmt.Errorf("read credit %s: %w", id, err)
	}
	left, err := b.leftOf(ctx, q, row.CustomerID)
	return grantOf(row, left[id]), err
}

// leftOf is what the books hold of each of a customer's lots.
func (b *Billing) leftOf(ctx context.Context, q *db.Queries, customerID string) (map[string]int64, error) {
	rows, err := q.CreditLots(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("credit of %s: %w", customerID, err)
	}
	left := make(map[string]int64, len(rows))
	for _, r := range rows {
		left[r.LotID] = -r.Balance
	}
	return left, nil
}

func grantOf(r db.CreditGrant, left int64) Grant {
	cur := money.Currency(r.Currency)
	return Grant{
		ID: r.ID, CustomerID: r.CustomerID, Amount: money.New(r.Amount, cur), Left: money.New(left, cur), Reason: r.Reason,
		ExpiresAt: r.ExpiresAt.Time(), EndedAt: r.EndedAt.Time(), CreatedAt: r.CreatedAt.Time(),
	}
}
