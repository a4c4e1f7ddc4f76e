package billing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hostfront/db"
)

// Invoices lists a customer's documents without lines, newest first, before a
// cursor (a document's id; empty for the first page).
func (b *Billing) Invoices(ctx context.Context, customerID, cursor string, limit int) ([]Invoice, error) {
	return newestDocuments(cursor, limit, func(r idRange) ([]db.Invoice, error) {
		return b.store.Read().InvoicesByCustomer(ctx, db.InvoicesByCustomerParams{
			CustomerID: customerID, Oldest: r.oldest, Before: r.before, Page: int64(limit),
		})
	})
}

// AllInvoices is Invoices over all customers, for staff; state empty is any state.
func (b *Billing) AllInvoices(ctx context.Context, state InvoiceState, cursor string, limit int) ([]Invoice, error) {
	return newestDocuments(cursor, limit, func(r idRange) ([]db.Invoice, error) {
		return b.store.Read().InvoicesPage(ctx, db.InvoicesPageParams{
			State: string(state), Oldest: r.oldest, Before: r.before, Page: int64(limit),
		})
	})
}

// idRange are the ids from oldest on and before another.
type idRange struct{ oldest, before string }

// newestDocuments is a page of documents, the newest first. The id of a document begins with its kind
// and goes on with when it was made: a page is merged from those of each kind.
func newestDocuments(cursor string, limit int, page func(idRange) ([]db.Invoice, error)) ([]Invoice, error) {
	var rows []db.Invoice
	for _, kind := range []string{"inv_", "crn_"} {
		some, err := page(idRange{oldest: kind, before: kind + db.FromNewest(madeAt(cursor))})
		if err != nil {
			return nil, fmt.Errorf("list documents %s: %w", kind, err)
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b db.Invoice) int { return strings.Compare(madeAt(b.ID), madeAt(a.ID)) })
	return invoicesOf(rows[:min(limit, len(rows))], nil)
}

// madeAt is the part of an id that grows with time.
func madeAt(id string) string {
	_, made, _ := strings.Cut(id, "_")
	return made
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
