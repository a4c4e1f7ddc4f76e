package billing

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// InvoicePDF renders a document: a proforma, an invoice with its number, or a credit note.
// The same document gives the same bytes at any time.
func (b *Billing) InvoicePDF(ctx context.Context, id string) ([]byte, error) {
	inv, err := b.Invoice(ctx, b.store.Read(), id)
	if err != nil {
		return nil, err
	}
	corrects := ""
	if inv.CorrectsID != "" {
		row, err := invoiceRow(ctx, b.store.Read(), inv.CorrectsID)
		if err != nil {
			return nil, err
		}
		corrects = row.NumberText
	}
	return render(inv, corrects)
}

// The sizes of letters, in points.
const (
	textSize  = 9
	smallSize = 7
	sumSize   = 11
	titleSize = 18
)

// sheet is a document on its way to paper.
type sheet struct {
	paper
	inv      Invoice
	corrects string
}

func render(inv Invoice, corrects string) ([]byte, error) {
	at := inv.IssuedAt
	if !inv.NumberedAt.IsZero() {
		at = inv.NumberedAt
	}
	s := sheet{paper: newPaper(titleOf(inv), at), inv: inv, corrects: corrects}
	s.heading(at)
	s.parties()
	s.table()
	s.totals()
	s.remarks()
	out, err := s.bytes()
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", inv.ID, err)
	}
	return out, nil
}

func titleOf(inv Invoice) string {
	switch {
	case inv.CreditNote:
		return "Credit note " + inv.Number
	case inv.ForCredit && inv.Number != "":
		return "Receipt " + inv.Number
	case inv.Number == "":
		return "Proforma invoice"
	}
	return "Invoice " + inv.Number
}

func (s sheet) heading(at time.Time) {
	s.size(titleSize)
	s.cells(2*rowHeight+2, cell{text: titleOf(s.inv), width: pageWidth})
	s.size(textSize)
	s.row("Date: " + at.Format(time.DateOnly))
	if s.corrects != "" {
		s.row("Corrects invoice: " + s.corrects)
	}
	if s.inv.State == InvoiceOpen && !s.inv.CreditNote {
		s.row("Due: " + s.inv.DueAt.Format(time.DateOnly))
	}
	s.row("Reference: " + s.inv.ID)
	s.gap(rowHeight)
}

func (s sheet) parties() {
	from, to := sellerLines(s.inv.Seller), buyerLines(s.inv.Buyer)
	for i := range max(len(from), len(to)) {
		s.cells(rowHeight, cell{text: lineAt(to, i), width: pageWidth / 2}, cell{text: lineAt(from, i), width: pageWidth / 2})
	}
	s.gap(2 * rowHeight)
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func sellerLines(p Seller) []string {
	return present("From", p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City), countryName(p.Country), p.Email,
		labelled("VAT number: ", p.VATID), labelled("Registration: ", p.Registration), labelled("IBAN: ", p.IBAN))
}

func buyerLines(p Buyer) []string {
	return present("To", p.Company, p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City), countryName(p.Country),
		labelled("VAT number: ", p.VATID))
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

// countryName is a country as a reader knows it, or its code where it has no name.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return cmp.Or(display.English.Regions().Name(region), code)
}

// present leaves out what is empty.
func present(lines ...string) []string {
	out := lines[:0]
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}
