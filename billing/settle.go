package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/tax"
)

// settle closes an open invoice whose money is all there, in the caller's
// transaction: revenue is posted, each paid period moves its subscription on, the
// tasks that hang on the invoice are released, and last the legal number is given.
// inv is the row as this transaction read it.
func (b *Billing) settle(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	if inv.Number == 0 {
		if err := b.postSale(ctx, q, inv); err != nil {
			return err
		}
	}
	made, err := b.advance(ctx, q, inv)
	if err != nil {
		return err
	}
	if err := b.tasks.ReleaseInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("release tasks of invoice %s: %w", inv.ID, err)
	}
	err = b.events.Emit(ctx, q, event.Params{
		Kind: "invoice.paid", Subject: inv.ID, CustomerID: inv.CustomerID, Data: invoiceData{inv.ID},
	})
	if err != nil {
		return fmt.Errorf("tell that invoice %s is paid: %w", inv.ID, err)
	}
	if err := b.close(ctx, q, inv); err != nil || made {
		return err
	}
	return b.creditUnmade(ctx, q, inv.ID)
}

// invoiceData is the data of events about an invoice.
type invoiceData struct {
	InvoiceID string `json:"invoice_id"`
}

// close gives the number, where the invoice has none, and the state.
func (b *Billing) close(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	now := b.clock.Now()
	given := legalNumber{series: inv.Series, number: inv.Number, text: inv.NumberText}
	at := inv.NumberedAt
	if inv.Number == 0 {
		if err := b.countTurnover(ctx, q, inv, now); err != nil {
			return err
		}
		var err error
		if given, err = b.nextNumber(ctx, q, b.prefix(inv), now); err != nil {
			return err
		}
		at = db.At(now)
	}
	rows, err := q.InvoiceSettle(ctx, db.InvoiceSettleParams{
		ID: inv.ID, OldPaid: inv.Paid, PaidAt: db.At(now),
		Series: given.series, Number: given.number, NumberText: given.text, NumberedAt: at,
	})
	if err != nil {
		return fmt.Errorf("close invoice %s: %w", inv.ID, err)
	}
	if rows == 0 {
		return fmt.Errorf("close invoice %s: it moved meanwhile", inv.ID)
	}
	return nil
}

// prefix is that of the document's series.
func (b *Billing) prefix(doc db.Invoice) string {
	if doc.Purpose == purposeCredit {
		return b.series.Receipt
	}
	if doc.Document == "credit_note" {
		return b.series.CreditNote
	}
	return b.series.Invoice
}

// number gives an open document its legal number, without closing it. It comes last in a
// transaction.
func (b *Billing) number(ctx context.Context, q *db.Queries, doc db.Invoice) error {
	now := b.clock.Now()
	if err := b.countTurnover(ctx, q, doc, now); err != nil {
		return err
	}
	given, err := b.nextNumber(ctx, q, b.prefix(doc), now)
	if err != nil {
		return err
	}
	rows, err := q.InvoiceNumber(ctx, db.InvoiceNumberParams{
		ID: doc.ID, Series: given.series, Number: given.number, NumberText: given.text, NumberedAt: db.At(now),
	})
	if err != nil || rows == 0 {
		return fmt.Errorf("number document %s: %d rows: %w", doc.ID, rows, err)
	}
	return nil
}

// postSale books what a numbered invoice says: the customer owes, the shop earned. What is paid
// for credit is earned by what the credit pays.
func (b *Billing) postSale(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	cur, earned := money.Currency(inv.Currency), Revenue
	switch {
	case inv.Purpose == purposeCredit:
		earned = Credit
	case inv.VatKind == tax.NoSupply:
		earned = LateFees
	}
	return b.post(ctx, q, posting{
		kind: "invoice", subject: inv.ID, customerID: inv.CustomerID, invoiceID: inv.ID,
		entries: []entry{
			{account: Receivable, amount: money.New(inv.Gross, cur)},
			{account: earned, amount: money.New(-inv.Net, cur)},
			{account: VAT, amount: money.New(-inv.Vat, cur)},
		},
	})
}

// NumberAtSupply gives an open invoice its legal number before it is paid, because
// what it is for is supplied now; its revenue is posted. Its own transaction is the
// caller's. An invoice that has its number is left alone.
func (b *Billing) NumberAtSupply(ctx context.Context, q *db.Queries, invoiceID string) error {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	if inv.Number > 0 {
		return nil
	}
	if inv.State != string(InvoiceOpen) {
		return errInvoiceState(inv)
	}
	if err := b.postSale(ctx, q, inv); err != nil {
		return err
	}
	return b.number(ctx, q, inv)
}
