package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// reinstate gives a subscription that may owe nothing any more, beside an invoice that is being
// closed, its good standing back.
func (b *Billing) reinstate(ctx context.Context, q *db.Queries, sub db.Subscription, closing string) (err error) {
	move := keep(sub)
	if move.State, err = b.standing(ctx, q, sub, closing); err != nil || move.State == sub.State {
		return err
	}
	if err := b.goOn(ctx, q, sub, &move); err != nil {
		return err
	}
	return b.moveSubscription(ctx, q, move)
}

// standing is the state of a subscription of which an invoice is being paid or withdrawn: active
// again when nothing else of it is owed, and then its alarm is over.
func (b *Billing) standing(ctx context.Context, q *db.Queries, sub db.Subscription, closing string) (string, error) {
	if sub.State != string(SubscriptionPastDue) && sub.State != string(SubscriptionSuspended) {
		return sub.State, nil
	}
	if owes, err := b.owes(ctx, q, sub, closing); err != nil || owes {
		return sub.State, err
	}
	return string(SubscriptionActive), b.events.Clear(ctx, q, "domain_unpaid", sub.ServiceID)
}

// owes is true of a subscription with a period that has begun and is not paid, or a renewal that
// is overdue or was opened again, beside the invoice that is being closed.
func (b *Billing) owes(ctx context.Context, q *db.Queries, sub db.Subscription, closing string) (bool, error) {
	periods, err := q.PeriodsUnpaid(ctx, db.PeriodsUnpaidParams{SubscriptionID: sub.ID, NowAt: db.At(b.clock.Now())})
	if err != nil {
		return false, fmt.Errorf("unpaid periods of %s: %w", sub.ID, err)
	}
	renewals, err := q.RenewalsOwed(ctx, db.RenewalsOwedParams{SubscriptionID: sub.ID, Beside: closing})
	if err != nil {
		return false, fmt.Errorf("what is owed for %s: %w", sub.ID, err)
	}
	return periods+renewals > 0, nil
}
