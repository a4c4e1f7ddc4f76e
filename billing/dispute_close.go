package billing

import (
	"cmp"
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// LostPolicy says what becomes of an invoice whose money a lost dispute has taken.
type LostPolicy string

// The policies: the customer owes it again, or it is written off with a credit note.
const (
	LostReopen     LostPolicy = "reopen"
	LostCreditNote LostPolicy = "credit_note"
)

// closeDispute books how a dispute has ended.
func (b *Billing) closeDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	move := moveOf(d)
	move.State, move.Fee, move.CheckAt, move.ClosedAt = string(s.State), s.Fee, 0, db.At(b.clock.Now())
	taken := d.State == string(DisputeOpen)
	if s.State == DisputeLost {
		move.Outcome = string(b.policies.LostDispute)
	}
	if err := b.moveDispute(ctx, q, move); err != nil {
		return err
	}
	if err := b.events.Clear(ctx, q, "dispute_open", d.ID); err != nil {
		return err
	}
	switch {
	case !taken:
		return nil // an inquiry that came to nothing
	case s.State == DisputeWon:
		return b.wonDispute(ctx, q, d, s)
	}
	return b.lostDispute(ctx, q, d, s)
}

// wonDispute brings the money back, and what the provider returns of its fee.
func (b *Billing) wonDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	cur := money.Currency(d.Currency)
	err := b.post(ctx, q, posting{
		kind: "dispute_won", subject: d.ID, customerID: d.CustomerID, invoiceID: d.InvoiceID,
		entries: []entry{
			{account: moneyAt(d.Gateway), amount: money.New(d.Amount+d.Fee-s.Fee, cur)},
			{account: Fees(d.Gateway), amount: money.New(s.Fee, cur)},
			{account: Disputed(d.Gateway), amount: money.New(-d.Amount-d.Fee, cur)},
		},
	})
	if err != nil {
		return err
	}
	if err := b.takeDisputed(ctx, q, d, -d.Amount); err != nil {
		return err
	}
	return b.sendWaiting(ctx, q, d)
}

// sendWaiting sends back what credit notes owe that had to wait for the dispute.
func (b *Billing) sendWaiting(ctx context.Context, q *db.Queries, d db.Dispute) error {
	inv, err := invoiceRow(ctx, q, d.InvoiceID)
	if err == nil {
		inv, err = inForce(ctx, q, inv)
	}
	if err != nil {
		return err
	}
	return b.eachOwed(ctx, q, inv.ID, func(note db.Invoice, owed int64) error {
		_, err := b.sendBack(ctx, q, note, owed, refundTerms{reason: note.Reason, policy: RefundAuto})
		return err
	})
}

// eachOwed calls fn for the credit notes of an invoice that owe something which is not on its
// way, the oldest first.
func (b *Billing) eachOwed(ctx context.Context, q *db.Queries, invoiceID string, fn func(note db.Invoice, owed int64) error) error {
	notes, err := q.InvoiceCorrections(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("credit notes of %s: %w", invoiceID, err)
	}
	for _, note := range notes {
		if note.State != string(InvoiceOpen) {
			continue
		}
		owed, err := b.owedOn(ctx, q, note.ID)
		if err != nil {
			return err
		}
		if owed > 0 {
			if err := fn(note, owed); err != nil {
				return err
			}
		}
	}
	return nil
}

// owedOn is what a credit note owes, less what is on its way.
func (b *Billing) owedOn(ctx context.Context, q *db.Queries, noteID string) (int64, error) {
	balance, err := q.LedgerInvoice(ctx, noteID)
	if err != nil {
		return 0, fmt.Errorf("what is owed on %s: %w", noteID, err)
	}
	refunds, err := q.RefundsByCreditNote(ctx, noteID)
	if err != nil {
		return 0, fmt.Errorf("refunds of %s: %w", noteID, err)
	}
	owed := -balance
	for _, r := range refunds {
		if r.State == string(refundPending) {
			owed -= r.Amount
		}
	}
	return owed, nil
}

