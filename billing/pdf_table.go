package billing

import (
	"time"

	"hostfront/money"
)

// The widths of the table's columns, in millimetres; they fill pageWidth.
const (
	descriptionWidth = 112.0
	rateWidth        = 18.0
	amountWidth      = 25.0
)

// table writes the lines of the document.
func (s sheet) table() {
	s.SetFillColor(238, 238, 238)
	s.CellFormat(descriptionWidth, rowHeight+1, "Description", "", 0, "L", true, 0, "")
	s.CellFormat(rateWidth, rowHeight+1, "VAT", "", 0, "R", true, 0, "")
	s.CellFormat(amountWidth, rowHeight+1, "Net", "", 0, "R", true, 0, "")
	s.CellFormat(amountWidth, rowHeight+1, "VAT amount", "", 1, "R", true, 0, "")
	for _, l := range s.inv.Lines {
		s.line(l)
	}
	s.Ln(rowHeight)
}

func (s sheet) line(l Line) {
	texts := s.SplitText(l.Description, descriptionWidth-2)
	if len(texts) == 0 {
		texts = []string{""}
	}
	s.CellFormat(descriptionWidth, rowHeight, texts[0], "", 0, "L", false, 0, "")
	s.CellFormat(rateWidth, rowHeight, l.VATRate.String()+" %", "", 0, "R", false, 0, "")
	s.CellFormat(amountWidth, rowHeight, l.Net.Format(), "", 0, "R", false, 0, "")
	s.CellFormat(amountWidth, rowHeight, l.VAT.Format(), "", 1, "R", false, 0, "")
	for _, text := range texts[1:] {
		s.row(text)
	}
	if !l.PeriodStart.IsZero() {
		s.size(smallSize)
		s.row("Period " + l.PeriodStart.Format(time.DateOnly) + " to " + l.PeriodEnd.Format(time.DateOnly))
		s.size(textSize)
	}
}

// totals writes the sums: net, VAT, gross, and what has been paid of an open document.
func (s sheet) totals() {
	s.sum("Net", s.inv.Net)
	s.sum("VAT "+s.inv.Treatment.Rate.String()+" %", s.inv.VAT)
	s.size(textSize + 2)
	s.sum("Total "+string(s.inv.Gross.Currency), s.inv.Gross)
	s.size(textSize)
	if s.inv.State == InvoiceOpen && !s.inv.Paid.IsZero() {
		s.sum("Paid", s.inv.Paid)
		s.sum("Still due", s.inv.Due())
	}
	s.Ln(rowHeight)
}

func (s sheet) sum(label string, a money.Amount) {
	s.CellFormat(pageWidth-2*amountWidth, rowHeight+1, label, "", 0, "R", false, 0, "")
	s.CellFormat(2*amountWidth, rowHeight+1, a.Format(), "", 1, "R", false, 0, "")
}

// remarks writes what the law or the reader asks for below the sums.
func (s sheet) remarks() {
	if s.inv.Treatment.Note != "" {
		s.MultiCell(pageWidth, rowHeight, s.inv.Treatment.Note, "", "L", false)
	}
	if s.inv.Reason != "" {
		s.MultiCell(pageWidth, rowHeight, "Reason: "+s.inv.Reason, "", "L", false)
	}
	switch {
	case s.inv.State == InvoiceVoid:
		s.row("This document is void.")
	case s.inv.CreditNote:
	case s.inv.Number == "":
		s.row("This is not an invoice: that follows when it has been paid.")
	case s.inv.State == InvoicePaid:
		s.row("Paid on " + s.inv.PaidAt.Format(time.DateOnly) + ".")
	}
}
