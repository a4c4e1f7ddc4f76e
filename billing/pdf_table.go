package billing

import (
	"time"

	"hostfront/money"
)

// The widths of the table's columns, in millimetres; they fill pageWidth.
const (
	descriptionWidth = 87
	rateWidth        = 18
	amountWidth      = 25
)

// table writes the lines of the document.
func (s sheet) table() {
	s.cells(rowHeight+1,
		cell{text: "Description", width: descriptionWidth, shaded: true},
		cell{text: "VAT", width: rateWidth, right: true, shaded: true},
		cell{text: "Net", width: amountWidth, right: true, shaded: true},
		cell{text: "VAT amount", width: amountWidth, right: true, shaded: true},
		cell{text: "Total", width: amountWidth, right: true, shaded: true})
	for _, l := range s.inv.Lines {
		s.line(l)
	}
	s.gap(rowHeight)
}

func (s sheet) line(l Line) {
	texts := s.wrap(l.Description, descriptionWidth-2)
	s.cells(rowHeight,
		cell{text: texts[0], width: descriptionWidth},
		cell{text: l.VATRate.String() + " %", width: rateWidth, right: true},
		cell{text: l.Net.Format(), width: amountWidth, right: true},
		cell{text: l.VAT.Format(), width: amountWidth, right: true},
		cell{text: l.Gross().Format(), width: amountWidth, right: true})
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
	s.size(sumSize)
	s.sum("Total "+string(s.inv.Gross.Currency), s.inv.Gross)
	s.size(textSize)
	if s.inv.State == InvoiceOpen && !s.inv.Paid.IsZero() {
		s.sum("Paid", s.inv.Paid)
		s.sum("Still due", s.inv.Due())
	}
	s.gap(rowHeight)
}

func (s sheet) sum(label string, a money.Amount) {
	s.cells(rowHeight+1,
		cell{text: label, width: pageWidth - 2*amountWidth, right: true},
		cell{text: a.Format(), width: 2 * amountWidth, right: true})
}

// remarks writes what the law or the reader asks for below the sums.
func (s sheet) remarks() {
	if s.inv.Treatment.Note != "" {
		s.block(s.inv.Treatment.Note)
	}
	if s.inv.Reason != "" {
		s.block("Reason: " + s.inv.Reason)
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
