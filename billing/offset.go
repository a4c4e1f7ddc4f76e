package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

// offset lets a credit note lower what is owed on an open invoice: nothing goes back. A
// part counts as paid. Where the rest was paid before, the invoice is settled; where
// nothing was paid at all, it is closed and its tasks are cancelled: a credit note pays
// for nothing.
func (b *Billing) offset(ctx context.Context, q *db.Queries, inv, note db.Invoice) error {
	owed := money.New(-note.Gross, money.Currency(note.Currency))
	if inv.State != string(InvoiceOpen) || inv.Paid+owed.Minor > inv.Gross {
		return errInvoiceState(inv)
	}
	err := b.post(ctx, q, posting{
		kind: "offset", subject: note.ID, customerID: note.CustomerID, invoiceID: note.ID,
		entries: []entry{
			{account: Receivable, amount: owed},
			{account: Receivable, amount: owed.Neg(), invoiceID: inv.ID},
		},
	})
	if err != nil {
		return err
	}
	if err := b.closeOffset(ctx, q, inv, owed.Minor); err != nil {
		return err
	}
	return b.close(ctx, q, note)
}

func (b *Billing) closeOffset(ctx context.Context, q *db.Queries, inv db.Invoice, owed int64) error {
	if inv.Paid+owed < inv.Gross {
		return b.countPart(ctx, q, inv, owed)
	}
	if inv.Paid > 0 {
		return b.settle(ctx, q, inv)
	}
	if _, err := b.stopPayment(ctx, q, inv.ID); err != nil {
		return err
	}
	if err := b.voidPeriods(ctx, q, inv); err != nil {
		return err
	}
	if err := b.tasks.CancelInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("cancel tasks of invoice %s: %w", inv.ID, err)
	}
	return b.close(ctx, q, inv)
}
