package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// BackTo says where money goes that a customer gets back.
type BackTo string

// The ways back: by the way it came (what no payment brought becomes credit), or all of it as
// credit for later invoices.
const (
	BackToMethod BackTo = "method"
	BackToCredit BackTo = "credit"
)

// CreditLine is a part of a line of an invoice that is taken back, without VAT.
type CreditLine struct {
	LineID string
	Net    money.Amount
}

// CreditBackParams is a credit note to be made, and where its money goes.
type CreditBackParams struct {
	InvoiceID string
	Lines     []CreditLine
	To        BackTo
	// Reason stands on the credit note.
	Reason string
}

// CreditBack takes parts of the lines of a numbered invoice back, in the caller's transaction:
// a credit note with the VAT that was charged on them, and the money to where it is to go. Of an
// open invoice it lowers what is due. It gives the credit note. Fault codes: "over_refund" for
// more than is left of a line, "invoice_not_numbered", "unknown_line".
func (b *Billing) CreditBack(ctx context.Context, q *db.Queries, p CreditBackParams) (Invoice, error) {
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return Invoice{}, err
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return Invoice{}, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	var parts []takeBack
	for _, want := range p.Lines {
		line, err := lineByID(lines, want.LineID)
		if err != nil {
			return Invoice{}, err
		}
		t, err := netPart(line, want.Net)
		if err != nil {
			return Invoice{}, err
		}
		parts = append(parts, t)
	}
	if len(parts) == 0 {
		return Invoice{}, fault.InvalidField("lines", "required", "Say which lines are taken back.")
	}
	note, err := b.giveBack(ctx, q, inv, parts, refundTerms{reason: p.Reason, policy: RefundAuto, to: p.To})
	if err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, note.ID)
}

// netPart is a part of what is left of a line, without VAT, with the VAT that was charged on
// it. All that is left takes exactly the VAT that is left, so that parts add up to the line.
func netPart(l db.InvoiceLine, net money.Amount) (takeBack, error) {
	left := rest(l)
	cur := net.Currency
	switch {
	case !net.IsPositive():
		return takeBack{}, fault.InvalidField("lines", "not_acceptable", "What is taken back must be more than nothing.")
	case net.Minor > left.net:
		return takeBack{}, errOverRefund(money.New(left.gross(), cur))
	case net.Minor == left.net:
		return left, nil
	}
	rate, err := decimal.NewFromString(l.VatRate)
	if err != nil {
		return takeBack{}, fmt.Errorf("invoice line %s has VAT rate %q: %w", l.ID, l.VatRate, err)
	}
	vat, err := money.Round(net.Decimal().Mul(rate).DivRound(decimal.NewFromInt(100), 12), cur)
	if err != nil {
		return takeBack{}, err
	}
	return takeBack{line: l, net: net.Minor, vat: min(vat.Minor, left.vat)}, nil
}
