package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/money"
)

// lot is what is left of one part of a customer's credit: of a grant, or of their own
// money (without an id).
type lot struct {
	id string
	// left is what can be used of it, in minor units.
	left int64
	// expiresAt is when it runs out, zero for never. A customer's own money never does.
	expiresAt db.Instant
}

// own is true for money that the customer paid.
func (l lot) own() bool { return l.id == "" }

// CustomerCredit is what the shop owes a customer for a later invoice: what they paid in
// advance or too much, and what the shop has given. Read it with the q of a transaction
// where it is to be spent.
func (b *Billing) CustomerCredit(ctx context.Context, q *db.Queries, customerID string) (money.Amount, error) {
	lots, err := b.creditLots(ctx, q, customerID)
	if err != nil {
		return money.Amount{}, err
	}
	sum := int64(0)
	for _, l := range lots {
		sum += l.left
	}
	return money.New(sum, b.currency), nil
}

// creditLots are the parts of a customer's credit in the order in which they are used: what
// runs out first goes first, what was given before what was paid. What has run out cannot be
// used, though the books may still hold it. The sum of the ledger is the one truth: two that
// spend at once both read it, and one of them must do so again.
func (b *Billing) creditLots(ctx context.Context, q *db.Queries, customerID string) ([]lot, error) {
	rows, err := q.CreditLots(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("credit of %s: %w", customerID, err)
	}
	lots := make([]lot, 0, len(rows))
	given := false
	for _, r := range rows {
		lots = append(lots, lot{id: r.LotID, left: -r.Balance})
		given = given || r.LotID != ""
	}
	if given {
		if lots, err = b.dateLots(ctx, q, customerID, lots); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(lots, func(x, y lot) int { return cmp.Or(cmp.Compare(x.rank(), y.rank()), cmp.Compare(x.id, y.id)) })
	return lots, nil
}

// rank orders lots for use: by when they run out, then those that do not, then own money.
func (l lot) rank() int64 {
	switch {
	case l.own():
		return 1<<63 - 1
	case l.expiresAt.IsZero():
		return 1<<63 - 2
	}
	return int64(l.expiresAt)
}

// dateLots gives each lot its date, and leaves out what has run out.
func (b *Billing) dateLots(ctx context.Context, q *db.Queries, customerID string, lots []lot) ([]lot, error) {
	grants, err := q.CreditGrantsOfCustomer(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("credit given to %s: %w", customerID, err)
	}
	dates := make(map[string]db.Instant, len(grants))
	for _, g := range grants {
		dates[g.ID] = g.ExpiresAt
	}
	now := db.At(b.clock.Now())
	for i := range lots {
		lots[i].expiresAt = dates[lots[i].id]
	}
	return slices.DeleteFunc(lots, func(l lot) bool { return !l.expiresAt.IsZero() && l.expiresAt <= now }), nil
}

// use takes an amount from lots in their order: the entries that debit them.
func use(lots []lot, amount money.Amount) []entry {
	var entries []entry
	left := amount.Minor
	for _, l := range lots {
		part := min(l.left, left)
		if part <= 0 {
			continue
		}
		entries = append(entries, entry{account: Credit, amount: money.New(part, amount.Currency), lotID: l.id})
		left -= part
	}
	return entries
}

// restoredFor is for how long credit can be used that comes back to a grant which has run
// out, or is about to: the customer is not to lose it because a delivery failed late.
const restoredFor = 30 * day

// restore gives an amount back as credit for invoices that stand for one another: first to the
// grants that paid them, so that what was given never turns into money, then as the customer's own.
// Without an invoice (credit that could not be paid back) it is their own.
func (b *Billing) restore(ctx context.Context, q *db.Queries, invoices []string, amount money.Amount) ([]entry, error) {
	var entries []entry
	left := amount.Minor
	until := db.At(b.clock.Now().Add(restoredFor).Truncate(time.Second))
	for _, id := range invoices {
		used, err := q.CreditLotsOfInvoice(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("credit used by invoice %s: %w", id, err)
		}
		for _, u := range used {
			part := min(u.Used, left)
			if part <= 0 {
				continue
			}
			if err := q.CreditGrantExtend(ctx, db.CreditGrantExtendParams{ID: u.LotID, ExpiresAt: until}); err != nil {
				return nil, fmt.Errorf("extend credit %s: %w", u.LotID, err)
			}
			entries = append(entries, entry{account: Credit, amount: money.New(-part, amount.Currency), lotID: u.LotID, invoiceID: id})
			left -= part
		}
	}
	return append(entries, entry{account: Credit, amount: money.New(-left, amount.Currency)}), nil
}
