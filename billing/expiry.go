package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
)

// SetExpiry gives a domain's subscription the expiry that an operator has found, in the
// caller's transaction. An expiry that has moved on by the better part of a cycle since the
// last billed period began is where that period ends and the next one starts. One that has
// not is only shown: the renewal is still to come, and nothing is billed twice for a registry
// that tells another hour of the same day. Nor does one move the periods that has moved on
// while the next period was due to be billed: the upstream renewed first, and that year is
// still owed.
func (b *Billing) SetExpiry(ctx context.Context, q *db.Queries, subscriptionID string, expiry time.Time) error {
	return b.expires(ctx, q, subscriptionID, expiry, false)
}

// FollowExpiry is SetExpiry for an expiry that was read upstream. A year that is not billed yet stays
// owed however long before its bill the upstream has renewed, as by a hand in its panel, and the
// operator is told (alarm renewed_early). One who gives it away says so with SetExpiry.
func (b *Billing) FollowExpiry(ctx context.Context, q *db.Queries, subscriptionID string, expiry time.Time) error {
	return b.expires(ctx, q, subscriptionID, expiry, true)
}

func (b *Billing) expires(ctx context.Context, q *db.Queries, subscriptionID string, expiry time.Time, read bool) error {
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
	unbilled := at > halfOn(sub, last.EndAt) && b.nextDue(sub) || read && at > halfOn(sub, boughtUntil(sub, last))
	if unbilled && sub.NextInvoiceAt.IsZero() && last.State != periodBilled && sub.State != string(SubscriptionCancelled) {
		move.NextInvoiceAt = billAt(sub, sub.NextStartAt) // the bill of the last was given up
	}
	if at > halfOn(sub, last.StartAt) && !unbilled {
		if err := b.endPeriod(ctx, q, last, at); err != nil {
			return err
		}
		move.CurrentStartAt, move.NextStartAt = last.StartAt, at
		move.NextInvoiceAt = b.nextInvoice(sub, last, at)
	}
	if err := b.moveSubscription(ctx, q, move); err != nil {
		return err
	}
	if !unbilled {
		return b.settledEarly(ctx, q, sub)
	}
	sub.NextInvoiceAt = move.NextInvoiceAt
	return b.tellEarly(ctx, q, sub, last, at)
}

// boughtUntil is until when a name was bought at least: the year that a transfer adds may be told
// later than the rest, so that a first period of less than a year may still have it to come.
func boughtUntil(sub db.Subscription, last db.SubscriptionPeriod) db.Instant {
	year := cycleOf(sub)
	if last.StartAt != sub.AnchorAt || last.EndAt > db.At(year.Start(last.StartAt.Time(), 1)).Add(-15*day) {
		return last.EndAt
	}
	return db.At(year.Start(last.EndAt.Time(), 1))
}

// nextDue is true of a subscription whose next period is due to be billed and is not yet, as after
// a downtime.
func (b *Billing) nextDue(sub db.Subscription) bool {
	return !sub.NextInvoiceAt.IsZero() && sub.NextInvoiceAt <= db.At(b.clock.Now())
}

// tellEarly tells the operator of a name that was renewed upstream before its year was billed. Of
// one that is due nobody is told: it is billed at once. Nor of one that is billed no more.
func (b *Billing) tellEarly(ctx context.Context, q *db.Queries, sub db.Subscription, last db.SubscriptionPeriod, at db.Instant) error {
	if b.nextDue(sub) || sub.NextInvoiceAt.IsZero() || renewedEarly(sub, sub.NextStartAt) {
		return nil
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "renewed_early", Subject: sub.ID,
		Message: fmt.Sprintf("%s is renewed upstream until %s, and its year from %s is not billed yet. It is billed as ever; set its expiry where it is not to be.",
			sub.Description, at.Time().Format(time.DateOnly), last.EndAt.Time().Format(time.DateOnly)),
	})
}

// renewedEarly is true of a name that is renewed upstream for a year beyond an instant, until which
// it is billed.
func renewedEarly(sub db.Subscription, billed db.Instant) bool {
	return sub.Kind == string(DomainSubscription) && sub.CurrentEndAt > halfOn(sub, billed)
}

// settledEarly closes what the operator was told of a name whose last year is billed now, given away,
// or not to come.
func (b *Billing) settledEarly(ctx context.Context, q *db.Queries, sub db.Subscription) error {
	if !renewedEarly(sub, sub.NextStartAt) {
		return nil
	}
	return b.events.Clear(ctx, q, "renewed_early", sub.ID)
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
