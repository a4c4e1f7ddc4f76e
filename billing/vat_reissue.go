package billing

import (
	"context"
	"fmt"

	"hostfront/account"
	"hostfront/db"
	"hostfront/money"
	"hostfront/tax"
)

// reissue corrects the VAT of a paid invoice: a credit note over what is left of it, a new
// invoice for the same, paid from the credit note, and the difference back to the customer
// by the way it came. Nothing is delivered or moved on again.
func (b *Billing) reissue(ctx context.Context, q *db.Queries, old db.Invoice, customer account.Customer, t tax.Treatment) error {
	parts, err := allLeft(ctx, q, old.ID)
	if err != nil {
		return err
	}
	vat := int64(0)
	for _, p := range parts {
		vat += p.vat
	}
	if vat <= 0 {
		return nil // given back already
	}
	note, err := b.creditNote(ctx, q, old, parts, "The VAT number was confirmed: replaced by a new invoice.")
	if err != nil {
		return err
	}
	fresh, err := b.drawAnew(ctx, q, old, parts, customer, t)
	if err != nil {
		return err
	}
	if err := countCredits(ctx, q, fresh.ID); err != nil {
		return err
	}
	if err := b.payFrom(ctx, q, note, fresh); err != nil {
		return err
	}
	back := -note.Gross - fresh.Gross
	pending, err := b.returnMoney(ctx, q, note, back, refundTerms{reason: note.Reason, policy: RefundAuto})
	if err != nil {
		return err
	}
	if err := b.close(ctx, q, fresh); err != nil {
		return err
	}
	return b.endNote(ctx, q, note.ID, pending)
}

// endNote numbers a credit note, and closes it where nothing of it is still to be sent.
func (b *Billing) endNote(ctx context.Context, q *db.Queries, noteID string, pending int64) error {
	note, err := invoiceRow(ctx, q, noteID)
	if err != nil {
		return err
	}
	if pending == 0 {
		return b.close(ctx, q, note)
	}
	return b.number(ctx, q, note)
}

// drawAnew writes and books the invoice that takes the place of another.
func (b *Billing) drawAnew(ctx context.Context, q *db.Queries, old db.Invoice, parts []takeBack, customer account.Customer, t tax.Treatment) (db.Invoice, error) {
	cur := money.Currency(old.Currency)
	p := InvoiceParams{CustomerID: old.CustomerID, Subject: old.Subject, Kind: old.Kind, Treatment: &t}
	if old.State == string(InvoiceOpen) {
		p.DueAt = old.DueAt.Time()
	}
	for _, part := range parts {
		l := part.line
		p.Lines = append(p.Lines, LineParams{
			Description: l.Description, Subject: l.Subject, SubscriptionID: l.SubscriptionID, Net: money.New(part.net, cur),
			Cost: money.New(l.Cost, cur), PeriodStart: l.StartAt.Time(), PeriodEnd: l.EndAt.Time(), Corrects: l.CorrectsLineID,
		})
	}
	doc, err := b.draw(p, customer)
	if err != nil {
		return db.Invoice{}, err
	}
	doc.head.CorrectsID, doc.head.ExpiresAt = old.ID, 0
	if err := b.write(ctx, q, doc); err != nil {
		return db.Invoice{}, err
	}
	fresh, err := invoiceRow(ctx, q, doc.head.ID)
	if err != nil {
		return db.Invoice{}, err
	}
	return fresh, b.postSale(ctx, q, fresh)
}

// payFrom pays a new invoice with what a credit note owes.
func (b *Billing) payFrom(ctx context.Context, q *db.Queries, note, fresh db.Invoice) error {
	amount := money.New(fresh.Gross, money.Currency(fresh.Currency))
	err := b.post(ctx, q, posting{
		kind: "offset", subject: note.ID, customerID: note.CustomerID, invoiceID: note.ID,
		entries: []entry{
			{account: Receivable, amount: amount},
			{account: Receivable, amount: amount.Neg(), invoiceID: fresh.ID},
		},
	})
	if err != nil {
		return err
	}
	rows, err := q.InvoiceAddPaid(ctx, db.InvoiceAddPaidParams{ID: note.ID, OldPaid: note.Paid, NewPaid: note.Paid - fresh.Gross})
	if err != nil || rows == 0 {
		return fmt.Errorf("pay invoice %s from %s: %d rows: %w", fresh.ID, note.ID, rows, err)
	}
	return nil
}
