package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// closeDispute books how a dispute has ended.
func (b *Billing) closeDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) error {
	move := moveOf(d)
	move.State, move.Fee, move.CheckAt, move.ClosedAt = string(s.State), s.Fee, 0, db.At(b.clock.Now())
	taken := d.State == string(DisputeOpen)
	if s.State == DisputeLost {
		move.Outcome, move.CheckAt = string(b.policies.LostDispute), move.ClosedAt.Add(reversalEvery)
	}
	if err := b.moveDispute(ctx, q, move); err != nil {
		return err
	}
	if err := b.events.Clear(ctx, q, "dispute_open", d.ID); err != nil {
		return err
	}
	if !taken {
		return nil // an inquiry that came to nothing
	}
	end, kind := b.wonDispute, "dispute.won"
	if s.State == DisputeLost {
		end, kind = b.lostDispute, "dispute.lost"
	}
	if err := end(ctx, q, d, s); err != nil {
		return err
	}
	return b.decided(ctx, q, kind, d)
}

// decided tells the customer how a dispute has ended. With no other one open, what was not
// charged meanwhile is charged now.
func (b *Billing) decided(ctx context.Context, q *db.Queries, kind string, d db.Dispute) error {
	if err := b.tellDispute(ctx, q, kind, d); err != nil {
		return err
	}
	open, err := q.DisputeOpenOfCustomer(ctx, d.CustomerID)
	if err != nil {
		return fmt.Errorf("disputes of %s: %w", d.CustomerID, err)
	}
	if len(open) > 0 {
		return nil
	}
	return b.collectOpen(ctx, q, d.CustomerID, undisputed)
}

// tellDispute tells that a dispute was opened or decided, and of which invoice that is in force.
func (b *Billing) tellDispute(ctx context.Context, q *db.Queries, kind string, d db.Dispute) error {
	inv, err := invoiceRow(ctx, q, d.InvoiceID)
	if err != nil {
		return err
	}
	invoices, err := inForce(ctx, q, inv)
	if err != nil {
		return err
	}
	inv = toTell(invoices)
	return b.events.Emit(ctx, q, event.Params{Kind: kind, Subject: d.ID, CustomerID: d.CustomerID, Data: disputeData{
		DisputeID: d.ID, InvoiceID: inv.ID, Amount: money.New(d.Amount, money.Currency(d.Currency)),
	}})
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

// sendWaiting gives what credit notes owe that had to wait for the dispute: by the way the money
// came, or as credit where that was said.
func (b *Billing) sendWaiting(ctx context.Context, q *db.Queries, d db.Dispute) error {
	invoices, err := family(ctx, q, d.InvoiceID)
	if err != nil {
		return err
	}
	return b.eachOwed(ctx, q, invoices, func(note db.Invoice, owed int64) error {
		credit, err := q.NotesToCredit(ctx, note.ID)
		if err != nil {
			return fmt.Errorf("where the money of credit note %s goes: %w", note.ID, err)
		}
		if len(credit) > 0 {
			return b.creditWaiting(ctx, q, note, owed)
		}
		sent, err := b.sendBack(ctx, q, note, owed, refundTerms{reason: note.Reason, policy: RefundAuto})
		if err != nil {
			return err
		}
		if err := b.creditUnsent(ctx, q, note, owed-sent); err != nil {
			return err
		}
		return b.owedAnswered(ctx, q, note.ID)
	})
}

// creditUnsent gives as credit what of a credit note no payment can take back any more, such as one
// that has gone back as the customer's credit, and that no operator is asked about.
func (b *Billing) creditUnsent(ctx context.Context, q *db.Queries, note db.Invoice, owed int64) error {
	failed, err := b.failedOn(ctx, q, note.ID)
	if err != nil {
		return err
	}
	for _, r := range failed {
		owed -= r.Amount
	}
	return b.creditWaiting(ctx, q, note, owed)
}

// creditWaiting gives as credit what of a credit note waits for no dispute any more.
func (b *Billing) creditWaiting(ctx context.Context, q *db.Queries, note db.Invoice, owed int64) error {
	waits, err := b.waitsForDispute(ctx, q, note, owed)
	if err != nil || owed <= waits {
		return err
	}
	if err := b.toCredit(ctx, q, note, owed-waits); err != nil {
		return err
	}
	return b.closeNote(ctx, q, note.ID)
}

// eachOwed calls fn for the credit notes of invoices that owe something which is not on its way,
// the oldest of each first.
func (b *Billing) eachOwed(ctx context.Context, q *db.Queries, invoices []string, fn func(note db.Invoice, owed int64) error) error {
	for _, id := range invoices {
		notes, err := q.InvoiceCorrections(ctx, id)
		if err != nil {
			return fmt.Errorf("credit notes of %s: %w", id, err)
		}
		if err := b.eachOwing(ctx, q, notes, fn); err != nil {
			return err
		}
	}
	return nil
}

func (b *Billing) eachOwing(ctx context.Context, q *db.Queries, notes []db.Invoice, fn func(note db.Invoice, owed int64) error) error {
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
