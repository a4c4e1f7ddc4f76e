package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/money"
)

// reverseDispute books that a lost dispute was won after all: the money is back, and what its
// loss had done is undone, once. The invoice that was opened again is paid by it, what was
// written off with a credit note is billed anew and paid, credit that was taken is given back,
// and a bad debt is none. What the customer has paid or been given otherwise meanwhile is their
// credit.
func (b *Billing) reverseDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	move := moveOf(d)
	move.State, move.Fee, move.CheckAt, move.ClosedAt = string(DisputeWon), s.Fee, 0, db.At(b.clock.Now())
	if err := b.moveDispute(ctx, q, move); err != nil {
		return err
	}
	if err := b.events.Clear(ctx, q, "dispute_lost", d.ID); err != nil {
		return err
	}
	undone, err := b.undoLost(ctx, q, d)
	if err != nil {
		return err
	}
	cur := money.Currency(d.Currency)
	back := money.New(d.Fee-s.Fee, cur)
	err = b.post(ctx, q, posting{
		kind: "dispute_reversed", subject: d.ID, customerID: d.CustomerID, invoiceID: d.InvoiceID,
		entries: append([]entry{
			{account: moneyAt(d.Gateway), amount: money.New(d.Amount, cur).Add(back)},
			{account: Fees(d.Gateway), amount: back.Neg()},
		}, undone.entries...),
	})
	if err != nil {
		return err
	}
	if err := b.takeDisputed(ctx, q, d, -d.Amount); err != nil {
		return err
	}
	if err := b.payUndone(ctx, q, d, undone); err != nil {
		return err
	}
	if err := b.decided(ctx, q, "dispute.won", d); err != nil {
		return err
	}
	for _, anew := range undone.anew { // last, as its number is the lock of its series
		if err := b.close(ctx, q, anew); err != nil {
			return err
		}
	}
	return nil
}

// undoing is what undoes a lost dispute.
type undoing struct {
	entries []entry
	// reopened are the invoices that are paid by it.
	reopened []paidAgain
	// anew are the invoices that bill again what was written off.
	anew []db.Invoice
}

// paidAgain is an invoice and what of a dispute pays it, in minor units.
type paidAgain struct {
	invoice db.Invoice
	part    int64
}

// undoLost says what undoes each entry that the loss has booked.
func (b *Billing) undoLost(ctx context.Context, q *db.Queries, d db.Dispute) (u undoing, err error) {
	booked, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: "dispute_lost", Subject: d.ID})
	if err != nil {
		return u, fmt.Errorf("posting of the lost dispute %s: %w", d.ID, err)
	}
	written, err := q.DisputeNotes(ctx, d.ID)
	if err != nil {
		return u, fmt.Errorf("credit notes of dispute %s: %w", d.ID, err)
	}
	for _, e := range booked {
		amount := money.New(e.Amount, money.Currency(d.Currency))
		switch Account(e.Account) {
		case Receivable:
			err = b.undoOwed(ctx, q, e, written, &u)
		case Credit:
			u.entries = append(u.entries, entry{account: Credit, amount: amount.Neg()})
		case BadDebt:
			u.entries = append(u.entries, entry{account: BadDebt, amount: amount.Neg()})
		}
		if err != nil {
			return u, err
		}
	}
	return u, nil
}

// undoOwed undoes what the loss took from a document: a credit note that it had paid, one that
// wrote it off, or an invoice that it opened again, which may have been given up since.
func (b *Billing) undoOwed(ctx context.Context, q *db.Queries, e db.LedgerEntry, written []string, u *undoing) error {
	cur, left := money.Currency(e.Currency), e.Amount
	inv, err := invoiceRow(ctx, q, e.InvoiceID)
	if err != nil {
		return err
	}
	switch {
	case slices.Contains(written, inv.ID):
		anew, err := b.billAnew(ctx, q, inv)
		if err != nil {
			return err
		}
		u.anew = append(u.anew, anew)
		u.entries = append(u.entries, entry{account: Receivable, amount: money.New(-left, cur), invoiceID: anew.ID})
		left = 0
	case inv.Document == "invoice" && inv.State == string(InvoiceOpen):
		part := min(left, inv.Gross-inv.Paid)
		u.reopened = append(u.reopened, paidAgain{invoice: inv, part: part})
		u.entries = append(u.entries, entry{account: Receivable, amount: money.New(-part, cur), invoiceID: inv.ID})
		left -= part
	case inv.State == string(InvoiceUncollectible):
		part := min(left, inv.Gross-inv.Paid)
		split := money.New(part, cur).Split([]int64{inv.Net, inv.Vat})
		u.entries = append(u.entries, entry{account: BadDebt, amount: split[0].Neg()}, entry{account: BadDebtVAT, amount: split[1].Neg()})
		left -= part
	}
	u.entries = append(u.entries, entry{account: Credit, amount: money.New(-left, cur)})
	return nil
}

// billAnew writes and books an invoice over what a credit note took back. It corrects that note,
// so that a refund of it goes back by the payment that brought the money first.
func (b *Billing) billAnew(ctx context.Context, q *db.Queries, note db.Invoice) (db.Invoice, error) {
	old, err := invoiceRow(ctx, q, note.CorrectsID)
	if err != nil {
		return db.Invoice{}, err
	}
	lines, err := q.InvoiceLines(ctx, note.ID)
	if err != nil {
		return db.Invoice{}, fmt.Errorf("lines of credit note %s: %w", note.ID, err)
	}
	parts := make([]takeBack, 0, len(lines))
	for _, l := range lines {
		parts = append(parts, takeBack{line: l, net: l.Net, vat: l.Vat})
	}
	doc := b.drawNote(note, parts, "The bank has taken its decision about the dispute back.")
	doc.head.ID, doc.head.Document, doc.head.Kind = b.store.NewID("inv"), "invoice", old.Kind
	for i := range doc.lines {
		doc.lines[i].InvoiceID, doc.lines[i].CorrectsLineID = doc.head.ID, ""
	}
	if err := b.write(ctx, q, doc); err != nil {
		return db.Invoice{}, err
	}
	anew, err := invoiceRow(ctx, q, doc.head.ID)
	if err != nil {
		return db.Invoice{}, err
	}
	return anew, b.postSale(ctx, q, anew)
}

// payUndone counts what the invoices that were opened again are paid by.
func (b *Billing) payUndone(ctx context.Context, q *db.Queries, d db.Dispute, u undoing) error {
	if len(u.reopened) == 0 {
		return nil
	}
	p, err := paymentRow(ctx, q, d.PaymentID)
	if err != nil {
		return err
	}
	for _, r := range u.reopened {
		if err := b.count(ctx, q, p, r.invoice, r.part); err != nil {
			return err
		}
	}
	return nil
}
