package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// advance moves on the subscription of each line of an invoice that is being settled. The
// period's row is the compare-and-set: it turns from billed to paid once. made is false where the
// invoice is for a change that cannot be made.
func (b *Billing) advance(ctx context.Context, q *db.Queries, inv db.Invoice) (made bool, err error) {
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return false, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	if inv.Kind == SaleInvoice {
		if len(lines) > 0 && lines[0].SubscriptionID != "" {
			return b.changePaid(ctx, q, inv)
		}
		return true, nil
	}
	return true, b.advanceRenewed(ctx, q, inv, lines)
}

func (b *Billing) advanceRenewed(ctx context.Context, q *db.Queries, inv db.Invoice, lines []db.InvoiceLine) error {
	for _, l := range lines {
		if l.SubscriptionID == "" {
			continue
		}
		rows, err := q.PeriodPaid(ctx, db.PeriodPaidParams{SubscriptionID: l.SubscriptionID, StartAt: l.StartAt})
		if err != nil {
			return fmt.Errorf("pay period of %s: %w", l.SubscriptionID, err)
		}
		sub, err := subscriptionRow(ctx, q, l.SubscriptionID)
		if err != nil {
			return err
		}
		if rows == 0 {
			if err := b.reinstate(ctx, q, sub, inv.ID); err != nil {
				return err
			}
			continue
		}
		if err := b.moveOn(ctx, q, sub, l); err != nil {
			return err
		}
		if err := b.postRenewalCost(ctx, q, sub, inv, l); err != nil {
			return err
		}
	}
	return nil
}

// postRenewalCost books what the upstream charges for a renewed period. A renewal that a
// task carries out is booked by its handler, when the upstream has renewed. inv is the invoice as
// it was before it was paid.
func (b *Billing) postRenewalCost(ctx context.Context, q *db.Queries, sub db.Subscription, inv db.Invoice, l db.InvoiceLine) error {
	if sub.RenewTaskKind != "" {
		return nil
	}
	subject, cost := costSubject(sub, l), money.New(l.Cost, money.Currency(sub.Currency))
	if inv.Number > 0 {
		return b.PostUpstreamCost(ctx, q, subject, cost) // it may have been booked at supply
	}
	// The period has just been paid, which happens once: there is no posting to look for.
	return b.postCost(ctx, q, subject, cost)
}

// costSubject is what the cost of a period is booked under.
func costSubject(sub db.Subscription, l db.InvoiceLine) string {
	return fmt.Sprintf("%s:%d", sub.ServiceID, l.StartAt)
}

// moveOn gives a subscription the period that was paid. Paying late changes no date: a
// period is where it always was. A domain that a task renews keeps the expiry it has until
// a later one is read upstream; meanwhile the next period is expected a cycle on.
func (b *Billing) moveOn(ctx context.Context, q *db.Queries, sub db.Subscription, l db.InvoiceLine) (err error) {
	if !sub.CancelAt.IsZero() && l.StartAt >= sub.CancelAt {
		if sub, err = b.paidAfterCancel(ctx, q, sub, l); err != nil {
			return err
		}
	}
	move := keep(sub)
	if sub.Kind == string(DomainSubscription) {
		// Billing put the pointer at this period's end, or an expiry read since did.
		move.NextStartAt = sub.NextStartAt
		move.NextInvoiceAt = billAt(sub, move.NextStartAt)
	}
	readUpstream := sub.Kind == string(DomainSubscription) && sub.RenewTaskKind != ""
	if !readUpstream && l.EndAt > sub.CurrentEndAt {
		move.CurrentStartAt, move.CurrentEndAt = l.StartAt, l.EndAt
	}
	if move.State, err = b.standing(ctx, q, sub, l.InvoiceID); err != nil {
		return err
	}
	if err := b.goOn(ctx, q, sub, &move); err != nil {
		return err
	}
	return b.moveSubscription(ctx, q, move)
}

// paidAfterCancel is a period that was paid though the subscription was cancelled for before it:
// the payment had been begun and came through. It runs on for what was paid; where it has
// ended, an operator gives the money back.
func (b *Billing) paidAfterCancel(ctx context.Context, q *db.Queries, sub db.Subscription, l db.InvoiceLine) (db.Subscription, error) {
	if sub.State != string(SubscriptionCancelled) {
		sub.CancelAt = l.EndAt
		return b.save(ctx, q, sub)
	}
	return sub, b.events.Raise(ctx, q, event.Alarm{
		Code: "paid_after_end", Subject: sub.ID,
		Message: fmt.Sprintf("%s of %s was paid after it had ended: refund it.", money.New(l.Net+l.Vat, money.Currency(sub.Currency)), sub.Description),
	})
}

// keep is a move that changes nothing.
func keep(sub db.Subscription) db.SubscriptionMoveParams {
	return db.SubscriptionMoveParams{
		ID: sub.ID, Revision: sub.Revision, State: sub.State, CurrentStartAt: sub.CurrentStartAt,
		CurrentEndAt: sub.CurrentEndAt, NextNumber: sub.NextNumber, NextStartAt: sub.NextStartAt,
		NextInvoiceAt: sub.NextInvoiceAt,
	}
}

// billAt is when a period that starts at an instant is billed, zero for one that a
// cancelled subscription does not come to.
func billAt(sub db.Subscription, start db.Instant) db.Instant {
	if !sub.CancelAt.IsZero() && start >= sub.CancelAt {
		return 0
	}
	return lead(sub, start)
}

// lead is when a period that starts at an instant is billed.
func lead(sub db.Subscription, start db.Instant) db.Instant {
	return start.Add(-day * time.Duration(sub.LeadDays))
}

func (b *Billing) moveSubscription(ctx context.Context, q *db.Queries, move db.SubscriptionMoveParams) error {
	move.UpdatedAt = db.At(b.clock.Now())
	rows, err := q.SubscriptionMove(ctx, move)
	if err != nil {
		return fmt.Errorf("move subscription %s: %w", move.ID, err)
	}
	if rows == 0 {
		return fmt.Errorf("move subscription %s: it moved meanwhile", move.ID)
	}
	return nil
}
