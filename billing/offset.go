package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

// offset lets a credit note lower what is owed on an open invoice. What it takes back beyond that was
// paid, and becomes the customer's credit. Where the rest of the invoice is paid, that settles it;
// where no rest stands, it is closed and its tasks are cancelled: credit notes pay for nothing,
// however many of them it took.
func (b *Billing) offset(ctx context.Context, q *db.Queries, inv, note db.Invoice, why unbilled) error {
	inv, err := b.unask(ctx, q, inv)
	if err != nil {
		return err
	}
	if inv.State != string(InvoiceOpen) {
		return errInvoiceState(inv)
	}
	owed := money.New(-note.Gross, money.Currency(note.Currency))
	if beyond := inv.Paid + owed.Minor - inv.Gross; beyond > 0 {
		if inv, err = b.unpay(ctx, q, inv, beyond); err != nil {
			return err
		}
	}
	err = b.post(ctx, q, posting{
		kind: "offset", subject: note.ID, customerID: note.CustomerID, invoiceID: note.ID,
		entries: []entry{
			{account: Receivable, amount: owed},
			{account: Receivable, amount: owed.Neg(), invoiceID: inv.ID},
		},
	})
	if err != nil {
		return err
	}
	if err := b.closeOffset(ctx, q, inv, owed.Minor, why); err != nil {
		return err
	}
	return b.close(ctx, q, note)
}

func (b *Billing) closeOffset(ctx context.Context, q *db.Queries, inv db.Invoice, owed int64, why unbilled) error {
	if inv.Paid+owed < inv.Gross {
		return b.countPart(ctx, q, inv, owed)
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	if stands(lines) > 0 {
		if err := b.makeWay(ctx, q, inv.ID, true); err != nil {
			return err
		}
		return b.settle(ctx, q, inv)
	}
	if _, err := b.stopPayment(ctx, q, inv.ID); err != nil {
		return err
	}
	if err := b.voidPeriods(ctx, q, inv, why); err != nil {
		return err
	}
	if err := b.tasks.CancelInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("cancel tasks of invoice %s: %w", inv.ID, err)
	}
	return b.close(ctx, q, inv)
}

// stands is what credit notes have left of lines, with VAT.
func stands(lines []db.InvoiceLine) int64 {
	left := int64(0)
	for _, l := range lines {
		left += rest(l).gross()
	}
	return left
}
