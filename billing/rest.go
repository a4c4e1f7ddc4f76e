package billing

import (
	"context"
	"errors"
	"fmt"

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
	// LineID is the line that a change takes the unused part of.
	LineID string `json:"line_id,omitempty"`
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

// creditable is the line that a piece was paid by, in the invoice that is in force, and how
// much of its net can still be taken back.
func creditable(ctx context.Context, q *db.Queries, sub db.Subscription, s piece) (db.Invoice, db.InvoiceLine, error) {
	if s.InvoiceID == "" {
		return db.Invoice{}, db.InvoiceLine{}, nil
	}
	inv, err := invoiceRow(ctx, q, s.InvoiceID)
	if err == nil {
		inv, err = inForce(ctx, q, inv)
	}
	if err != nil {
		return db.Invoice{}, db.InvoiceLine{}, err
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return db.Invoice{}, db.InvoiceLine{}, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	for _, l := range lines {
		ours := l.SubscriptionID == sub.ID || (sub.OrderLineID != "" && l.Subject == sub.OrderLineID)
		if ours && l.Net > 0 && (l.StartAt.IsZero() || l.StartAt <= s.Start && s.Start < l.EndAt) {
			return inv, l, nil
		}
	}
	return inv, db.InvoiceLine{}, nil
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
		inv, line, err := creditable(ctx, q, sub, pieces[i])
		if err != nil {
			return nil, err
		}
		if line.ID == "" {
			continue
		}
		if _, seen := left[line.ID]; !seen {
			left[line.ID] = max(0, line.Net-line.CreditedNet)
		}
		amount := min(pieces[i].Unused, net, left[line.ID])
		if amount == 0 {
			continue
		}
		net, left[line.ID] = net-amount, left[line.ID]-amount
		notes = addTaking(notes, inv, line, amount)
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
