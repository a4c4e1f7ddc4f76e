package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hostfront/db"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// InvoicePDF renders a document: a proforma, an invoice with its number, or a credit note.
// As long as a document stands as it does, it gives the same bytes at any time.
func (b *Billing) InvoicePDF(ctx context.Context, id string) ([]byte, error) {
	s := sheet{}
	var err error
	q := b.store.Read()
	if s.inv, err = b.Invoice(ctx, q, id); err != nil {
		return nil, err
	}
	if err := s.correction(ctx, q); err != nil {
		return nil, err
	}
	if err := s.order(ctx, q); err != nil {
		return nil, err
	}
	if s.inv.State == InvoiceOpen && !s.inv.CreditNote {
		if err := s.transfer(ctx, b, q); err != nil {
			return nil, err
		}
	}
	return s.render()
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
	inv Invoice
	// corrects is the number and the day of the invoice that a credit note corrects.
	corrects string
	// ordered is the number of the order it is for, and covers what the first period of each of
	// its lines takes, by the line's subject. That period begins with the delivery, after the
	// document: what it says does not change any more.
	ordered string
	covers  map[string]string
	// pay says where to transfer the money, while that is how it is being paid.
	pay *NextAction
}

func (s *sheet) correction(ctx context.Context, q *db.Queries) error {
	if s.inv.CorrectsID == "" {
		return nil
	}
	row, err := invoiceRow(ctx, q, s.inv.CorrectsID)
	if err != nil {
		return err
	}
	if row.NumberText != "" {
		s.corrects = row.NumberText + " of " + row.NumberedAt.Time().Format(time.DateOnly)
	}
	return nil
}

// order reads what the document says of the order that it is for.
func (s *sheet) order(ctx context.Context, q *db.Queries) error {
	lines, err := q.OrderOnDocument(ctx, s.inv.Subject)
	if err != nil {
		return fmt.Errorf("the order of invoice %s: %w", s.inv.ID, err)
	}
	s.covers = map[string]string{}
	for _, l := range lines {
		s.ordered = l.Number
		switch {
		case l.Kind == "register" && l.Years == 1:
			s.covers[l.ID] = "1 year from its registration"
		case l.Kind == "register":
			s.covers[l.ID] = strconv.FormatInt(l.Years, 10) + " years from its registration"
		case l.Kind != "transfer":
			s.covers[l.ID] = "1 " + l.Cycle + " from its delivery"
		}
	}
	return nil
}

// transfer looks whether a bank transfer is what the document waits for.
func (s *sheet) transfer(ctx context.Context, b *Billing, q *db.Queries) error {
	payments, err := b.PaymentsOf(ctx, q, s.inv.ID)
	if err != nil {
		return err
	}
	for _, p := range payments {
		if p.State != PaymentPending && p.State != PaymentRequiresAction {
			continue
		}
		if p, err = b.Payment(ctx, p.ID); err != nil {
			return err
		}
		if p.NextAction != nil && p.NextAction.IBAN != "" {
			s.pay = p.NextAction
		}
	}
	return nil
}

// render writes the document with western letters, and anew with all where one needs them.
func (s *sheet) render() ([]byte, error) {
	out, err := s.write(&letters{})
	if errors.Is(err, errOtherLetters) {
		out, err = s.write(&letters{all: true})
	}
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", s.inv.ID, err)
	}
	return out, nil
}

func (s *sheet) write(l *letters) ([]byte, error) {
	at := s.inv.IssuedAt
	if !s.inv.NumberedAt.IsZero() {
		at = s.inv.NumberedAt
	}
	seller := s.inv.Seller
	s.paper = newPaper(l, titleOf(s.inv), at, strings.Join(present(seller.Name, seller.Registration, seller.VATID), " · "))
	s.heading(at)
	s.parties()
	s.table()
	s.totals()
	s.remarks()
	return s.bytes()
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

func (s *sheet) heading(at time.Time) {
	s.size(titleSize)
	s.cells(2*rowHeight+2, cell{text: titleOf(s.inv), width: pageWidth})
	s.size(textSize)
	s.fact("Date of issue", at.Format(time.DateOnly))
	s.fact("Corrects invoice", s.corrects)
	if s.inv.State == InvoiceOpen && !s.inv.CreditNote {
		s.fact("To be paid by", s.inv.DueAt.Format(time.DateOnly))
	}
	s.fact("Order", s.ordered)
	s.fact("Reference", s.inv.ID)
	s.gap(rowHeight)
}

// fact is a line of the heading; there is none where nothing is known.
func (s *sheet) fact(label, value string) {
	const labelWidth = 35
	if value != "" {
		s.cells(rowHeight, cell{text: label, width: labelWidth}, cell{text: value, width: pageWidth - labelWidth})
	}
}

func (s *sheet) parties() {
	from, to := s.wrapped(sellerLines(s.inv.Seller)), s.wrapped(buyerLines(s.inv.Buyer))
	for i := range max(len(from), len(to)) {
		s.cells(rowHeight, cell{text: lineAt(to, i), width: pageWidth / 2}, cell{text: lineAt(from, i), width: pageWidth / 2})
	}
	s.gap(2 * rowHeight)
}

// wrapped breaks lines that are wider than half a page.
func (s *sheet) wrapped(lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, s.wrap(l, pageWidth/2-5)...)
	}
	return out
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func sellerLines(p Seller) []string {
	return present("From", p.Name, p.Street, strings.TrimSpace(p.Postcode+" "+p.City), countryName(p.Country), p.Email,
		labelled("VAT number: ", p.VATID), labelled("Registration: ", p.Registration), labelled("IBAN: ", p.IBAN), labelled("BIC: ", p.BIC))
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
