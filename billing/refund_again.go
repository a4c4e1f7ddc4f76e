package billing

import (
	"context"

	"hostfront/db"
	"hostfront/money"
)

// refundAgain sends what an open credit note still owes: a refund of it has failed at the
// provider, and the money is the shop's again until it is sent anew. No second credit note
// is made.
func (b *Billing) refundAgain(ctx context.Context, q *db.Queries, note db.Invoice, p RefundParams) (Invoice, error) {
	owed, err := b.owedOn(ctx, q, note.ID)
	if err != nil {
		return Invoice{}, err
	}
	if p.To == BackToCredit && note.Purpose != purposeCredit {
		waits, err := b.waitsForDispute(ctx, q, note, owed)
		if err != nil {
			return Invoice{}, err
		}
		owed -= waits
	}
	cur := money.Currency(note.Currency)
	left := money.New(owed, cur)
	want := p.Amount
	if want.IsZero() {
		want = left
	}
	if note.State != string(InvoiceOpen) || !want.IsPositive() || want.Currency != cur || want.Minor > left.Minor {
		return Invoice{}, errOverRefund(left)
	}
	if err := b.sendAgain(ctx, q, note, want, p); err != nil {
		return Invoice{}, err
	}
	if err := b.owedAnswered(ctx, q, note.ID); err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, note.ID)
}

// sendAgain gives what a credit note still owes, by the way it came or as credit.
func (b *Billing) sendAgain(ctx context.Context, q *db.Queries, note db.Invoice, want money.Amount, p RefundParams) error {
	if p.To == BackToCredit {
		if err := b.toCredit(ctx, q, note, want.Minor); err != nil {
			return err
		}
		return b.closeNote(ctx, q, note.ID)
	}
	var sent int64
	var err error
	if note.Purpose == purposeCredit {
		sent, err = b.sendCredit(ctx, q, note.CustomerID, want.Minor, db.RefundInsertParams{CreditNoteID: note.ID, Reason: p.Reason})
	} else {
		sent, err = b.sendBack(ctx, q, note, want.Minor, refundTerms{reason: p.Reason, policy: RefundAuto})
	}
	if err == nil && sent < want.Minor {
		err = errOverRefund(money.New(sent, want.Currency))
	}
	return err
}