// lostDispute books where the money of a lost dispute went: the customer has it. It pays what
// credit notes of the invoice owed them; then the credit that this payment brought, as where an
// invoice was paid twice, is taken back. The rest is owed again or written off, as the shop
// chooses; what is more than the invoice still stands for, as where it bought credit or was
// refunded to it, comes off the customer's own credit, and beyond that it is lost.
func (b *Billing) lostDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	cur := money.Currency(d.Currency)
	inv, err := invoiceRow(ctx, q, d.InvoiceID)
	if err == nil {
		inv, err = inForce(ctx, q, inv)
	}
	if err != nil {
		return err
	}
	left := d.Amount
	entries := []entry{
		{account: moneyAt(d.Gateway), amount: money.New(d.Fee-s.Fee, cur)},
		{account: Fees(d.Gateway), amount: money.New(s.Fee, cur)},
		{account: Disputed(d.Gateway), amount: money.New(-d.Amount-d.Fee, cur)},
	}
	var paid []string
	err = b.eachOwed(ctx, q, inv.ID, func(note db.Invoice, owed int64) error {
		part := min(owed, left)
		left -= part
		paid = append(paid, note.ID)
		entries = append(entries, entry{account: Receivable, amount: money.New(part, cur), invoiceID: note.ID})
		return nil
	})
	if err != nil {
		return err
	}
	brought, own, err := b.creditBrought(ctx, q, d)
	if err != nil {
		return err
	}
	taken := min(brought, own, left)
	more, err := b.chargeLost(ctx, q, inv, left-taken)
	if err != nil {
		return err
	}
	for _, e := range more {
		left -= e.amount.Minor
		if e.invoiceID != inv.ID {
			paid = append(paid, e.invoiceID)
		}
	}
	taken = min(own, left)
	entries = append(append(entries, more...),
		entry{account: Credit, amount: money.New(taken, cur)}, entry{account: BadDebt, amount: money.New(left-taken, cur)})
	err = b.post(ctx, q, posting{kind: "dispute_lost", subject: d.ID, customerID: d.CustomerID, invoiceID: inv.ID, entries: entries})
	if err != nil {
		return err
	}
	for _, id := range paid {
		if err := b.closeNote(ctx, q, id); err != nil {
			return err
		}
	}
	return b.tellLost(ctx, q, d, inv)
}

func (b *Billing) tellLost(ctx context.Context, q *db.Queries, d db.Dispute, inv db.Invoice) error {
	if err := b.events.Emit(ctx, q, event.Params{Kind: "dispute.lost", Subject: d.ID, CustomerID: d.CustomerID, Data: disputeData{d.ID, inv.ID}}); err != nil {
		return err
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "dispute_lost", Subject: d.ID,
		Message: fmt.Sprintf("The dispute of %s was lost; its invoice: %s. Decide about what the customer has.",
			money.New(d.Amount, money.Currency(d.Currency)), cmp.Or(string(b.policies.LostDispute), inv.State)),
	})
}

// creditBrought is what a disputed payment brought beyond what was due, and what its customer
// has of credit of their own, in minor units.
func (b *Billing) creditBrought(ctx context.Context, q *db.Queries, d db.Dispute) (brought, own int64, err error) {
	rows, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: "payment", Subject: d.PaymentID})
	if err != nil {
		return 0, 0, fmt.Errorf("posting of payment %s: %w", d.PaymentID, err)
	}
	for _, r := range rows {
		if r.Account == string(Credit) {
			brought -= r.Amount
		}
	}
	left, err := b.leftOf(ctx, q, d.CustomerID)
	return max(brought, 0), max(left[""], 0), err
}

// chargeLost decides what of a lost amount its invoice bears: the entries that take it. What was
// paid for credit bears nothing: the credit does.
func (b *Billing) chargeLost(ctx context.Context, q *db.Queries, inv db.Invoice, amount int64) ([]entry, error) {
	cur := money.Currency(inv.Currency)
	if inv.Purpose == purposeCredit {
		return nil, nil
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return nil, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	amount = min(amount, stands(lines), inv.Paid)
	if amount <= 0 || inv.State != string(InvoicePaid) {
		return nil, nil
	}
	if b.policies.LostDispute == LostCreditNote {
		return b.writeOff(ctx, q, inv, lines, money.New(amount, cur))
	}
	rows, err := q.InvoiceReopen(ctx, db.InvoiceReopenParams{ID: inv.ID, Amount: amount, OldPaid: inv.Paid, NowAt: db.At(b.clock.Now())})
	if err != nil || rows == 0 {
		return nil, fmt.Errorf("open invoice %s again: %d rows: %w", inv.ID, rows, err)
	}
	return []entry{{account: Receivable, amount: money.New(amount, cur), invoiceID: inv.ID}}, nil
}

// writeOff gives a lost amount up with a credit note, so that no VAT stays due on it.
func (b *Billing) writeOff(ctx context.Context, q *db.Queries, inv db.Invoice, lines []db.InvoiceLine, amount money.Amount) ([]entry, error) {
	parts, err := spread(lines, amount, amount.Currency)
	if err != nil {
		return nil, err
	}
	note, err := b.creditNote(ctx, q, inv, parts, "The payment was disputed at the bank.")
	if err != nil {
		return nil, err
	}
	return []entry{{account: Receivable, amount: amount, invoiceID: note.ID}}, b.number(ctx, q, note)
}
