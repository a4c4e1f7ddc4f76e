package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// RefundLineParams says which line of an invoice the customer gets back, and why.
type RefundLineParams struct {
	InvoiceID string
	// LineSubject is the Subject of the line: an order line.
	LineSubject string
	// Reason stands on the credit note.
	Reason string
	// Policy says whether the money goes at once or after a person has looked.
	Policy RefundPolicy
	// To is where the money goes; empty is by the way it came.
	To BackTo
}

// RefundLine takes back what is left of one line of a paid invoice, in the caller's
// transaction: a credit note with the line's VAT to the cent, and the money by the way it
// came (task refund.send; a manual refund waits there as held). A line of which nothing is
// left is no error, so that a failed delivery and an admin's refund do not collide. An
// open invoice with its number gets the credit note alone; one without is voided instead
// of refunded: "invoice_not_numbered".
func (b *Billing) RefundLine(ctx context.Context, q *db.Queries, p RefundLineParams) error {
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return err
	}
	invoices, err := inForce(ctx, q, inv)
	if err != nil {
		return err
	}
	lines, err := linesOf(ctx, q, invoices)
	if err != nil {
		return err
	}
	var parts []takeBack
	for _, l := range lines {
		if l.Subject != p.LineSubject {
			continue
		}
		if left := rest(l); left.net != 0 || left.vat != 0 {
			parts = append(parts, left)
		}
	}
	takings := slices.DeleteFunc(takingsOf(invoices, parts), func(t taking) bool {
		return grossOf(t.parts) <= 0 // only the credit line of a change whose rest was taken over by a later one
	})
	_, err = b.giveBackEach(ctx, q, takings, refundTerms{reason: p.Reason, policy: p.Policy, to: p.To})
	return err
}

// refundTerms is why and how money goes back.
type refundTerms struct {
	reason string
	policy RefundPolicy
	// to is where it goes; empty is by the way it came.
	to BackTo
	// why is what becomes of the periods of an open invoice of which nothing is left; empty is
	// given up.
	why unbilled
}

// giveBack writes the credit note of what is taken back of an invoice and sends the money. What an
// older invoice had paid of it, by a change, is given back of that in its turn, with a note of its
// own. It gives the first.
func (b *Billing) giveBack(ctx context.Context, q *db.Queries, inv db.Invoice, parts []takeBack, terms refundTerms) (db.Invoice, error) {
	if grossOf(parts) < 0 {
		return db.Invoice{}, errOverRefund(money.Zero(money.Currency(inv.Currency)))
	}
	takings, err := unwind(ctx, q, taking{invoice: inv, parts: parts})
	if err != nil {
		return db.Invoice{}, err
	}
	first, err := b.giveBackOne(ctx, q, takings[0], terms)
	for _, older := range takings[1:] {
		if err == nil {
			_, err = b.giveBackOne(ctx, q, older, terms)
		}
	}
	return first, err
}

func (b *Billing) giveBackOne(ctx context.Context, q *db.Queries, t taking, terms refundTerms) (db.Invoice, error) {
	inv := t.invoice
	if inv.Purpose == purposeCredit {
		return db.Invoice{}, fault.New(fault.Conflict, "credit_document", "Credit is not refunded by its receipt: pay the customer's credit back.")
	}
	if inv.Number == 0 || inv.Document != "invoice" {
		return db.Invoice{}, fault.New(fault.Conflict, "invoice_not_numbered", "Only an invoice with its number can be credited.")
	}
	note, err := b.creditNote(ctx, q, inv, t.parts, terms.reason)
	if err != nil {
		return db.Invoice{}, err
	}
	if inv.State != string(InvoicePaid) {
		return note, b.offset(ctx, q, inv, note, cmp.Or(terms.why, givenUp))
	}
	pending, err := b.returnMoney(ctx, q, note, -note.Gross, terms)
	if err != nil {
		return db.Invoice{}, err
	}
	return note, b.endNote(ctx, q, note.ID, pending)
}

// addRefund reserves the amount on the payment and adds the task that sends it.
func (b *Billing) addRefund(ctx context.Context, q *db.Queries, p db.Payment, r db.RefundInsertParams) error {
	now := db.At(b.clock.Now())
	rows, err := q.PaymentReserveRefund(ctx, db.PaymentReserveRefundParams{ID: p.ID, Amount: r.Amount, UpdatedAt: now})
	if err != nil {
		return fmt.Errorf("reserve a refund of payment %s: %w", p.ID, err)
	}
	if rows == 0 {
		return errOverRefund(money.New(p.Received-p.Refunded, money.Currency(p.Currency)))
	}
	if r.Policy == "" {
		r.Policy = string(RefundAuto)
	}
	r.ID, r.PaymentID, r.CustomerID = b.store.NewID("rfd"), p.ID, p.CustomerID
	r.Gateway, r.Currency, r.CreatedAt = p.Gateway, p.Currency, now
	if err := q.RefundInsert(ctx, r); err != nil {
		return fmt.Errorf("store refund of payment %s: %w", p.ID, err)
	}
	taskID, err := b.tasks.Add(ctx, q, task.Params{
		Kind: KindRefund, Queue: b.queueOf(r.Gateway), Subject: r.ID, Payload: refundPayload{r.ID}, DedupeKey: "refund:" + r.ID,
	})
	if err != nil {
		return err
	}
	return q.RefundSetTask(ctx, db.RefundSetTaskParams{ID: r.ID, TaskID: taskID})
}
