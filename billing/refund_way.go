package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/money"
)

// wayBack is a payment and how much of what is owed it may take back, in minor units.
type wayBack struct {
	payment db.Payment
	most    int64
}

// unreturned is what has not gone back of a payment, nor was taken back by a dispute.
func unreturned(p db.Payment) int64 { return p.Received - p.Refunded - p.Disputed }

// returnMoney gives a customer what a credit note owes: what was given goes back to its grants,
// money the way it came, as far as that paid the invoice, and the rest to the customer's credit.
// It gives what is on its way, or waits for a dispute: that becomes neither money nor credit before
// the dispute is decided.
func (b *Billing) returnMoney(ctx context.Context, q *db.Queries, note db.Invoice, owed int64, terms refundTerms) (pending int64, err error) {
	given, err := b.mustGoToGrants(ctx, q, note)
	if err != nil {
		return 0, err
	}
	by := max(owed-given, 0)
	if terms.to != BackToCredit {
		if pending, err = b.sendBack(ctx, q, note, by, terms); err != nil {
			return 0, err
		}
	}
	waits, err := b.waitsForDispute(ctx, q, note, by-pending)
	if err != nil {
		return 0, err
	}
	if waits > 0 && terms.to == BackToCredit {
		if err := q.NoteToCredit(ctx, note.ID); err != nil {
			return 0, fmt.Errorf("keep that credit note %s becomes credit: %w", note.ID, err)
		}
	}
	pending += waits
	if left := owed - pending; left > 0 {
		return pending, b.toCredit(ctx, q, note, left)
	}
	return pending, nil
}

// mustGoToGrants is what credit that was given has paid of an invoice beyond what a credit note
// leaves of it, and what changes took over: it goes back to the grants, and never becomes money.
func (b *Billing) mustGoToGrants(ctx context.Context, q *db.Queries, note db.Invoice) (int64, error) {
	invoices, err := family(ctx, q, note.CorrectsID)
	if err != nil {
		return 0, err
	}
	used, err := givenUsed(ctx, q, invoices)
	if err != nil || used == 0 {
		return 0, err
	}
	left, err := standsWithChanges(ctx, q, invoices)
	return max(used-left, 0), err
}

// givenUsed is how much credit that was given has paid of invoices.
func givenUsed(ctx context.Context, q *db.Queries, invoices []string) (sum int64, err error) {
	for _, id := range invoices {
		lots, err := q.CreditLotsOfInvoice(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("credit used by invoice %s: %w", id, err)
		}
		for _, lot := range lots {
			sum += lot.Used
		}
	}
	return sum, nil
}

