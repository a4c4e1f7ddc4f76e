package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
)

// save writes what was decided about a subscription, in the caller's transaction, and gives
// the row as it is now: the revision is the compare-and-set.
func (b *Billing) save(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Subscription, error) {
	sub.UpdatedAt = db.At(b.clock.Now())
	rows, err := q.SubscriptionWrite(ctx, db.SubscriptionWriteParams{
		ID: sub.ID, Revision: sub.Revision, State: sub.State, ProductID: sub.ProductID, Description: sub.Description,
		CycleUnit: sub.CycleUnit, CycleCount: sub.CycleCount, Net: sub.Net, Cost: sub.Cost, Least: sub.Least,
		PricePolicy: sub.PricePolicy, NoticeNet: sub.NoticeNet, NoticeAt: sub.NoticeAt, Phases: sub.Phases,
		ChangeID: sub.ChangeID, AnchorAt: sub.AnchorAt, NextNumber: sub.NextNumber, CurrentStartAt: sub.CurrentStartAt,
		CurrentEndAt: sub.CurrentEndAt, NextStartAt: sub.NextStartAt, NextInvoiceAt: sub.NextInvoiceAt,
		CancelAt: sub.CancelAt, PauseAt: sub.PauseAt, UpdatedAt: sub.UpdatedAt,
	})
	if err != nil {
		return sub, fmt.Errorf("write subscription %s: %w", sub.ID, err)
	}
	if rows == 0 {
		return sub, fmt.Errorf("write subscription %s: it moved meanwhile", sub.ID)
	}
	sub.Revision++
	return sub, nil
}

// subscriptionData is the data of events about a subscription.
type subscriptionData struct {
	SubscriptionID string `json:"subscription_id"`
	ServiceID      string `json:"service_id"`
	Kind           string `json:"kind"`
	// Apart: what becomes of the service is seen to by whoever ended the subscription.
	Apart bool `json:"apart,omitempty"`
}

func dataOf(sub db.Subscription) subscriptionData {
	return subscriptionData{SubscriptionID: sub.ID, ServiceID: sub.ServiceID, Kind: sub.Kind}
}

// tell emits an event about a subscription.
func (b *Billing) tell(ctx context.Context, q *db.Queries, kind string, sub db.Subscription) error {
	return b.tellWith(ctx, q, kind, dataOf(sub), sub.CustomerID)
}

func (b *Billing) tellWith(ctx context.Context, q *db.Queries, kind string, data subscriptionData, customerID string) error {
	return b.events.Emit(ctx, q, event.Params{Kind: kind, Subject: data.SubscriptionID, CustomerID: customerID, Data: data})
}

// withdraw takes back what was billed and not paid for periods that start at an instant or
// later, with a change that came with it, and gives the subscription as it stands then. What a customer is paying at this
// moment cannot be taken back: fault "payment_processing" or "payment_in_progress".
func (b *Billing) withdraw(ctx context.Context, q *db.Queries, sub db.Subscription, from db.Instant) (db.Subscription, error) {
	return b.withdrawBut(ctx, q, sub, from, func(error) bool { return false })
}

// withdrawBut leaves a bill alone whose refusal passes.
func (b *Billing) withdrawBut(ctx context.Context, q *db.Queries, sub db.Subscription, from db.Instant, passes func(error) bool) (db.Subscription, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return sub, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	for _, p := range periods {
		if p.State != periodBilled || p.StartAt < from {
			continue
		}
		if err := b.withdrawInvoice(ctx, q, p.InvoiceID); err != nil && !passes(err) {
			return sub, err
		}
	}
	if sub, err = subscriptionRow(ctx, q, sub.ID); err != nil {
		return sub, err
	}
	// A change that came with a bill which is withdrawn is off with it.
	if sub, err = b.dropChange(ctx, q, sub); err != nil && !passes(err) {
		return sub, err
	}
	return sub, nil
}

func (b *Billing) withdrawInvoice(ctx context.Context, q *db.Queries, id string) error {
	live, err := q.PaymentLive(ctx, id)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", id, err)
	}
	for _, p := range live {
		if p.State == string(PaymentProcessing) {
			return fault.New(fault.Conflict, "payment_processing",
				"The next period is being paid at this moment. Try again when that payment has come to its end.").With("invoice_id", id)
		}
		if !scheduled(p) {
			return fault.New(fault.Conflict, "payment_in_progress",
				"A payment of the next period was begun. Finish it, or try again when it has lapsed.").With("invoice_id", id)
		}
	}
	inv, err := invoiceRow(ctx, q, id)
	if err != nil {
		return err
	}
	if inv.Number == 0 {
		return b.voidFor(ctx, q, id, withdrawn)
	}
	// It has its number: a credit note takes it back, and what was paid of it is the customer's credit.
	parts, err := allLeft(ctx, q, id)
	if err != nil {
		return err
	}
	_, err = b.giveBack(ctx, q, inv, parts, refundTerms{reason: "The period was cancelled before it began.", why: withdrawn})
	return err
}

// rewind puts the pointer of a subscription back to the first period that nobody has been
// billed for: those that were withdrawn are billed anew, those that were given up are not. What is
// paused or over is billed nothing.
func (b *Billing) rewind(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Subscription, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return sub, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	again, end, owed := int64(0), sub.CurrentStartAt, false
	for _, p := range periods {
		switch p.State {
		case periodVoid:
			again++
		case periodBilled, periodPaid, periodPaused:
			again, end, owed = 0, p.EndAt, p.State == periodBilled
		}
	}
	end = pastWaived(periods, end)
	if sub.Kind == string(HostingSubscription) {
		sub.NextNumber = cycleOf(sub).Around(sub.AnchorAt.Time(), end.Time(), sub.NextNumber)
		sub.NextStartAt = end
	} else if again > 0 {
		sub.NextNumber, sub.NextStartAt = max(1, sub.NextNumber-again), end
	}
	sub.NextInvoiceAt = billAt(sub, sub.NextStartAt)
	halted := sub.State == string(SubscriptionPaused) || sub.State == string(SubscriptionCancelled)
	if halted || sub.Kind == string(DomainSubscription) && owed || sub.NextStartAt.IsZero() {
		sub.NextInvoiceAt = 0
	}
	return sub, nil
}

// pastWaived is the end of the periods that were given up and follow an instant, oldest first: until
// then nothing is billed.
func pastWaived(periods []db.SubscriptionPeriod, end db.Instant) db.Instant {
	for _, p := range periods {
		if p.State == periodWaived && p.StartAt <= end {
			end = max(end, p.EndAt)
		}
	}
	return end
}

// The states of a period.
const (
	periodBilled = "billed"
	periodPaid   = "paid"
	periodVoid   = "void"   // its bill was withdrawn: it may be billed anew
	periodWaived = "waived" // its bill was given up: it is not billed again
	periodPaused = "paused" // nobody was billed for it
)
