package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// changePaid makes the change that an invoice was for, in the transaction that settles it. made is
// false where it cannot be made as it was drawn, because what it counted on was given back or has
// ended while the customer was paying: then it is withdrawn, and its money is to be given back.
func (b *Billing) changePaid(ctx context.Context, q *db.Queries, inv db.Invoice) (made bool, err error) {
	row, c, err := changeOfInvoice(ctx, q, inv.ID)
	if err != nil || row.State != changePending {
		return true, err
	}
	sub, err := subscriptionRow(ctx, q, row.SubscriptionID)
	if err != nil {
		return false, err
	}
	if made, err = holds(ctx, q, sub, c, inv.ID); err != nil {
		return false, err
	}
	if !made {
		return false, b.refuseChange(ctx, q, sub, row, c, inv)
	}
	if err := b.endChange(ctx, q, row, changeDone); err != nil {
		return false, err
	}
	if err := countCredits(ctx, q, inv.ID); err != nil {
		return false, err
	}
	return true, b.makeChange(ctx, q, sub, c, inv.ID)
}

// holds is true for a change whose paid periods are as it was drawn, and whose credit lines can be
// taken of the lines they name.
func holds(ctx context.Context, q *db.Queries, sub db.Subscription, c plan, invoiceID string) (bool, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return false, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	ends := map[db.Instant]db.Instant{}
	for _, p := range periods {
		if p.State == periodPaid {
			ends[p.StartAt] = p.EndAt
		}
	}
	for _, s := range c.Pieces {
		if ends[s.RowStart] != s.End {
			return false, nil
		}
	}
	lines, err := q.InvoiceLines(ctx, invoiceID)
	if err != nil {
		return false, fmt.Errorf("lines of invoice %s: %w", invoiceID, err)
	}
	taken := map[string]int64{}
	for _, l := range lines {
		if l.Net >= 0 || l.CorrectsLineID == "" {
			continue
		}
		older, _, err := correctedBy(ctx, q, l)
		if err != nil {
			return false, err
		}
		if taken[older.ID] -= l.Net; taken[older.ID] > rest(older).net {
			return false, nil
		}
	}
	return sub.State != string(SubscriptionCancelled), nil
}

// refuseChange withdraws a change that is paid and cannot be made: nothing of it is done, and the
// subscription goes on as it was.
func (b *Billing) refuseChange(ctx context.Context, q *db.Queries, sub db.Subscription, row db.SubscriptionChange, c plan, inv db.Invoice) error {
	if err := b.endChange(ctx, q, row, changeWithdrawn); err != nil {
		return err
	}
	sub.ChangeID = ""
	var err error
	if sub.State != string(SubscriptionCancelled) {
		if sub, err = b.rewind(ctx, q, sub); err != nil {
			return err
		}
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return err
	}
	if err := q.InvoiceLinesUncounted(ctx, inv.ID); err != nil {
		return fmt.Errorf("credit lines of invoice %s: %w", inv.ID, err)
	}
	if err := b.tasks.CancelInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("cancel tasks of invoice %s: %w", inv.ID, err)
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "change_not_made", Subject: sub.ID,
		Message: fmt.Sprintf("The change of %s to %s was paid when what it counted on had been given back or had ended: it is not made, and the %s are the customer's credit.",
			c.From.Description, c.To.Description, money.New(inv.Gross, money.Currency(inv.Currency))),
	})
}

// creditUnmade gives the money of a change that was not made as credit.
func (b *Billing) creditUnmade(ctx context.Context, q *db.Queries, invoiceID string) error {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	parts, err := allLeft(ctx, q, invoiceID)
	if err != nil || grossOf(parts) <= 0 {
		return err
	}
	_, err = b.giveBack(ctx, q, inv, parts, refundTerms{
		reason: "The change could not be made: what it counted on was given back meanwhile.", policy: RefundAuto, to: BackToCredit,
	})
	return err
}

// allLeft is what credit notes have left of the lines of an invoice, to be taken back.
func allLeft(ctx context.Context, q *db.Queries, invoiceID string) ([]takeBack, error) {
	lines, err := q.InvoiceLines(ctx, invoiceID)
	if err != nil {
		return nil, fmt.Errorf("lines of invoice %s: %w", invoiceID, err)
	}
	var parts []takeBack
	for _, l := range lines {
		if left := rest(l); left.net != 0 || left.vat != 0 {
			parts = append(parts, left)
		}
	}
	return parts, nil
}
