package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// Invoices lists a customer's documents without lines, newest first, before a
// cursor (a document's id; empty for the first page).
func (b *Billing) Invoices(ctx context.Context, customerID, cursor string, limit int) ([]Invoice, error) {
	rows, err := b.store.Read().InvoicesByCustomer(ctx, db.InvoicesByCustomerParams{
		CustomerID: customerID, Before: db.FromNewest(cursor), Page: int64(limit),
	})
	return invoicesOf(rows, err)
}

// AllInvoices is Invoices over all customers, for staff; state empty is any state.
func (b *Billing) AllInvoices(ctx context.Context, state InvoiceState, cursor string, limit int) ([]Invoice, error) {
	rows, err := b.store.Read().InvoicesPage(ctx, db.InvoicesPageParams{
		State: string(state), Before: db.FromNewest(cursor), Page: int64(limit),
	})
	return invoicesOf(rows, err)
}

// InvoicesOf lists the documents of one subject (an order or a subscription),
// oldest first, credit notes included.
func (b *Billing) InvoicesOf(ctx context.Context, q *db.Queries, subject string) ([]Invoice, error) {
	return invoicesOf(q.InvoicesBySubject(ctx, subject))
}

// CreditNotes lists the credit notes of an invoice, oldest first.
func (b *Billing) CreditNotes(ctx context.Context, q *db.Queries, invoiceID string) ([]Invoice, error) {
	return invoicesOf(q.InvoiceCorrections(ctx, invoiceID))
}

func invoicesOf(rows []db.Invoice, err error) ([]Invoice, error) {
	if err != nil {
		return nil, fmt.Errorf("list invoices: %w", err)
	}
	out := make([]Invoice, 0, len(rows))
	for _, r := range rows {
		inv, err := invoiceOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, inv)
	}
	return out, nil
}
