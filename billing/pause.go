package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// Pause stops the billing of a hosting subscription, in the caller's transaction. What is
// paid for runs to its end and the service with it; from then on the service is suspended
// and nothing is billed until Resume. A bill for the next period is withdrawn. A domain
// cannot be paused: its registry goes on. Asked again, it gives the same. Fault codes:
// "not_pausable", "payment_processing", "payment_in_progress".
func (b *Billing) Pause(ctx context.Context, q *db.Queries, id string, by Actor) (Subscription, error) {
	if by != ByStaff && b.policies.PauseBy == ByStaff {
		return Subscription{}, fault.New(fault.Conflict, "not_pausable", "Ask us to pause it.")
	}
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State == string(SubscriptionPaused) {
		return subscriptionOf(sub), nil
	}
	if err := b.pausable(sub); err != nil {
		return Subscription{}, err
	}
	if sub, err = b.dropChange(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	if sub, err = b.withdraw(ctx, q, sub, sub.CurrentEndAt); err != nil {
		return Subscription{}, err
	}
	sub.State, sub.PauseAt, sub.NextInvoiceAt = string(SubscriptionPaused), sub.CurrentEndAt, 0
	if sub, err = b.save(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	return subscriptionOf(sub), b.tell(ctx, q, "subscription.paused", sub)
}

func (b *Billing) pausable(sub db.Subscription) error {
	switch {
	case sub.State == string(SubscriptionCancelled):
		return errEnded()
	case sub.Kind == string(DomainSubscription):
		return fault.New(fault.Conflict, "not_pausable", "A domain cannot be paused: its registration runs on.")
	case !sub.CancelAt.IsZero():
		return fault.New(fault.Conflict, "not_pausable", "The subscription is cancelled. Take that back first.")
	case sub.State != string(SubscriptionActive) || sub.CurrentEndAt <= db.At(b.clock.Now()):
		return fault.New(fault.Conflict, "not_pausable", "Something is still to be paid. Pay it first.")
	}
	return nil
}

// Resume takes a paused subscription up again, in the caller's transaction. Before the pause
// has begun to hold nothing has happened. Afterwards the anchor is kept: the rest of the
// period that the anchor has now is billed at once, by the second, and from its end on
// whole periods as before. Fault code "not_paused".
func (b *Billing) Resume(ctx context.Context, q *db.Queries, id string) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State != string(SubscriptionPaused) {
		return Subscription{}, fault.New(fault.Conflict, "not_paused", "The subscription is not paused.")
	}
	now := db.At(b.clock.Now())
	held := sub.PauseAt.IsZero() // the pause has begun to hold
	if sub, err = b.keepPause(ctx, q, sub, now); err != nil {
		return Subscription{}, err
	}
	sub.State, sub.PauseAt = string(SubscriptionActive), 0
	if owes, err := b.owes(ctx, q, sub, ""); err != nil {
		return Subscription{}, err
	} else if owes {
		sub.State = string(SubscriptionPastDue) // a lost dispute has opened a renewal again meanwhile
	}
	if sub, err = b.rewind(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	if held {
		if err := b.tell(ctx, q, "subscription.pause_ended", sub); err != nil {
			return Subscription{}, err
		}
	}
	return subscriptionOf(sub), b.tell(ctx, q, "subscription.resumed", sub)
}

// keepPause writes the time that nobody is billed for, from the end of what is paid, or was given up,
// to now.
func (b *Billing) keepPause(ctx context.Context, q *db.Queries, sub db.Subscription, now db.Instant) (db.Subscription, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return sub, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	from := pastWaived(periods, sub.CurrentEndAt)
	if now <= from {
		return sub, nil
	}
	rows, err := q.PeriodInsert(ctx, db.PeriodInsertParams{SubscriptionID: sub.ID, StartAt: from, EndAt: now, State: periodPaused})
	if err != nil || rows == 0 {
		return sub, fmt.Errorf("pause of %s: %d rows: %w", sub.ID, rows, err)
	}
	sub.CurrentStartAt, sub.CurrentEndAt = from, now
	return sub, nil
}

// pause lets the pauses hold whose paid time has run out: the service is suspended, unless
// staff has exempted the customer from that.
func (r *renewal) pause(ctx context.Context) error {
	b := r.billing
	for after := ""; ; {
		ids, err := b.store.Read().SubscriptionsPausing(ctx, db.SubscriptionsPausingParams{NowAt: db.At(r.now), After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read pausing subscriptions: %w", err)
		}
		for _, id := range ids {
			if err := b.one(ctx, func(q *db.Queries) error { return b.holdPause(ctx, q, id) }); err != nil {
				r.skip(id, err)
			} else {
				r.report.Paused++
			}
			after = id
		}
		if len(ids) < 100 {
			return ctx.Err()
		}
	}
}

func (b *Billing) holdPause(ctx context.Context, q *db.Queries, id string) error {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return err
	}
	if sub.State != string(SubscriptionPaused) || sub.PauseAt.IsZero() || sub.PauseAt > db.At(b.clock.Now()) {
		return nil
	}
	customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
	if err != nil {
		return err
	}
	sub.PauseAt = 0
	if sub, err = b.save(ctx, q, sub); err != nil {
		return err
	}
	if customer.Flags.NoSuspension {
		return nil
	}
	return b.tell(ctx, q, "subscription.pause_began", sub)
}
