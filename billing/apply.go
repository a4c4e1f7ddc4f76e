package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// apply brings a payment to what its gateway said, in the caller's transaction. It
// is the one way in for answers, webhooks, reconciliation and cancellations, and a
// compare-and-set: however many of them tell of the same success, the payment settles
// once. p is the row as this transaction read it.
func (b *Billing) apply(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if isOther(p, s) {
		return nil
	}
	if err := b.remember(ctx, q, p, s); err != nil {
		return err
	}
	switch state := PaymentState(p.State); {
	case state == PaymentSucceeded:
		return b.applyTwice(ctx, q, p, s)
	case s.State == PaymentSucceeded:
		return b.applySuccess(ctx, q, p, s)
	case state.isFinal():
		return nil
	case s.State.isFinal():
		return b.applyEnd(ctx, q, p, s)
	}
	_, err := b.move(ctx, q, p, s)
	return err
}

// isOther is true for what is told of a second object that the provider has for a payment,
// such as one whose making was taken to have failed. Only money that came by it counts.
func isOther(p db.Payment, s told) bool {
	return p.ProviderReference != "" && s.Reference != "" && s.Reference != p.ProviderReference && s.State != PaymentSucceeded
}

// move is the compare-and-set of a payment's row; moved is false when something else
// moved it first.
func (b *Billing) move(ctx context.Context, q *db.Queries, p db.Payment, s told) (moved bool, err error) {
	now := b.clock.Now()
	row := db.PaymentApplyParams{
		ID: p.ID, OldState: p.State, OldReceived: p.Received, State: string(s.State),
		ProviderReference: p.ProviderReference, NextAction: s.Next, Received: max(p.Received, s.Received), Fee: p.Fee,
		DeclineClass: string(s.Decline.Class), DeclineCode: s.Decline.Code, UpdatedAt: db.At(now),
	}
	if row.NextAction == "" && s.State != PaymentProcessing {
		row.NextAction = p.NextAction
	}
	if s.Reference != "" {
		row.ProviderReference = s.Reference
	}
	if s.State.isFinal() {
		row.SettledAt, row.NextAction = db.At(now), ""
	} else {
		row.CheckAt = db.At(now.Add(checkAfter(now.Sub(p.CreatedAt.Time()))))
	}
	if s.State == PaymentSucceeded {
		row.Fee = s.Fee
	}
	rows, err := q.PaymentApply(ctx, row)
	if err != nil {
		return false, fmt.Errorf("move payment %s to %s: %w", p.ID, s.State, err)
	}
	return rows == 1, nil
}

// checkAfter is when an open payment of some age is asked about again: soon while
// the customer is there, later as it grows old.
func checkAfter(age time.Duration) time.Duration {
	return min(max(age/4, 5*time.Minute), 6*time.Hour)
}

// applySuccess books the money that came and lets it settle what it pays.
func (b *Billing) applySuccess(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	came := s.Received - p.Received
	moved, err := b.move(ctx, q, p, s)
	if err != nil || !moved {
		return err
	}
	if came <= 0 {
		return b.events.Raise(ctx, q, event.Alarm{
			Code: "payment_without_money", Subject: p.ID,
			Message: "The gateway calls the payment succeeded and reports no money.",
		})
	}
	cur := money.Currency(p.Currency)
	return b.receive(ctx, q, p, receipt{
		subject: p.ID, account: moneyAt(p.Gateway), amount: money.New(came, cur), fee: money.New(s.Fee, cur),
	})
}

// applyEnd ends a payment that brought nothing.
func (b *Billing) applyEnd(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	moved, err := b.move(ctx, q, p, s)
	if err != nil || !moved {
		return err
	}
	if p.Abandoned {
		return b.voidAbandoned(ctx, q, p.InvoiceID)
	}
	follows, err := b.followUp(ctx, q, p, s)
	if err != nil || s.State != PaymentFailed {
		return err
	}
	err = b.events.Emit(ctx, q, event.Params{Kind: "payment.failed", Subject: p.ID, CustomerID: p.CustomerID, Data: follows})
	if err != nil {
		return fmt.Errorf("tell that payment %s failed: %w", p.ID, err)
	}
	return nil
}

// voidAbandoned voids the invoice of a payment that was cancelled for that purpose.
func (b *Billing) voidAbandoned(ctx context.Context, q *db.Queries, invoiceID string) error {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	if inv.State != string(InvoiceOpen) || inv.Number > 0 {
		return nil
	}
	return b.void(ctx, q, inv, givenUp)
}
