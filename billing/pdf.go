package billing

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// dejaVu has the letters of every European language: a name on a legal document is
// written as it is.
//
//go:embed font/DejaVuSansCondensed.ttf
var dejaVu []byte

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

// Sizes in points and millimetres.
const (
	textSize, smallSize, titleSize = 9.0, 7.5, 18.0
	rowHeight                      = 5.0
	pageWidth                      = 180.0 // between the margins of A4
)

// sheet is a document on its way to paper.
type sheet struct {
	*fpdf.Fpdf
	inv      Invoice
	corrects string
}

func render(inv Invoice, corrects string) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	at := inv.IssuedAt
	if !inv.NumberedAt.IsZero() {
		at = inv.NumberedAt
	}
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("hostfront", true)
	pdf.SetMargins(15, 15, 15)
	pdf.SetAutoPageBreak(true, 20)
	pdf.AddUTF8FontFromBytes("DejaVu", "", dejaVu)
	s := sheet{Fpdf: pdf, inv: inv, corrects: corrects}
	pdf.SetTitle(s.title(), true)
	pdf.AddPage()
	s.heading(at)
	s.parties()
	s.table()
	s.totals()
	s.remarks()
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("render %s: %w", inv.ID, err)
	}
	return out.Bytes(), nil
}

func (s sheet) title() string {
	switch {
	case s.inv.CreditNote:
		return "Credit note " + s.inv.Number
	case s.inv.Number == "":
		return "Proforma invoice"
	}
	return "Invoice " + s.inv.Number
}

func (s sheet) size(points float64) { s.SetFont("DejaVu", "", points) }

// row writes one line of text across the page.
func (s sheet) row(text string) { s.CellFormat(pageWidth, rowHeight, text, "", 1, "L", false, 0, "") }

func (s sheet) heading(at time.Time) {
	s.size(titleSize)
	s.CellFormat(pageWidth, 12, s.title(), "", 1, "L", false, 0, "")
	s.size(textSize)
	s.row("Date: " + at.Format(time.DateOnly))
	if s.corrects != "" {
		s.row("Corrects invoice: " + s.corrects)
	}
	if s.inv.State == InvoiceOpen && !s.inv.CreditNote {
		s.row("Due: " + s.inv.DueAt.Format(time.DateOnly))
	}
	s.row("Reference: " + s.inv.ID)
	s.Ln(rowHeight)
}

func (s sheet) parties() {
	from, to := sellerLines(s.inv.Seller), buyerLines(s.inv.Buyer)
	for i := range max(len(from), len(to)) {
		s.CellFormat(pageWidth/2, rowHeight, lineAt(to, i), "", 0, "L", false, 0, "")
		s.CellFormat(pageWidth/2, rowHeight, lineAt(from, i), "", 1, "L", false, 0, "")
	}
	s.Ln(2 * rowHeight)
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func sellerLines(p Seller) []string {
	return present("From", p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City), p.Country, p.Email,
		labelled("VAT number: ", p.VATID), labelled("Registration: ", p.Registration), labelled("IBAN: ", p.IBAN))
}

func buyerLines(p Buyer) []string {
	return present("To", p.Company, p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City), p.Country,
		labelled("VAT number: ", p.VATID))
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
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
