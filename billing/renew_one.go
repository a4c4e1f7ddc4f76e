package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/account"
	"hostfront/db"
	"hostfront/money"
)

// renewed is what became of one due period.
type renewed int

const (
	notBilled renewed = iota // another run was first
	billedAndCharged
	billedAndMailed
	billedFree
	billedFromCredit
)

// Why a customer is not billed whom staff exempted, or has given up.
var (
	errNoInvoicing = errors.New("the customer is not to be invoiced")
	errWrittenOff  = errors.New("the customer is written off")
)

// renewOne bills the next period of a subscription in the caller's transaction: the
// revision of its row is the compare-and-set, the period's row the proof.
func (b *Billing) renewOne(ctx context.Context, q *db.Queries, sub db.Subscription) (renewed, error) {
	customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
	if err != nil {
		return notBilled, err
	}
	switch {
	case customer.Flags.WrittenOff:
		return notBilled, errWrittenOff
	case customer.Flags.NoInvoicing:
		return notBilled, errNoInvoicing
	}
	start, end := nextPeriod(sub)
	took, err := b.takePeriod(ctx, q, sub, end)
	if err != nil || !took {
		return notBilled, err
	}
	doc, err := b.drawRenewal(sub, customer, start, end)
	if err != nil {
		return notBilled, fmt.Errorf("bill subscription %s: %w", sub.ID, err)
	}
	rows, err := q.PeriodInsert(ctx, db.PeriodInsertParams{
		SubscriptionID: sub.ID, StartAt: start, EndAt: end, InvoiceID: doc.head.ID, State: "billed",
	})
	if err != nil {
		return notBilled, fmt.Errorf("bill period of %s: %w", sub.ID, err)
	}
	if rows == 0 {
		return notBilled, nil // this period was billed before; the pointer has moved past it now
	}
	if err := b.write(ctx, q, doc); err != nil {
		return notBilled, err
	}
	if err := b.hangRenewal(ctx, q, sub, doc.head.ID, start, end); err != nil {
		return notBilled, err
	}
	return b.collect(ctx, q, collection{sub: sub, customer: customer, doc: doc, start: start})
}

// nextPeriod is the period that is billed next: of hosting computed from the anchor, of a
// domain from where the last one ends.
func nextPeriod(sub db.Subscription) (start, end db.Instant) {
	c := cycleOf(sub)
	if sub.Kind == string(HostingSubscription) {
		anchor := sub.AnchorAt.Time()
		return db.At(c.Start(anchor, sub.NextNumber)), db.At(c.Start(anchor, sub.NextNumber+1))
	}
	return sub.NextStartAt, db.At(c.Start(sub.NextStartAt.Time(), 1))
}

// afterBilling is when the period after the one that is due now is billed. A domain is
// billed again only when this one is paid: it lapses rather than run up debt.
func afterBilling(sub db.Subscription) db.Instant {
	if sub.Kind == string(DomainSubscription) {
		return 0
	}
	_, end := nextPeriod(sub)
	return billAt(sub, end)
}

// takePeriod moves the pointer past the period that is being billed.
func (b *Billing) takePeriod(ctx context.Context, q *db.Queries, sub db.Subscription, end db.Instant) (bool, error) {
	rows, err := q.SubscriptionBilled(ctx, db.SubscriptionBilledParams{
		ID: sub.ID, Revision: sub.Revision, NextNumber: sub.NextNumber + 1, NextStartAt: end, NextInvoiceAt: afterBilling(sub),
		UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return false, fmt.Errorf("take the next period of %s: %w", sub.ID, err)
	}
	return rows == 1, nil
}

func (b *Billing) drawRenewal(sub db.Subscription, customer account.Customer, start, end db.Instant) (document, error) {
	cur := money.Currency(sub.Currency)
	due := start.Time().Add(-b.policies.timing(SubscriptionKind(sub.Kind)).Due)
	if now := b.clock.Now(); due.Before(now) {
		due = now
	}
	return b.draw(InvoiceParams{
		CustomerID: sub.CustomerID, Subject: sub.ID, Kind: RenewalInvoice, DueAt: due,
		Lines: []LineParams{{
			Description: sub.Description, Subject: sub.ID, SubscriptionID: sub.ID, Net: money.New(sub.Net, cur),
			Cost: money.New(sub.Cost, cur), PeriodStart: start.Time(), PeriodEnd: end.Time(),
		}},
	}, customer)
}
