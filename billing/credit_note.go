package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// takeBack is what a credit note takes back of one line.
type takeBack struct {
	line     db.InvoiceLine
	net, vat int64
}

func (t takeBack) gross() int64 { return t.net + t.vat }

// grossOf is what parts come to, with VAT.
func grossOf(parts []takeBack) int64 {
	sum := int64(0)
	for _, p := range parts {
		sum += p.gross()
	}
	return sum
}

// rest is what is left of a line after the credit notes it has had.
func rest(l db.InvoiceLine) takeBack {
	return takeBack{line: l, net: l.Net - l.CreditedNet, vat: l.Vat - l.CreditedVat}
}

// part is a gross amount of what is left of a line, split into net and VAT at the line's
// rate. All that is left takes exactly what is left, so that parts add up to the line.
func part(l db.InvoiceLine, gross int64, cur money.Currency) (takeBack, error) {
	left := rest(l)
	if gross > left.gross() {
		return takeBack{}, errOverRefund(money.New(left.gross(), cur))
	}
	if gross == left.gross() {
		return left, nil
	}
	rate, err := decimal.NewFromString(l.VatRate)
	if err != nil {
		return takeBack{}, fmt.Errorf("invoice line %s has VAT rate %q: %w", l.ID, l.VatRate, err)
	}
	hundred := decimal.NewFromInt(100)
	net, err := money.Round(money.New(gross, cur).Decimal().Mul(hundred).DivRound(hundred.Add(rate), 12), cur)
	if err != nil {
		return takeBack{}, err
	}
	// Rounding may ask a cent more of either half than is left of it.
	t := takeBack{line: l, net: min(net.Minor, left.net)}
	t.vat = min(gross-t.net, left.vat)
	t.net = gross - t.vat
	return t, nil
}

func errOverRefund(left money.Amount) error {
	return fault.New(fault.Conflict, "over_refund", "No more than %s is left to refund.", left).With("left", left)
}

// drawNote is the credit note that takes back parts of an invoice. It writes nothing.
func (b *Billing) drawNote(inv db.Invoice, parts []takeBack, reason string) document {
	id, now := b.store.NewID("crn"), b.clock.Now()
	doc := document{head: db.InvoiceInsertParams{
		ID: id, Document: "credit_note", Kind: Correction, State: string(InvoiceOpen), CustomerID: inv.CustomerID,
		Subject: inv.Subject, CorrectsID: inv.ID, Currency: inv.Currency, VatKind: inv.VatKind, VatCountry: inv.VatCountry,
		VatRate: inv.VatRate, VatNote: inv.VatNote, Seller: inv.Seller, Buyer: inv.Buyer, Reason: reason,
		IssuedAt: db.At(now), DueAt: db.At(now), Purpose: inv.Purpose,
	}}
	for i, p := range parts {
		doc.head.Net, doc.head.Vat = doc.head.Net-p.net, doc.head.Vat-p.vat
		doc.lines = append(doc.lines, db.InvoiceLineInsertParams{
			ID: b.store.NewID("inl"), InvoiceID: id, Position: int64(i), Description: p.line.Description, Subject: p.line.Subject,
			SubscriptionID: p.line.SubscriptionID, CorrectsLineID: p.line.ID, Net: -p.net, Vat: -p.vat, VatRate: p.line.VatRate,
			StartAt: p.line.StartAt, EndAt: p.line.EndAt,
		})
	}
	doc.head.Gross = doc.head.Net + doc.head.Vat
	return doc
}

// creditNote writes a credit note that takes back parts of an invoice, and books it, in the
// caller's transaction. The invoice must have its number.
func (b *Billing) creditNote(ctx context.Context, q *db.Queries, inv db.Invoice, parts []takeBack, reason string) (db.Invoice, error) {
	doc := b.drawNote(inv, parts, reason)
	for _, p := range parts {
		if err := b.takePart(ctx, q, p); err != nil {
			return db.Invoice{}, err
		}
	}
	if err := b.write(ctx, q, doc); err != nil {
		return db.Invoice{}, err
	}
	note, err := invoiceRow(ctx, q, doc.head.ID)
	if err != nil {
		return db.Invoice{}, err
	}
	return note, b.postSale(ctx, q, note)
}

// takeLine counts what is taken back on the line itself: the guard in the statement is
// what refuses a second full refund of two that come at once.
func takeLine(ctx context.Context, q *db.Queries, p takeBack) error {
	rows, err := q.InvoiceLineCredit(ctx, db.InvoiceLineCreditParams{ID: p.line.ID, Net: p.net, Vat: p.vat})
	if err != nil {
		return fmt.Errorf("credit invoice line %s: %w", p.line.ID, err)
	}
	if rows == 0 {
		return fault.New(fault.Conflict, "over_refund", "This has been refunded already.")
	}
	return nil
}
