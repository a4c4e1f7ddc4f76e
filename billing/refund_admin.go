package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// RefundParams is a refund that staff decide on.
type RefundParams struct {
	InvoiceID string
	// LineID limits it to one line; empty is the whole invoice.
	LineID string
	// Amount is a gross part; zero is all that is left.
	Amount money.Amount
	Reason string
	// To is where the money goes; empty is by the way it came.
	To BackTo
}

// Refund gives a customer all or part of a paid invoice back, in the caller's
// transaction: a credit note and refund.send tasks. A part of the whole invoice is spread
// over its lines. Of a credit note whose refund has failed, what it still owes is sent
// again. It gives the credit note. Fault codes: "over_refund",
// "invoice_not_numbered".
func (b *Billing) Refund(ctx context.Context, q *db.Queries, p RefundParams) (Invoice, error) {
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return Invoice{}, err
	}
	if inv.Document == "credit_note" {
		return b.refundAgain(ctx, q, inv, p)
	}
	invoices, err := inForce(ctx, q, inv)
	if err != nil {
		return Invoice{}, err
	}
	lines, err := linesOf(ctx, q, invoices)
	if err != nil {
		return Invoice{}, err
	}
	if lines, err = chosen(ctx, q, inv, lines, p.LineID); err != nil {
		return Invoice{}, err
	}
	parts, err := spread(lines, p.Amount, money.Currency(inv.Currency))
	if err != nil {
		return Invoice{}, err
	}
	note, err := b.giveBackEach(ctx, q, takingsOf(invoices, parts), refundTerms{reason: p.Reason, policy: RefundAuto, to: p.To})
	if err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, note.ID)
}

// chosen are the lines in force that a line of the invoice is, or that bill the same anew; without
// one, all.
func chosen(ctx context.Context, q *db.Queries, inv db.Invoice, lines []db.InvoiceLine, id string) ([]db.InvoiceLine, error) {
	if id == "" {
		return lines, nil
	}
	own, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return nil, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	named, err := lineByID(slices.Concat(own, lines), id)
	return slices.DeleteFunc(lines, func(l db.InvoiceLine) bool { return !standsFor(l, named) }), err
}

func lineByID(lines []db.InvoiceLine, id string) (db.InvoiceLine, error) {
	for _, l := range lines {
		if l.ID == id {
			return l, nil
		}
	}
	return db.InvoiceLine{}, fault.InvalidField("line_id", "unknown_line", "The invoice has no line %s.", id)
}

// spread takes a gross amount, or all, of what is left of the lines, in proportion.
func spread(lines []db.InvoiceLine, amount money.Amount, cur money.Currency) ([]takeBack, error) {
	weights, left := make([]int64, len(lines)), int64(0)
	for i, l := range lines {
		weights[i] = max(rest(l).gross(), 0)
		left += rest(l).gross()
	}
	if left <= 0 { // below nothing is the credit line of a change whose rest a later one took over
		return nil, errOverRefund(money.Zero(cur))
	}
	want := amount
	if want.IsZero() {
		want = money.New(left, cur)
	}
	switch {
	case want.Currency != cur || want.IsNegative():
		return nil, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s.", cur)
	case want.Minor > left:
		return nil, errOverRefund(money.New(left, cur))
	}
	var parts []takeBack
	for i, share := range want.Split(weights) {
		if share.IsZero() {
			continue
		}
		t, err := part(lines[i], min(share.Minor, weights[i]), cur)
		if err != nil {
			return nil, err
		}
		parts = append(parts, t)
	}
	return parts, nil
}
