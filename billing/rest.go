package billing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/money"
)

// piece is a paid stretch of time that an instant cuts, or that lies after it.
type piece struct {
	// RowStart is where the period begins that it is of; Start and End are the piece itself.
	RowStart db.Instant `json:"row_start"`
	Start    db.Instant `json:"start"`
	End      db.Instant `json:"end"`
	// Unused is what was paid for the piece, rounded down; Used what was paid for what lies
	// before it. Charge is what it costs after a change.
	Unused    int64  `json:"unused"`
	Used      int64  `json:"used"`
	Charge    int64  `json:"charge"`
	InvoiceID string `json:"invoice_id"`
	// Lines are the lines that a change takes the unused part of.
	Lines []pieceLine `json:"lines,omitempty"`
}

// pieceLine is what is taken of a line, in minor units without VAT.
type pieceLine struct {
	LineID string `json:"line_id"`
	Net    int64  `json:"net"`
}

// given is what a change gives back of a piece, by the lines it was paid by; of one that nothing was
// paid for it is nothing.
func (s piece) given() []pieceLine {
	if len(s.Lines) == 0 {
		return []pieceLine{{}}
	}
	return s.Lines
}

// piecesAfter are the paid stretches of a subscription from an instant on, oldest first.
func piecesAfter(ctx context.Context, q *db.Queries, sub db.Subscription, at db.Instant) ([]piece, error) {
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return nil, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	var pieces []piece
	for _, p := range periods {
		if p.State != periodPaid || p.EndAt <= at {
			continue
		}
		s := piece{RowStart: p.StartAt, Start: max(p.StartAt, at), End: p.EndAt, InvoiceID: p.InvoiceID}
		s.Unused = shareDown(p.Net, s.End-s.Start, p.EndAt-p.StartAt)
		s.Used = p.Net - s.Unused
		pieces = append(pieces, s)
	}
	return pieces, nil
}

// paidLine is a line of an invoice in force.
type paidLine struct {
	invoice db.Invoice
	line    db.InvoiceLine
}

// creditable are the lines that a piece was paid by, in the invoices that are in force.
func creditable(ctx context.Context, q *db.Queries, sub db.Subscription, s piece) ([]paidLine, error) {
	if s.InvoiceID == "" {
		return nil, nil
	}
	inv, err := invoiceRow(ctx, q, s.InvoiceID)
	if err != nil {
		return nil, err
	}
	invoices, err := inForce(ctx, q, inv)
	if err != nil {
		return nil, err
	}
	var paid []paidLine
	for _, inv := range invoices {
		lines, err := q.InvoiceLines(ctx, inv.ID)
		if err != nil {
			return nil, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
		}
		k := slices.IndexFunc(lines, func(l db.InvoiceLine) bool {
			ours := l.SubscriptionID == sub.ID || (sub.OrderLineID != "" && l.Subject == sub.OrderLineID)
			return ours && l.Net > 0 && (l.StartAt.IsZero() || l.StartAt <= s.Start && s.Start < l.EndAt)
		})
		if k >= 0 {
			paid = append(paid, paidLine{invoice: inv, line: lines[k]})
		}
	}
	return paid, nil
}

// takeFrom takes a net amount of lines in their order, no more of each than is left of it. left is
// what can still be taken of a line, by its id.
func takeFrom(lines []paidLine, net int64, left map[string]int64) (taken []pieceLine) {
	for _, p := range lines {
		if _, seen := left[p.line.ID]; !seen {
			left[p.line.ID] = max(0, p.line.Net-p.line.CreditedNet)
		}
		if part := min(net, left[p.line.ID]); part > 0 {
			net, left[p.line.ID] = net-part, left[p.line.ID]-part
			taken = append(taken, pieceLine{LineID: p.line.ID, Net: part})
		}
	}
	return taken
}

// taking is what credit notes take back: one note for each invoice.
type taking struct {
	invoice db.Invoice
	parts   []takeBack
}

