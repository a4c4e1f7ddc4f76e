package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

// leftFor is how long a charge to a new method waits when the customer has left a payment of their
// own: one who goes on to pay another way is not charged meanwhile.
const leftFor = 5 * time.Minute

// resumeCharges lets the charges of an invoice go on in which the customer had taken their
// place with a payment that came to nothing, not before the first was to be made. A method that
// they have saved or chosen meanwhile, which that payment kept from paying the invoice at once,
// is charged now.
func (b *Billing) resumeCharges(ctx context.Context, q *db.Queries, p db.Payment, s told) (time.Time, error) {
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return time.Time{}, err
	}
	m, err := b.chargeable(ctx, q, inv)
	if errors.Is(err, errNotByItself) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	last, err := lastCharge(ctx, q, inv.ID)
	if err != nil {
		return time.Time{}, err
	}
	left, came := last.State == string(PaymentCancelled), cameMeanwhile(p, s, m)
	at := chargeAt{at: b.clock.Now().Add(leftFor), attempt: last.Attempt}
	switch {
	case !left && !came:
		return time.Time{}, nil
	case !came:
		at.at = b.policies.Retry.hour(b.clock.Now(), 1)
	}
	if left && last.Attempt == 0 {
		first, err := b.firstChargeOf(ctx, q, inv, m)
		if err != nil {
			return time.Time{}, err
		}
		if first.After(at.at) {
			at.at = first
		}
	}
	return at.at, b.scheduleCharge(ctx, q, inv, m, at)
}

// lastCharge is the last payment of an invoice that charged a saved method, or was to; without an
// id where none was.
func lastCharge(ctx context.Context, q *db.Queries, invoiceID string) (last db.Payment, err error) {
	before, err := q.PaymentsByInvoice(ctx, invoiceID)
	if err != nil {
		return last, fmt.Errorf("payments of %s: %w", invoiceID, err)
	}
	for _, p := range before {
		if p.Automatic {
			last = p
		}
	}
	return last, nil
}

// cameMeanwhile is true of a method that was saved or chosen while a payment was live that came to
// nothing; not of the one that this payment has failed by.
func cameMeanwhile(p db.Payment, s told, m db.PaymentMethod) bool {
	failedBy := p.SaveMethod && s.State == PaymentFailed
	return !failedBy && max(m.ChosenAt, m.CreatedAt) >= p.CreatedAt
}

// firstChargeOf is when the first charge of a renewal is made to a method.
func (b *Billing) firstChargeOf(ctx context.Context, q *db.Queries, inv db.Invoice, m db.PaymentMethod) (time.Time, error) {
	sub, err := invoiceSubscription(ctx, q, inv)
	if err != nil {
		return time.Time{}, err
	}
	return b.firstCharge(ctx, q, inv, sub, m)
}
