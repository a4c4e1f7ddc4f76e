package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// ApplyCredit pays an open invoice from its customer's credit, in the caller's transaction: what
// is due, at most upTo (zero: no limit), at most what there is. It gives what was applied, which
// is nothing where there is no credit. Part of what is due leaves the invoice open for the rest,
// all of it settles the invoice. A charge that is scheduled is lowered or dropped, a payment that
// waits for the customer is cancelled. Fault codes: those of an invoice that cannot be paid,
// "payment_in_progress" while a payment is processing, "credit_for_credit". What the invoice asks
// for of earlier ones stays carried: credit pays for the invoice alone.
func (b *Billing) ApplyCredit(ctx context.Context, q *db.Queries, customerID, invoiceID string, upTo money.Amount) (money.Amount, error) {
	nothing := money.Zero(b.currency)
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return nothing, err
	}
	if inv.CustomerID != customerID {
		return nothing, fault.Missing("invoice", invoiceID)
	}
	if err := canBePaid(inv); err != nil {
		return nothing, err
	}
	switch {
	case inv.Purpose == purposeCredit:
		return nothing, fault.New(fault.Conflict, "credit_for_credit", "Credit cannot be bought with credit.")
	case upTo.IsNegative() || (!upTo.IsZero() && upTo.Currency != b.currency):
		return nothing, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s.", b.currency)
	}
	lots, err := b.creditLots(ctx, q, customerID)
	if err != nil {
		return nothing, err
	}
	if len(lots) == 0 {
		return nothing, nil
	}
	if inv, err = b.unask(ctx, q, inv); err != nil {
		return nothing, err
	}
	if inv.Paid >= inv.Gross {
		return nothing, b.payFromCredit(ctx, q, inv, nothing, nil)
	}
	want := money.New(inv.Gross-inv.Paid, b.currency)
	if !upTo.IsZero() {
		want.Minor = min(want.Minor, upTo.Minor)
	}
	debits := use(lots, want)
	applied := nothing
	for _, d := range debits {
		applied = applied.Add(d.amount)
	}
	if !applied.IsPositive() {
		return nothing, nil
	}
	return applied, b.payFromCredit(ctx, q, inv, applied, debits)
}

// payFromCredit books credit as paid on an invoice, and settles it where that is all.
func (b *Billing) payFromCredit(ctx context.Context, q *db.Queries, inv db.Invoice, applied money.Amount, debits []entry) error {
	settles := inv.Paid+applied.Minor == inv.Gross
	if err := b.makeWay(ctx, q, inv.ID, settles); err != nil {
		return err
	}
	err := b.post(ctx, q, posting{
		kind: "credit_applied", subject: b.store.NewID("cra"), customerID: inv.CustomerID, invoiceID: inv.ID,
		entries: append(debits, entry{account: Receivable, amount: applied.Neg()}),
	})
	if err != nil {
		return err
	}
	if settles {
		return b.settle(ctx, q, inv)
	}
	return b.countPart(ctx, q, inv, applied.Minor)
}

// makeWay sees to the live payment of an invoice that is paid from credit: money that is on
// its way is waited for, a payment that the customer has not made is cancelled, a scheduled
// charge is dropped where nothing is left to charge.
func (b *Billing) makeWay(ctx context.Context, q *db.Queries, invoiceID string, settles bool) error {
	live, err := q.PaymentLive(ctx, invoiceID)
	if err != nil {
		return fmt.Errorf("live payment of %s: %w", invoiceID, err)
	}
	for _, p := range live {
		switch {
		case p.State == string(PaymentProcessing):
			return errInProgress()
		case scheduled(p) && settles:
			err = b.dropScheduled(ctx, q, p)
		case !scheduled(p):
			_, err = b.addCancel(ctx, q, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