// Kept tells whether money is kept for an invoice, or for one that stands for it: it is paid, and
// not all of it was taken back.
func (b *Billing) Kept(ctx context.Context, q *db.Queries, invoiceID string) (bool, error) {
	invoices, err := family(ctx, q, invoiceID)
	if err != nil {
		return false, err
	}
	for _, id := range invoices {
		inv, err := invoiceRow(ctx, q, id)
		if err != nil {
			return false, err
		}
		lines, err := q.InvoiceLines(ctx, id)
		if err != nil {
			return false, fmt.Errorf("lines of invoice %s: %w", id, err)
		}
		if inv.State == string(InvoicePaid) && stands(lines) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// standsWithChanges is what invoices still ask for, with what changes took over of them.
func standsWithChanges(ctx context.Context, q *db.Queries, invoices []string) (sum int64, err error) {
	for _, id := range invoices {
		lines, err := q.InvoiceLines(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("lines of invoice %s: %w", id, err)
		}
		held, err := q.InvoiceHeld(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("what changes hold of invoice %s: %w", id, err)
		}
		sum += stands(lines) + held
	}
	return sum, nil
}

// waitsForDispute is what of an amount open disputes have taken already: the customer gets it by
// the dispute if that is lost, and else when it is won. It never goes back twice.
func (b *Billing) waitsForDispute(ctx context.Context, q *db.Queries, note db.Invoice, amount int64) (int64, error) {
	if amount <= 0 {
		return 0, nil
	}
	invoices, err := family(ctx, q, note.CorrectsID)
	if err != nil {
		return 0, err
	}
	disputed := int64(0)
	for _, id := range invoices {
		open, err := q.DisputedOpen(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("disputes of invoice %s: %w", id, err)
		}
		if len(open) == 0 {
			continue
		}
		standing, err := paymentsStanding(ctx, q, id)
		if err != nil {
			return 0, err
		}
		for _, d := range open {
			disputed += min(d.Amount, standing[d.PaymentID])
		}
	}
	if disputed == 0 {
		return 0, nil
	}
	err = b.eachOwed(ctx, q, invoices, func(other db.Invoice, owed int64) error {
		if other.ID != note.ID {
			disputed -= owed
		}
		return nil
	})
	return max(min(amount, disputed), 0), err
}

// paymentsStanding is what each payment of an invoice still pays of it, by the payment's id.
func paymentsStanding(ctx context.Context, q *db.Queries, invoiceID string) (map[string]int64, error) {
	rows, err := q.PaymentsStanding(ctx, invoiceID)
	if err != nil {
		return nil, fmt.Errorf("what the payments of invoice %s pay of it: %w", invoiceID, err)
	}
	standing := make(map[string]int64, len(rows))
	for _, r := range rows {
		standing[r.PaymentID] = max(r.Standing, 0)
	}
	return standing, nil
}

// sendBack spreads what is owed over the payments that brought the money, the last first, each
// as far as it has paid the invoice, and gives what could be sent that way. What a payment
// brought too much is the customer's credit, and goes back from there.
func (b *Billing) sendBack(ctx context.Context, q *db.Queries, note db.Invoice, owed int64, terms refundTerms) (int64, error) {
	invoices, err := family(ctx, q, note.CorrectsID)
	if err != nil {
		return 0, err
	}
	var ways []wayBack
	for _, id := range invoices {
		payments, err := q.PaymentsByInvoice(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("payments of invoice %s: %w", id, err)
		}
		standing, err := paymentsStanding(ctx, q, id)
		if err != nil {
			return 0, err
		}
		for _, p := range payments {
			ways = append(ways, wayBack{payment: p, most: min(unreturned(p), standing[p.ID])})
		}
	}
	slices.SortFunc(ways, func(x, y wayBack) int { return cmp.Compare(y.payment.ID, x.payment.ID) })
	return b.sendBackBy(ctx, q, ways, owed, db.RefundInsertParams{
		CreditNoteID: note.ID, Policy: string(terms.policy), Reason: terms.reason,
	})
}

// sendCredit sends credit that goes back to its customer over all that they have paid, the last
// payment first.
func (b *Billing) sendCredit(ctx context.Context, q *db.Queries, customerID string, owed int64, each db.RefundInsertParams) (int64, error) {
	payments, err := q.PaymentsToReturn(ctx, customerID)
	if err != nil {
		return 0, fmt.Errorf("payments of %s: %w", customerID, err)
	}
	ways := make([]wayBack, 0, len(payments))
	for _, p := range payments {
		ways = append(ways, wayBack{payment: p, most: unreturned(p)})
	}
	return b.sendBackBy(ctx, q, ways, owed, each)
}

// sendBackBy spreads an amount over ways back in their order, and gives what they could take.
// each is what all the refunds have in common.
func (b *Billing) sendBackBy(ctx context.Context, q *db.Queries, ways []wayBack, owed int64, each db.RefundInsertParams) (int64, error) {
	sent := int64(0)
	for _, w := range ways {
		each.Amount = min(w.most, owed-sent)
		if each.Amount <= 0 {
			continue
		}
		untold, err := q.DisputesUntold(ctx, w.payment.ID)
		if err != nil {
			return 0, fmt.Errorf("disputes of payment %s: %w", w.payment.ID, err)
		}
		if len(untold) > 0 {
			continue // a dispute holds nobody knows how much of it
		}
		if err := b.addRefund(ctx, q, w.payment, each); err != nil {
			return 0, err
		}
		sent += each.Amount
	}
	return sent, nil
}

// toCredit gives an amount of a credit note to the customer's credit: back to the grants that
// paid the invoice, as far as they did, and else as the customer's own money.
func (b *Billing) toCredit(ctx context.Context, q *db.Queries, note db.Invoice, amount int64) error {
	invoices, err := family(ctx, q, note.CorrectsID)
	if err != nil {
		return err
	}
	a := money.New(amount, money.Currency(note.Currency))
	back, err := b.restore(ctx, q, invoices, a)
	if err != nil {
		return err
	}
	return b.post(ctx, q, posting{
		kind: "credit", subject: b.store.NewID("crb"), customerID: note.CustomerID, invoiceID: note.ID,
		entries: append(back, entry{account: Receivable, amount: a}),
	})
}
