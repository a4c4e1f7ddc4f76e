package billing

import (
	"context"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// NextInvoice is the renewal that comes next, as it would be drawn now.
type NextInvoice struct {
	SubscriptionID string
	// BilledAt is when it is drawn, DueAt when it must be paid.
	BilledAt, DueAt time.Time
	Draft           Draft
	// BelowCost: it is sold at less than cost and floor.
	BelowCost bool
}

// NextInvoice shows the next renewal of a subscription. It is drawn by what draws the renewal
// itself. Fault code "nothing_to_bill" where nothing more is billed.
func (b *Billing) NextInvoice(ctx context.Context, q *db.Queries, id string) (NextInvoice, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return NextInvoice{}, err
	}
	waits := awaitsRenewal(sub) && sub.NextInvoiceAt <= db.At(b.clock.Now())
	if sub.NextInvoiceAt.IsZero() || waits || sub.State == string(SubscriptionSuspended) {
		return NextInvoice{}, fault.New(fault.Conflict, "nothing_to_bill", "Nothing of this subscription is to be billed as it stands.")
	}
	customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
	if err != nil {
		return NextInvoice{}, err
	}
	if customer.Flags.NoInvoicing {
		return NextInvoice{}, fault.New(fault.Conflict, "nothing_to_bill", "This customer is not invoiced.")
	}
	u, err := b.upcoming(ctx, q, sub)
	if err != nil {
		return NextInvoice{}, err
	}
	doc, err := u.draw(b, customer)
	if err != nil {
		return NextInvoice{}, err
	}
	return NextInvoice{
		SubscriptionID: id, BilledAt: sub.NextInvoiceAt.Time(), DueAt: doc.head.DueAt.Time(), Draft: draftOf(doc), BelowCost: u.below(),
	}, nil
}

// below is true for a period that is billed at less than cost and floor, discounts aside:
// those were given on purpose.
func (u upcoming) below() bool { return u.sub.Net < u.sub.Least }
