package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// A change is paid in two ways: by money for its invoice, and by what was paid for before and is
// not used any more. The invoice says that in a line for less than nothing, which names the older
// line; once it is paid, that much counts as taken back of the older line, as a credit note's line
// does. So no line is given back twice, whoever gives.

// unwind is what giving back parts of an invoice comes to, this invoice first. Its credit notes give
// back no more than the invoice stands for. What is beyond that was paid by older lines: their
// credit lines are taken back with it, and the older invoices give the money. It writes nothing.
func unwind(ctx context.Context, q *db.Queries, t taking) ([]taking, error) {
	return unwindWith(ctx, q, t, 0)
}

// unwindWith takes into account what of the invoice has, by then, been released by a newer one.
func unwindWith(ctx context.Context, q *db.Queries, t taking, released int64) ([]taking, error) {
	lines, err := q.InvoiceLines(ctx, t.invoice.ID)
	if err != nil {
		return nil, fmt.Errorf("lines of invoice %s: %w", t.invoice.ID, err)
	}
	standing := stands(lines) + released
	// Cents of VAT may be off between a line and the one that took it over: a note is never for
	// less than nothing.
	over := grossOf(t.parts) - max(standing, 0)
	t.parts = slices.Clone(t.parts)
	var credits []takeBack
	for _, l := range slices.Backward(lines) {
		if over <= 0 {
			break
		}
		if rest(l).gross() >= 0 || l.CorrectsLineID == "" || takes(t.parts, l) {
			continue
		}
		part, err := creditPart(l, min(over, -rest(l).gross()), money.Currency(t.invoice.Currency))
		if err != nil {
			return nil, err
		}
		over += part.gross()
		t.parts, credits = append(t.parts, part), append(credits, part)
	}
	older, err := unwindOlder(ctx, q, credits)
	return append([]taking{t}, older...), err
}

// takes is true where parts take something back of a line.
func takes(parts []takeBack, l db.InvoiceLine) bool {
	return slices.ContainsFunc(parts, func(p takeBack) bool { return p.line.ID == l.ID })
}

// unwindOlder is what the older lines give back whose credit lines are taken back: of each invoice
// together.
func unwindOlder(ctx context.Context, q *db.Queries, credits []takeBack) ([]taking, error) {
	var notes []taking
	released := map[string]int64{}
	for _, credit := range credits {
		line, inv, err := correctedBy(ctx, q, credit.line)
		if err != nil {
			return nil, err
		}
		free := releaseOf(line, credit)
		if free.net == 0 {
			continue
		}
		line.CreditedNet, line.CreditedVat = line.CreditedNet-free.net, line.CreditedVat-free.vat
		part, err := netPart(line, money.New(free.net, money.Currency(inv.Currency)))
		if err != nil {
			return nil, err
		}
		released[inv.ID] += free.gross()
		k := slices.IndexFunc(notes, func(n taking) bool { return n.invoice.ID == inv.ID })
		if k < 0 {
			k, notes = len(notes), append(notes, taking{invoice: inv})
		}
		notes[k].parts = append(notes[k].parts, part)
	}
	var all []taking
	for _, n := range notes {
		more, err := unwindWith(ctx, q, n, released[n.invoice.ID])
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// correctedBy is the older line that a credit line gives back, and its invoice.
func correctedBy(ctx context.Context, q *db.Queries, credit db.InvoiceLine) (db.InvoiceLine, db.Invoice, error) {
	line, err := q.InvoiceLineByID(ctx, credit.CorrectsLineID)
	if err != nil {
		return line, db.Invoice{}, fmt.Errorf("line %s that %s gives back: %w", credit.CorrectsLineID, credit.ID, err)
	}
	inv, err := invoiceRow(ctx, q, line.InvoiceID)
	return line, inv, err
}

// releaseOf is what is the older line's again when a part of its credit line is taken back. The two
// may have been taxed in different ways: of VAT no more than was counted.
func releaseOf(older db.InvoiceLine, credit takeBack) takeBack {
	return takeBack{line: older, net: min(-credit.net, older.CreditedNet), vat: max(0, min(-credit.vat, older.CreditedVat))}
}

// creditPart is a gross amount of what is left of a credit line, split into net and VAT at its rate:
// both are less than nothing. All that is left is taken exactly.
func creditPart(l db.InvoiceLine, gross int64, cur money.Currency) (takeBack, error) {
	left := rest(l)
	if gross >= -left.gross() {
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
	t := takeBack{line: l, net: max(-net.Minor, left.net)}
	t.vat = max(-gross-t.net, left.vat)
	t.net = -gross - t.vat
	return t, nil
}

// takePart counts on its line what a credit note takes back of it. A credit line that is taken back
// releases the older line; a change that is not paid yet and counts on more than is left is
// withdrawn.
func (b *Billing) takePart(ctx context.Context, q *db.Queries, p takeBack) error {
	if err := takeLine(ctx, q, p); err != nil {
		return err
	}
	if p.net < 0 && p.line.CorrectsLineID != "" {
		return release(ctx, q, p)
	}
	return b.dropGroundless(ctx, q, p.line.ID)
}

func release(ctx context.Context, q *db.Queries, credit takeBack) error {
	older, _, err := correctedBy(ctx, q, credit.line)
	if err != nil {
		return err
	}
	free := releaseOf(older, credit)
	rows, err := q.InvoiceLineRelease(ctx, db.InvoiceLineReleaseParams{ID: older.ID, Net: free.net, Vat: free.vat})
	if err != nil || rows == 0 {
		return fmt.Errorf("release invoice line %s: %d rows: %w", older.ID, rows, err)
	}
	return nil
}

// dropGroundless withdraws the changes that count on more of a line than is left of it. One whose
// payment has begun is left to what becomes of that: paid, its money is given back as credit.
func (b *Billing) dropGroundless(ctx context.Context, q *db.Queries, lineID string) error {
	counting, err := q.InvoiceLinesCounting(ctx, lineID)
	if err != nil || len(counting) == 0 {
		return wrap(err, "changes that count on line "+lineID)
	}
	line, err := q.InvoiceLineByID(ctx, lineID)
	if err != nil {
		return fmt.Errorf("line %s: %w", lineID, err)
	}
	for _, c := range counting {
		if c.Net <= rest(line).net {
			continue
		}
		err := b.withdrawInvoice(ctx, q, c.InvoiceID)
		if err != nil && !fault.Is(err, "payment_processing") && !fault.Is(err, "payment_in_progress") {
			return err
		}
	}
	return nil
}

// countCredits takes what the credit lines of an invoice give back of the older lines they name:
// the guard is the one of every credit note. Fault code "over_refund" where something is gone.
func countCredits(ctx context.Context, q *db.Queries, invoiceID string) error {
	lines, err := q.InvoiceLines(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("lines of invoice %s: %w", invoiceID, err)
	}
	for _, l := range lines {
		if l.Net >= 0 || l.CorrectsLineID == "" {
			continue
		}
		older, _, err := correctedBy(ctx, q, l)
		if err != nil {
			return err
		}
		if err := takeLine(ctx, q, takeBack{line: older, net: -l.Net, vat: max(0, min(-l.Vat, rest(older).vat))}); err != nil {
			return err
		}
	}
	return nil
}
