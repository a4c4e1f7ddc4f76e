package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/money"
)

// CreditStanding is a customer's credit, part by part.
type CreditStanding struct {
	// Balance is what can be used now: Own, what the customer paid, and Given.
	Balance, Own, Given money.Amount
	// Grants are what the shop has given, oldest first, the ended ones included.
	Grants []Grant
}

// CreditOf reads how a customer's credit stands.
func (b *Billing) CreditOf(ctx context.Context, q *db.Queries, customerID string) (CreditStanding, error) {
	none := money.Zero(b.currency)
	s := CreditStanding{Balance: none, Own: none, Given: none, Grants: []Grant{}}
	lots, err := b.creditLots(ctx, q, customerID)
	if err != nil {
		return s, err
	}
	for _, l := range lots {
		part := money.New(l.left, b.currency)
		s.Balance = s.Balance.Add(part)
		if l.own() {
			s.Own = s.Own.Add(part)
		} else {
			s.Given = s.Given.Add(part)
		}
	}
	left, err := b.leftOf(ctx, q, customerID)
	if err != nil {
		return s, err
	}
	rows, err := q.CreditGrantsOfCustomer(ctx, customerID)
	for _, r := range rows {
		s.Grants = append(s.Grants, grantOf(r, left[r.ID]))
	}
	return s, wrap(err, "credit given to "+customerID)
}

// CreditEntry is one movement of a customer's credit.
type CreditEntry struct {
	ID, Kind string
	// Amount is positive for what came, negative for what was used.
	Amount money.Amount
	// InvoiceID is the document it is about, GrantID the given credit; either may be empty.
	InvoiceID, GrantID string
	BookedAt           time.Time
}

// CreditEntries lists what moved a customer's credit, newest first, before a cursor (an entry's
// id; empty for the first page).
func (b *Billing) CreditEntries(ctx context.Context, customerID, cursor string, limit int) ([]CreditEntry, error) {
	rows, err := b.store.Read().CreditEntries(ctx, db.CreditEntriesParams{CustomerID: customerID, Before: db.FromNewest(cursor), Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("credit of %s: %w", customerID, err)
	}
	out := make([]CreditEntry, 0, len(rows))
	for _, r := range rows {
		out = append(out, CreditEntry{
			ID: r.ID, Kind: r.Kind, Amount: money.New(-r.Amount, money.Currency(r.Currency)), InvoiceID: r.InvoiceID,
			GrantID: r.LotID, BookedAt: r.BookedAt.Time(),
		})
	}
	return out, nil
}

// CreditUsed is what an invoice has taken of its customer's credit, in all.
func (b *Billing) CreditUsed(ctx context.Context, q *db.Queries, invoiceID string) (money.Amount, error) {
	used, err := q.CreditUsed(ctx, invoiceID)
	return money.New(used, b.currency), wrap(err, "credit used by invoice "+invoiceID)
}
