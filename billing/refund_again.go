package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

// refundAgain sends what an open credit note still owes: a refund of it has failed at the
// provider, and the money is the shop's again until it is sent anew. No second credit note
// is made.
func (b *Billing) refundAgain(ctx context.Context, q *db.Queries, note db.Invoice, p RefundParams) (Invoice, error) {
	refunds, err := q.RefundsByCreditNote(ctx, note.ID)
	if err != nil {
		return Invoice{}, fmt.Errorf("refunds of %s: %w", note.ID, err)
	}
	owed, err := q.LedgerInvoice(ctx, note.ID)
	if err != nil {
		return Invoice{}, fmt.Errorf("what is owed on %s: %w", note.ID, err)
	}
	cur := money.Currency(note.Currency)
	left := money.New(-owed, cur)
	for _, r := range refunds {
		if r.State == string(refundPending) {
			left.Minor -= r.Amount
		}
	}
	want := p.Amount
	if want.IsZero() {
		want = left
	}
	if note.State != string(InvoiceOpen) || !want.IsPositive() || want.Currency != cur || want.Minor > left.Minor {
		return Invoice{}, errOverRefund(left)
	}
	sent, err := b.sendBack(ctx, q, note, want.Minor, refundTerms{reason: p.Reason, policy: RefundAuto})
	if err != nil {
		return Invoice{}, err
	}
	if sent < want.Minor {
		return Invoice{}, errOverRefund(money.New(sent, cur))
	}
	for _, r := range refunds {
		if err := b.events.Clear(ctx, q, "refund_failed", r.ID); err != nil {
			return Invoice{}, err
		}
	}
	return b.Invoice(ctx, q, note.ID)
}
