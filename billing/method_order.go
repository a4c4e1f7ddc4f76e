package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"hostfront/db"
)

// methodFor is the method that a subscription's renewal is charged to: its own where it has
// one, then the customer's default, then the others, of those that can be charged. A card
// whose last month is over comes after all that are valid: its bank may know it still, and
// if not, says so.
func (b *Billing) methodFor(ctx context.Context, q *db.Queries, sub db.Subscription) (db.PaymentMethod, bool, error) {
	all, err := q.MethodsByCustomer(ctx, sub.CustomerID)
	if err != nil {
		return db.PaymentMethod{}, false, fmt.Errorf("methods of %s: %w", sub.CustomerID, err)
	}
	usable := slices.DeleteFunc(all, func(m db.PaymentMethod) bool {
		return !m.RefusedAt.IsZero() || !b.canCharge(m.Gateway)
	})
	if len(usable) == 0 {
		return db.PaymentMethod{}, false, nil
	}
	slices.SortStableFunc(usable, func(x, y db.PaymentMethod) int { return b.rank(x, sub) - b.rank(y, sub) })
	return usable[0], true, nil
}

// rank is lower for a method that is charged before another; equal ones stay in the
// customer's order.
func (b *Billing) rank(m db.PaymentMethod, sub db.Subscription) int {
	rank := 1
	if m.ID == sub.MethodID {
		rank = 0
	}
	if b.expired(m) {
		rank += 2
	}
	return rank
}

// canCharge is true for a gateway that charges while the customer is away.
func (b *Billing) canCharge(gateway string) bool {
	g, err := b.gateway(gateway)
	if err != nil {
		return false
	}
	_, ok := g.(MandateCharger)
	return ok
}

// invoiceSubscription is the subscription whose method pays an invoice: the one it is for,
// else one that stands for the customer's own order.
func invoiceSubscription(ctx context.Context, q *db.Queries, inv db.Invoice) (db.Subscription, error) {
	sub, err := q.SubscriptionByID(ctx, inv.Subject)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Subscription{CustomerID: inv.CustomerID}, nil
	}
	return sub, wrap(err, "subscription of invoice "+inv.ID)
}