// take spreads a net amount over what the pieces were paid by, the latest first, and no
// more than is left of a line: what staff has refunded is not given again.
func (b *Billing) take(ctx context.Context, q *db.Queries, sub db.Subscription, pieces []piece, net int64) (notes []taking, err error) {
	left := map[string]int64{}
	for i := len(pieces) - 1; i >= 0 && net > 0; i-- {
		lines, err := creditable(ctx, q, sub, pieces[i])
		if err != nil {
			return nil, err
		}
		for _, t := range takeFrom(lines, min(pieces[i].Unused, net), left) {
			k := slices.IndexFunc(lines, func(p paidLine) bool { return p.line.ID == t.LineID })
			net -= t.Net
			notes = addTaking(notes, lines[k].invoice, lines[k].line, t.Net)
		}
	}
	var all []taking
	for _, n := range notes {
		for i, p := range n.parts {
			if n.parts[i], err = netPart(p.line, money.New(p.net, money.Currency(n.invoice.Currency))); err != nil {
				return nil, err
			}
		}
		unwound, err := unwind(ctx, q, n)
		if err != nil {
			return nil, err
		}
		all = append(all, unwound...)
	}
	return all, nil
}

// addTaking takes a net amount back of a line, beside what is taken of it already.
func addTaking(notes []taking, inv db.Invoice, line db.InvoiceLine, net int64) []taking {
	for i := range notes {
		if notes[i].invoice.ID != inv.ID {
			continue
		}
		for j := range notes[i].parts {
			if notes[i].parts[j].line.ID == line.ID {
				notes[i].parts[j].net += net
				return notes
			}
		}
		notes[i].parts = append(notes[i].parts, takeBack{line: line, net: net})
		return notes
	}
	return append(notes, taking{invoice: inv, parts: []takeBack{{line: line, net: net}}})
}

// creditRest gives what is not used of the paid periods back as credit, and lets the periods
// end at the instant.
func (b *Billing) creditRest(ctx context.Context, q *db.Queries, sub db.Subscription, at db.Instant) error {
	pieces, err := piecesAfter(ctx, q, sub, at)
	if err != nil {
		return err
	}
	unused := int64(0)
	for _, s := range pieces {
		unused += s.Unused
	}
	notes, err := b.take(ctx, q, sub, pieces, unused)
	if err != nil {
		return err
	}
	for _, n := range notes {
		if _, err := b.giveCredit(ctx, q, n, "Cancelled: the unused rest of what was paid for."); err != nil {
			return err
		}
	}
	for _, s := range pieces {
		if err := cut(ctx, q, sub, s); err != nil {
			return err
		}
	}
	if len(pieces) == 0 {
		return nil
	}
	move := keep(sub)
	move.CurrentEndAt = max(at, sub.CurrentStartAt)
	return b.moveSubscription(ctx, q, move)
}

// cut lets a period end where a piece of it begins; one that lies wholly after is dropped.
func cut(ctx context.Context, q *db.Queries, sub db.Subscription, s piece) error {
	var rows int64
	var err error
	if s.Start == s.RowStart {
		rows, err = q.PeriodDrop(ctx, db.PeriodDropParams{SubscriptionID: sub.ID, StartAt: s.RowStart})
	} else {
		rows, err = q.PeriodCut(ctx, db.PeriodCutParams{SubscriptionID: sub.ID, StartAt: s.RowStart, EndAt: s.Start, Net: s.Used})
	}
	if err != nil {
		return fmt.Errorf("cut a period of %s: %w", sub.ID, err)
	}
	if rows == 0 {
		return fmt.Errorf("cut a period of %s: %w", sub.ID, errNoPiece)
	}
	return nil
}

// errNoPiece says that a paid period is not as it was when a change was drawn.
var errNoPiece = errors.New("a paid period is not there any more")

// giveCredit writes a credit note whose money becomes the customer's credit.
func (b *Billing) giveCredit(ctx context.Context, q *db.Queries, n taking, reason string) (db.Invoice, error) {
	return b.giveBack(ctx, q, n.invoice, n.parts, refundTerms{reason: reason, policy: RefundAuto, to: BackToCredit})
}
