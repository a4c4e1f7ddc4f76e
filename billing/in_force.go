package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
)

// inForce are the invoices that stand for one now: itself, those that replaced it and those that
// bill anew what its credit notes took back, as far as credit notes have left something of them;
// what is given back is given back of these. Where nothing is left of any, it is the last.
func inForce(ctx context.Context, q *db.Queries, inv db.Invoice) ([]db.Invoice, error) {
	ids, err := descent(ctx, q, inv.ID)
	if err != nil || len(ids) == 1 {
		return []db.Invoice{inv}, err
	}
	var standing []db.Invoice
	for _, id := range ids {
		if inv, err = invoiceRow(ctx, q, id); err != nil {
			return nil, err
		}
		left, err := allLeft(ctx, q, id)
		if err != nil {
			return nil, err
		}
		if len(left) > 0 {
			standing = append(standing, inv)
		}
	}
	if len(standing) == 0 {
		standing = []db.Invoice{inv}
	}
	return standing, nil
}

// toTell is the one of the invoices in force that a customer is told of: what they owe before what
// they have paid, and else the newest.
func toTell(invoices []db.Invoice) db.Invoice {
	k := slices.IndexFunc(invoices, func(i db.Invoice) bool { return i.State == string(InvoiceOpen) })
	if k < 0 {
		k = len(invoices) - 1
	}
	return invoices[k]
}

// linesOf are the lines of invoices.
func linesOf(ctx context.Context, q *db.Queries, invoices []db.Invoice) (all []db.InvoiceLine, err error) {
	for _, inv := range invoices {
		lines, err := q.InvoiceLines(ctx, inv.ID)
		if err != nil {
			return nil, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
		}
		all = append(all, lines...)
	}
	return all, nil
}

// standsFor is true of a line that is another or bills the same anew.
func standsFor(l, older db.InvoiceLine) bool {
	return l.ID == older.ID || l.InvoiceID != older.InvoiceID && l.Subject == older.Subject && l.SubscriptionID == older.SubscriptionID &&
		l.Description == older.Description && l.StartAt == older.StartAt && l.EndAt == older.EndAt
}

// takingsOf parts what is taken back by the invoice that it is of.
func takingsOf(invoices []db.Invoice, parts []takeBack) (all []taking) {
	for _, inv := range invoices {
		t := taking{invoice: inv}
		for _, p := range parts {
			if p.line.InvoiceID == inv.ID {
				t.parts = append(t.parts, p)
			}
		}
		if len(t.parts) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// giveBackEach gives back of several invoices that stand for one, and gives the first credit note.
func (b *Billing) giveBackEach(ctx context.Context, q *db.Queries, takings []taking, terms refundTerms) (first db.Invoice, err error) {
	for i, t := range takings {
		note, err := b.giveBack(ctx, q, t.invoice, t.parts, terms)
		if err != nil {
			return first, err
		}
		if i == 0 {
			first = note
		}
	}
	return first, nil
}

// family are the invoices that stand for one another, the first that was paid before all: those
// that replaced it, and those that billed anew what a credit note had taken back. The money of
// each is that of all. It is found from any of its invoices and credit notes; a receipt of credit
// that goes back has none.
func family(ctx context.Context, q *db.Queries, id string) ([]string, error) {
	first, err := firstOf(ctx, q, id)
	if err != nil || first == "" {
		return nil, err
	}
	return descent(ctx, q, first)
}

// descent is an invoice with all that came to stand for it, each before what stands for it in turn.
func descent(ctx context.Context, q *db.Queries, id string) ([]string, error) {
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		notes, err := q.InvoiceCorrections(ctx, ids[i])
		if err != nil {
			return nil, fmt.Errorf("credit notes of %s: %w", ids[i], err)
		}
		corrected := []string{ids[i]}
		for _, n := range notes {
			corrected = append(corrected, n.ID)
		}
		for _, id := range corrected {
			anew, err := q.InvoiceReplacements(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("what replaced %s: %w", id, err)
			}
			ids = append(ids, anew...)
		}
	}
	return ids, nil
}

// firstOf is the first of the documents that corrected one another.
func firstOf(ctx context.Context, q *db.Queries, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	for {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil || inv.CorrectsID == "" {
			return id, err
		}
		id = inv.CorrectsID
	}
}
