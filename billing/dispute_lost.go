package billing

import (
	"context"
	"fmt"
	"slices"

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
// chooses; what is more than money still pays of the invoice, as where it bought credit or was
// refunded to it, comes off the customer's own credit, and beyond that it is lost.
func (b *Billing) lostDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	cur := money.Currency(d.Currency)
	inv, err := invoiceRow(ctx, q, d.InvoiceID)
	if err != nil {
		return err
	}
	invoices, err := inForce(ctx, q, inv)
	if err != nil {
		return err
	}
	inv = invoices[len(invoices)-1]
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
	most, err := paidWithMoney(ctx, q, inv.ID)
	if err != nil {
		return err
	}
	taken := min(brought, own, left)
	more, written, err := b.chargeLost(ctx, q, d, invoices, min(left-taken, most))
	if err != nil {
		return err
	}
	for _, e := range more {
		left -= e.amount.Minor
	}
	paid = append(paid, written...)
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
	return b.alarmLost(ctx, q, d, len(more) > len(written), len(written) > 0)
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

// paidWithMoney is what is paid of an invoice, and of those it stands for, and was not paid with
// credit that was given: no more of it is owed again. Were it, a credit note of it later would find
// too little to give the grants back what is theirs.
func paidWithMoney(ctx context.Context, q *db.Queries, invoiceID string) (int64, error) {
	invoices, err := family(ctx, q, invoiceID)
	if err != nil {
		return 0, err
	}
	paid, err := standsWithChanges(ctx, q, invoices)
	if err != nil {
		return 0, err
	}
	for _, id := range invoices {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil {
			return 0, err
		}
		if inv.State == string(InvoiceOpen) {
			paid -= inv.Gross - inv.Paid
		}
	}
	given, err := givenUsed(ctx, q, invoices)
	return max(paid-given, 0), err
}

// alarmLost has staff decide about what the customer has.
func (b *Billing) alarmLost(ctx context.Context, q *db.Queries, d db.Dispute, owed, written bool) error {
	became := "no invoice bears it"
	switch {
	case owed:
		became = "its invoice is owed again"
	case written:
		became = "its invoice is written off"
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "dispute_lost", Subject: d.ID,
		Message: fmt.Sprintf("The dispute of %s was lost; %s. Decide about what the customer has.", disputedText(d), became),
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

// chargeLost decides what of a lost amount the invoices in force bear, the newest first: the entries
// that take it, and the credit notes that write it off. An invoice bears no more than what is paid of
// it; one that is open is owed, whatever the shop chooses. What was paid for credit bears nothing: the
// credit does.
func (b *Billing) chargeLost(ctx context.Context, q *db.Queries, d db.Dispute, invoices []db.Invoice, amount int64) (entries []entry, notes []string, err error) {
	for _, inv := range slices.Backward(invoices) {
		lines, err := q.InvoiceLines(ctx, inv.ID)
		if err != nil {
			return nil, nil, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
		}
		part := min(amount, stands(lines)-(inv.Gross-inv.Paid), inv.Paid)
		if part <= 0 || !isDue(inv) || inv.Purpose == purposeCredit {
			continue
		}
		amount -= part
		bears := inv.ID
		if b.policies.LostDispute == LostCreditNote && inv.State == string(InvoicePaid) {
			if bears, err = b.writeOff(ctx, q, d, inv, part); err != nil {
				return nil, nil, err
			}
			notes = append(notes, bears)
		} else if err := b.oweAgain(ctx, q, inv, part); err != nil {
			return nil, nil, err
		}
		entries = append(entries, entry{account: Receivable, amount: money.New(part, money.Currency(inv.Currency)), invoiceID: bears})
	}
	return entries, notes, nil
}

// isDue is true of an invoice that is paid or still to be: of one that was given up nothing is owed.
func isDue(inv db.Invoice) bool {
	return inv.State == string(InvoicePaid) || inv.State == string(InvoiceOpen)
}

// oweAgain has a customer owe a part of what was paid of an invoice. One that is open goes on as it
// is, with more due: the days it was given to pay have begun before.
func (b *Billing) oweAgain(ctx context.Context, q *db.Queries, inv db.Invoice, part int64) (err error) {
	rows := int64(0)
	if inv.State == string(InvoiceOpen) {
		rows, err = q.InvoiceOweMore(ctx, db.InvoiceOweMoreParams{ID: inv.ID, Amount: part, OldPaid: inv.Paid})
	} else {
		rows, err = q.InvoiceReopen(ctx, db.InvoiceReopenParams{ID: inv.ID, Amount: part, OldPaid: inv.Paid, NowAt: db.At(b.clock.Now())})
	}
	if err != nil || rows == 0 {
		return fmt.Errorf("owe invoice %s again: %d rows: %w", inv.ID, rows, err)
	}
	return nil
}

// writeOff gives a lost amount of an invoice up with a credit note, so that no VAT stays due on it.
// The dispute keeps which, should it be won after all.
func (b *Billing) writeOff(ctx context.Context, q *db.Queries, d db.Dispute, inv db.Invoice, amount int64) (noteID string, err error) {
	cur := money.Currency(inv.Currency)
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return "", fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	parts, err := spread(lines, money.New(amount, cur), cur)
	if err != nil {
		return "", err
	}
	note, err := b.creditNote(ctx, q, inv, parts, "The payment was disputed at the bank.")
	if err != nil {
		return "", err
	}
	if err := q.DisputeNote(ctx, db.DisputeNoteParams{NoteID: note.ID, DisputeID: d.ID}); err != nil {
		return "", fmt.Errorf("keep the credit note of dispute %s: %w", d.ID, err)
	}
	return note.ID, b.number(ctx, q, note)
}
