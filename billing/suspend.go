package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
)

// EventRestored is told when a subscription that was suspended, or a domain's that was past
// due, owes nothing any more.
const EventRestored = "subscription.restored"

// SuspendSubscription stops the billing of a subscription that is not paid, in the caller's
// transaction: no period is billed until it owes nothing any more. A cancelled one stays so.
func (b *Billing) SuspendSubscription(ctx context.Context, q *db.Queries, id string) error {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return err
	}
	if sub.State != string(SubscriptionActive) && sub.State != string(SubscriptionPastDue) {
		return nil
	}
	move := keep(sub)
	move.State = string(SubscriptionSuspended)
	return b.moveSubscription(ctx, q, move)
}

// goOn is the part of a move of a subscription that owes nothing any more. Billing goes on
// where the anchor says: the period that holds this moment is owed whole, for its site was
// kept; one that went by while it was suspended was not supplied and is not billed.
func (b *Billing) goOn(ctx context.Context, q *db.Queries, sub db.Subscription, move *db.SubscriptionMoveParams) error {
	suspended := sub.State == string(SubscriptionSuspended)
	if move.State != string(SubscriptionActive) || move.State == sub.State || (!suspended && sub.Kind != string(DomainSubscription)) {
		return nil
	}
	if suspended && sub.Kind == string(HostingSubscription) {
		if err := b.passOver(ctx, q, sub, move); err != nil {
			return err
		}
	}
	return b.events.Emit(ctx, q, event.Params{
		Kind: EventRestored, Subject: sub.ID, CustomerID: sub.CustomerID,
		Data: map[string]string{"subscription_id": sub.ID, "service_id": sub.ServiceID},
	})
}

// passOver moves the pointer past the periods that have ended: each leaves a row that
// nobody was billed for, so that the periods tile.
func (b *Billing) passOver(ctx context.Context, q *db.Queries, sub db.Subscription, move *db.SubscriptionMoveParams) error {
	now, c, anchor := db.At(b.clock.Now()), cycleOf(sub), sub.AnchorAt.Time()
	next := move.NextNumber
	for {
		start, end := db.At(c.Start(anchor, next)), db.At(c.Start(anchor, next+1))
		if end > now {
			move.NextStartAt, move.NextInvoiceAt = start, billAt(sub, start)
			move.NextNumber = next
			return nil
		}
		_, err := q.PeriodInsert(ctx, db.PeriodInsertParams{SubscriptionID: sub.ID, StartAt: start, EndAt: end, State: periodPaused})
		if err != nil {
			return fmt.Errorf("pass over a period of %s: %w", sub.ID, err)
		}
		next++
	}
}
