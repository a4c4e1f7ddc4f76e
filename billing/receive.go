package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// receipt is money that came for a payment.
type receipt struct {
	// subject is what makes it one of a kind in the ledger.
	subject string
	// account is where the money is: a gateway's clearing, the bank, suspense.
	account Account
	// amount is the whole, fee what the provider keeps of it.
	amount, fee money.Amount
}

// receive books money for a payment's invoice, in the caller's transaction. An open
// invoice takes what is due and is settled when nothing is left; less leaves it open.
// What is more than due, and all of it when the invoice is not open, becomes the
// customer's credit: it never releases anything.
func (b *Billing) receive(ctx context.Context, q *db.Queries, p db.Payment, r receipt) error {
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return err
	}
	applied := money.Zero(r.amount.Currency)
	if inv.State == string(InvoiceOpen) {
		applied.Minor = min(r.amount.Minor, inv.Gross-inv.Paid)
	}
	surplus := r.amount.Sub(applied)
	err = b.post(ctx, q, posting{
		kind: "payment", subject: r.subject, customerID: inv.CustomerID, invoiceID: inv.ID,
		entries: []entry{
			{account: r.account, amount: r.amount.Sub(r.fee)},
			{account: Fees(p.Gateway), amount: r.fee},
			{account: Receivable, amount: applied.Neg()},
			{account: Credit, amount: surplus.Neg()},
		},
	})
	if err != nil {
		return err
	}
	if inv.State != string(InvoiceOpen) {
		return b.events.Raise(ctx, q, event.Alarm{
			Code: "money_for_closed_invoice", Subject: p.ID,
			Message: fmt.Sprintf("%s came for an invoice that is %s; it is the customer's credit now.", r.amount, inv.State),
		})
	}
	return b.count(ctx, q, p, inv, applied.Minor)
}

// count adds what was applied to what is paid, and settles when that is all.
func (b *Billing) count(ctx context.Context, q *db.Queries, p db.Payment, inv db.Invoice, applied int64) error {
	if inv.Paid+applied < inv.Gross {
		return b.countPart(ctx, q, inv, applied)
	}
	if err := b.stopOthers(ctx, q, p); err != nil {
		return err
	}
	return b.settle(ctx, q, inv)
}

// countPart counts a part of what is due on an invoice that stays open, but for a rest that is too
// little to be charged. A charge that is scheduled asks for no more than the rest.
func (b *Billing) countPart(ctx context.Context, q *db.Queries, inv db.Invoice, part int64) error {
	inv, err := addPaid(ctx, q, inv, part)
	if err != nil {
		return err
	}
	if carried, err := b.carrySmall(ctx, q, inv); err != nil || carried {
		return err
	}
	err = q.PaymentScheduledAmount(ctx, db.PaymentScheduledAmountParams{InvoiceID: inv.ID, Amount: inv.Gross - inv.Paid})
	return wrap(err, "amount of the scheduled charge of "+inv.ID)
}

// stopOthers cancels what is live beside the payment that settles: it was no longer
// live itself, such as one that had been given up or a transfer that was assigned.
func (b *Billing) stopOthers(ctx context.Context, q *db.Queries, p db.Payment) error {
	if !PaymentState(p.State).isFinal() {
		return nil // the one live payment was this
	}
	live, err := q.PaymentLive(ctx, p.InvoiceID)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", p.InvoiceID, err)
	}
	for _, other := range live {
		switch {
		case other.ID == p.ID || other.State == string(PaymentProcessing):
		case scheduled(other):
			err = b.dropScheduled(ctx, q, other)
		default:
			_, err = b.addCancel(ctx, q, other)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
