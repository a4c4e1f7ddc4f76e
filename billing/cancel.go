package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// CancelSubscription ends a subscription at an instant, in the caller's transaction: now or
// in the past ends it at once, later ones let it run until then: periods that start before
// are billed as ever. Unpaid renewal invoices for periods from then on are withdrawn.
func (b *Billing) CancelSubscription(ctx context.Context, q *db.Queries, id string, at time.Time) error {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return err
	}
	if sub.State == string(SubscriptionCancelled) {
		return nil
	}
	state := sub.State
	if now := b.clock.Now(); !at.After(now) {
		state, at = string(SubscriptionCancelled), now
	}
	next := sub.NextInvoiceAt
	if start, _ := nextPeriod(sub); start >= db.At(at) {
		next = 0
	}
	rows, err := q.SubscriptionCancelAt(ctx, db.SubscriptionCancelAtParams{
		ID: id, Revision: sub.Revision, CancelAt: db.At(at), NextInvoiceAt: next, State: state, UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil || rows == 0 {
		return fmt.Errorf("cancel subscription %s: %d rows: %w", id, rows, err)
	}
	periods, err := q.PeriodsBySubscription(ctx, id)
	if err != nil {
		return fmt.Errorf("periods of %s: %w", id, err)
	}
	for _, p := range periods {
		if p.State != "billed" || p.StartAt < db.At(at) {
			continue
		}
		// What is being paid or has its number stays: staff refund it if need be.
		if err := b.Void(ctx, q, p.InvoiceID); err != nil {
			if _, refused := fault.As(err); !refused {
				return err
			}
		}
	}
	return nil
}

// end closes the subscriptions whose last day has come.
func (r *renewal) end(ctx context.Context) error {
	b := r.billing
	for after := ""; ; {
		ids, err := b.store.Read().SubscriptionsEnding(ctx, db.SubscriptionsEndingParams{NowAt: db.At(r.now), After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read ending subscriptions: %w", err)
		}
		for _, id := range ids {
			err := b.store.Tx(ctx, func(q *db.Queries) error {
				_, err := q.SubscriptionEnd(ctx, db.SubscriptionEndParams{ID: id, NowAt: db.At(r.now)})
				return err
			})
			if err != nil {
				r.skip(id, err)
			} else {
				r.report.Ended++
			}
			after = id
		}
		if len(ids) < 100 {
			return ctx.Err()
		}
	}
}
