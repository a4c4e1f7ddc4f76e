package billing

import (
	"context"
	"fmt"

	"hostfront/account"
	"hostfront/db"
	"hostfront/tax"
)

// reissueOpen corrects the VAT of a renewal that has its number and is not paid: a credit note over
// all of it, and a new invoice for the same, due as it was, which the charge that is scheduled and
// the steps that were taken against it pass to. Not done is one that the customer has begun to pay,
// that is paid or credited in part, was opened again, or brings a change with it.
func (b *Billing) reissueOpen(ctx context.Context, q *db.Queries, old db.Invoice, customer account.Customer, t tax.Treatment) (done bool, err error) {
	change, _, err := changeOfInvoice(ctx, q, old.ID)
	if err != nil {
		return false, err
	}
	if old.Kind != RenewalInvoice || old.Number == 0 || old.Paid != 0 || !old.ReopenedAt.IsZero() || change.ID != "" {
		return false, nil
	}
	parts, err := allLeft(ctx, q, old.ID)
	if err != nil || grossOf(parts) != old.Gross {
		return false, err
	}
	note, err := b.creditNote(ctx, q, old, parts, "The VAT number was confirmed: replaced by a new invoice.")
	if err != nil {
		return false, err
	}
	fresh, err := b.drawAnew(ctx, q, old, parts, customer, t)
	if err != nil {
		return false, err
	}
	if err := b.passOn(ctx, q, old, fresh); err != nil {
		return false, err
	}
	if err := b.offset(ctx, q, old, note, withdrawn); err != nil {
		return false, err
	}
	return true, b.number(ctx, q, fresh)
}

// passOn gives a new invoice what hung on the one that it takes the place of.
func (b *Billing) passOn(ctx context.Context, q *db.Queries, old, fresh db.Invoice) error {
	if err := q.PeriodsPassOn(ctx, db.PeriodsPassOnParams{InvoiceID: old.ID, NewID: fresh.ID}); err != nil {
		return fmt.Errorf("periods of invoice %s: %w", old.ID, err)
	}
	if err := q.DunningStepsPassOn(ctx, db.DunningStepsPassOnParams{InvoiceID: old.ID, NewID: fresh.ID}); err != nil {
		return fmt.Errorf("steps against invoice %s: %w", old.ID, err)
	}
	err := q.PaymentScheduledPassOn(ctx, db.PaymentScheduledPassOnParams{InvoiceID: old.ID, NewID: fresh.ID, Amount: fresh.Gross})
	return wrap(err, "scheduled charge of invoice "+old.ID)
}
