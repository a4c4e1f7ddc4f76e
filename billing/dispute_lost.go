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
	notes, paid, err := b.payNotes(ctx, q, inv, d.Amount)
	if err != nil {
		return err
	}
	left := d.Amount
	for _, e := range notes {
		left -= e.amount.Minor
	}
	entries := append([]entry{
		{account: moneyAt(d.Gateway), amount: money.New(d.Fee-s.Fee, cur)},
		{account: Fees(d.Gateway), amount: money.New(s.Fee, cur)},
		{account: Disputed(d.Gateway), amount: money.New(-d.Amount-d.Fee, cur)},
	}, notes...)
	brought, own, err := b.creditBrought(ctx, q, d)
	if err != nil {
		return err
	}
	taken := min(brought, own, left)
	more, err := b.chargeLost(ctx, q, d, inv, left-taken)
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
	return b.alarmLost(ctx, q, d, inv)
}

// payNotes pays what the credit notes of an invoice, and of those it stands for, owe with a lost
// amount: the entries, and the notes.
func (b *Billing) payNotes(ctx context.Context, q *db.Queries, inv db.Invoice, amount int64) (entries []entry, notes []string, err error) {
	invoices, err := family(ctx, q, inv.ID)
	if err != nil {
		return nil, nil, err
	}
	err = b.eachOwed(ctx, q, invoices, func(note db.Invoice, owed int64) error {
		part := min(owed, amount)
		amount -= part
		notes = append(notes, note.ID)
		entries = append(entries, entry{account: Receivable, amount: money.New(part, money.Currency(note.Currency)), invoiceID: note.ID})
		return nil
	})
	return entries, notes, err
}

// alarmLost has staff decide about what the customer has.
func (b *Billing) alarmLost(ctx context.Context, q *db.Queries, d db.Dispute, inv db.Invoice) error {
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "dispute_lost", Subject: d.ID,
		Message: fmt.Sprintf("The dispute of %s was lost; its invoice: %s. Decide about what the customer has.",
			disputedText(d), cmp.Or(string(b.policies.LostDispute), inv.State)),
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
func (b *Billing) chargeLost(ctx context.Context, q *db.Queries, d db.Dispute, inv db.Invoice, amount int64) ([]entry, error) {
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
		parts, err := spread(lines, money.New(amount, cur), cur)
		if err != nil {
			return nil, err
		}
		return b.writeOff(ctx, q, d, taking{invoice: inv, parts: parts})
	}
	rows, err := q.InvoiceReopen(ctx, db.InvoiceReopenParams{ID: inv.ID, Amount: amount, OldPaid: inv.Paid, NowAt: db.At(b.clock.Now())})
	if err != nil || rows == 0 {
		return nil, fmt.Errorf("open invoice %s again: %d rows: %w", inv.ID, rows, err)
	}
	return []entry{{account: Receivable, amount: money.New(amount, cur), invoiceID: inv.ID}}, nil
}

// writeOff gives a lost amount up with a credit note, so that no VAT stays due on it. The
// dispute keeps which, should it be won after all.
func (b *Billing) writeOff(ctx context.Context, q *db.Queries, d db.Dispute, t taking) ([]entry, error) {
	note, err := b.creditNote(ctx, q, t.invoice, t.parts, "The payment was disputed at the bank.")
	if err != nil {
		return nil, err
	}
	rows, err := q.DisputeNote(ctx, db.DisputeNoteParams{ID: d.ID, NoteID: note.ID})
	if err != nil || rows == 0 {
		return nil, fmt.Errorf("keep the credit note of dispute %s: %d rows: %w", d.ID, rows, err)
	}
	amount := money.New(-note.Gross, money.Currency(note.Currency))
	return []entry{{account: Receivable, amount: amount, invoiceID: note.ID}}, b.number(ctx, q, note)
}
