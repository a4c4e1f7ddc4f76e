package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

// SetExpiry gives a domain's subscription the expiry that was read upstream, or that an
// operator has found, in the caller's transaction. An expiry that has moved on by the
// better part of a cycle since the last billed period began is where that period ends and
// the next one starts. One that has not is only shown: the renewal is still to come, and
// nothing is billed twice for a registry that tells another hour of the same day. Nor does
// one move the periods that has moved on while the next period was due to be billed: the
// upstream renewed first, and that year is still owed.
func (b *Billing) SetExpiry(ctx context.Context, q *db.Queries, subscriptionID string, expiry time.Time) error {
	sub, err := subscriptionRow(ctx, q, subscriptionID)
	if err != nil {
		return err
	}
	if sub.Kind != string(DomainSubscription) || expiry.IsZero() {
		return fmt.Errorf("expiry of %s: %s subscription, expiry %v", sub.ID, sub.Kind, expiry)
	}
	at, move := db.At(expiry), keep(sub)
	last, err := q.PeriodLast(ctx, sub.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return b.firstExpiry(ctx, q, sub, at)
	}
	if err != nil {
		return fmt.Errorf("last period of %s: %w", sub.ID, err)
	}
	move.CurrentEndAt = at
	if at > halfOn(sub, last.StartAt) && !b.renewedUnbilled(sub, last, at) {
		if err := b.endPeriod(ctx, q, last, at); err != nil {
			return err
		}
		move.CurrentStartAt, move.NextStartAt = last.StartAt, at
		move.NextInvoiceAt = b.nextInvoice(sub, last, at)
	}
	return b.moveSubscription(ctx, q, move)
}

// renewedUnbilled is true for an expiry that the upstream has moved by itself while the
// period after the last was due and not yet billed, as after a downtime.
func (b *Billing) renewedUnbilled(sub db.Subscription, last db.SubscriptionPeriod, at db.Instant) bool {
	due := !sub.NextInvoiceAt.IsZero() && sub.NextInvoiceAt <= db.At(b.clock.Now())
	return due && at > halfOn(sub, last.EndAt)
}

// halfOn is half a cycle after the start of a period: an expiry beyond it belongs to the
// end of that period, one before it to its start.
func halfOn(sub db.Subscription, start db.Instant) db.Instant {
	end := db.At(cycleOf(sub).Start(start.Time(), 1))
	return start + (end-start)/2
}

// nextInvoice is when the period after the last is billed: not while the last is unpaid.
func (b *Billing) nextInvoice(sub db.Subscription, last db.SubscriptionPeriod, start db.Instant) db.Instant {
	if last.State == "billed" {
		return 0
	}
	return billAt(sub, start)
}

// endPeriod lets the last period end where upstream says, so that periods tile.
func (b *Billing) endPeriod(ctx context.Context, q *db.Queries, last db.SubscriptionPeriod, end db.Instant) error {
	if last.EndAt == end {
		return nil
	}
	_, err := q.PeriodEnds(ctx, db.PeriodEndsParams{SubscriptionID: last.SubscriptionID, StartAt: last.StartAt, EndAt: end})
	if err != nil {
		return fmt.Errorf("end period of %s: %w", last.SubscriptionID, err)
	}
	return nil
}

// firstExpiry starts the billing of a domain whose expiry was not known.
func (b *Billing) firstExpiry(ctx context.Context, q *db.Queries, sub db.Subscription, expiry db.Instant) error {
	if expiry <= sub.CurrentStartAt {
		return fmt.Errorf("expiry of %s: %s is before it began", sub.ID, expiry.Time())
	}
	_, err := q.PeriodInsert(ctx, db.PeriodInsertParams{
		SubscriptionID: sub.ID, StartAt: sub.CurrentStartAt, EndAt: expiry, State: "paid",
	})
	if err != nil {
		return fmt.Errorf("first period of %s: %w", sub.ID, err)
	}
	move := keep(sub)
	move.CurrentEndAt, move.NextStartAt, move.NextInvoiceAt = expiry, expiry, lead(sub, expiry)
	if err := b.moveSubscription(ctx, q, move); err != nil {
		return err
	}
	return b.events.Clear(ctx, q, "expiry_unknown", sub.ID)
}
