package billing

import (
	"time"

	"hostfront/money"

	"github.com/shopspring/decimal"
)

// The widths of the table's columns, in millimetres; they fill pageWidth.
const (
	descriptionWidth = 87
	rateWidth        = 18
	amountWidth      = 25
)

// table writes the lines of the document, under the same head on every page.
func (s *sheet) table() {
	s.head()
	for _, l := range s.inv.Lines {
		texts := s.wrap(l.Description, descriptionWidth-2)
		if !s.fits((len(texts) + 1) * rowHeight) {
			s.page()
			s.head()
		}
		s.line(l, texts)
	}
	s.gap(rowHeight)
}

func (s *sheet) head() {
	s.cells(rowHeight+1,
		cell{text: "Description", width: descriptionWidth, shaded: true},
		cell{text: "VAT", width: rateWidth, right: true, shaded: true},
		cell{text: "Net", width: amountWidth, right: true, shaded: true},
		cell{text: "VAT amount", width: amountWidth, right: true, shaded: true},
		cell{text: "Total", width: amountWidth, right: true, shaded: true})
}

func (s *sheet) line(l Line, texts []string) {
	s.cells(rowHeight,
		cell{text: texts[0], width: descriptionWidth},
		cell{text: l.VATRate.String() + " %", width: rateWidth, right: true},
		cell{text: l.Net.Format(), width: amountWidth, right: true},
		cell{text: l.VAT.Format(), width: amountWidth, right: true},
		cell{text: l.Gross().Format(), width: amountWidth, right: true})
	for _, text := range texts[1:] {
		s.row(text)
	}
	if period := s.period(l); period != "" {
		s.size(smallSize)
		s.row("Period: " + period)
		s.size(textSize)
	}
}

// period is what a line pays for: from when until when, or how long from its delivery on.
func (s *sheet) period(l Line) string {
	if l.PeriodStart.IsZero() {
		return s.covers[l.Subject]
	}
	return l.PeriodStart.Format(time.DateOnly) + " to " + l.PeriodEnd.Format(time.DateOnly)
}

// totals writes the sums: net, the VAT of each rate with what it is on, gross, and what has
// been paid of an open document. They stay on one page.
func (s *sheet) totals() {
	rates := ratesOf(s.inv)
	if !s.fits((len(rates) + 5) * (rowHeight + 1)) {
		s.page()
	}
	s.sum("Net", s.inv.Net)
	for _, r := range rates {
		s.sum("VAT "+r.rate.String()+" % on "+r.net.Format(), r.vat)
	}
	s.size(sumSize)
	s.sum("Total "+string(s.inv.Gross.Currency), s.inv.Gross)
	s.size(textSize)
	if s.inv.State == InvoiceOpen && !s.inv.Paid.IsZero() {
		if s.inv.Carried.IsNegative() {
			s.sum("From earlier invoices", s.inv.Carried.Neg())
			s.sum("Paid", s.inv.Paid.Sub(s.inv.Carried))
		} else {
			s.sum("Paid", s.inv.Paid)
		}
		s.sum("Still due", s.inv.Due())
	}
	s.gap(rowHeight)
}

// taxed is what a document has at one rate of VAT.
type taxed struct {
	rate     decimal.Decimal
	net, vat money.Amount
}

// ratesOf sums the lines by their rate, in the order in which the rates come.
func ratesOf(inv Invoice) []taxed {
	var rates []taxed
lines:
	for _, l := range inv.Lines {
		for i := range rates {
			if rates[i].rate.Equal(l.VATRate) {
				rates[i].net, rates[i].vat = rates[i].net.Add(l.Net), rates[i].vat.Add(l.VAT)
				continue lines
			}
		}
		rates = append(rates, taxed{l.VATRate, l.Net, l.VAT})
	}
	return rates
}

func (s *sheet) sum(label string, a money.Amount) {
	s.cells(rowHeight+1,
		cell{text: label, width: pageWidth - 2*amountWidth, right: true},
		cell{text: a.Format(), width: 2 * amountWidth, right: true})
}

// remarks writes what the law or the reader asks for below the sums.
func (s *sheet) remarks() {
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
	case s.inv.State == InvoicePaid:
		s.row("Paid on " + s.inv.PaidAt.Format(time.DateOnly) + ".")
		s.carried()
	case s.inv.State == InvoiceOpen:
		s.howToPay()
	}
	if s.inv.Number == "" && s.inv.State != InvoiceVoid {
		follows := "when it has been paid."
		if s.inv.Kind == RenewalInvoice {
			follows = "when it has been paid, or when what it is for begins before that."
		}
		s.row("This is not an invoice: that follows " + follows)
	}
}

// carried says what of a settled document is asked for with a later one, or was paid with it of
// earlier ones.
func (s *sheet) carried() {
	currency := string(s.inv.Carried.Currency)
	switch {
	case s.inv.Carried.IsPositive():
		s.row(currency + " " + s.inv.Carried.Format() + " of it was too little to be charged: your next invoice asks for it.")
	case s.inv.Carried.IsNegative():
		s.row(currency + " " + s.inv.Carried.Neg().Format() + " of earlier invoices was paid with it.")
	}
}

func (s *sheet) howToPay() {
	due := string(s.inv.Due().Currency) + " " + s.inv.Due().Format()
	if s.pay == nil {
		s.row("To be paid: " + due + ", by " + s.inv.DueAt.Format(time.DateOnly) + ".")
		return
	}
	s.row("Please transfer " + due + ", by " + s.inv.DueAt.Format(time.DateOnly) + ":")
	s.fact("To", s.pay.Beneficiary)
	s.fact("IBAN", s.pay.IBAN)
	s.fact("BIC", s.pay.BIC)
	s.fact("With the words", s.pay.Reference)
}
