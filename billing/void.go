package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// Void withdraws an unnumbered open invoice, in the caller's transaction. Without a
// payment under way it is void at once and its blocked tasks are cancelled. With one
// that the gateway knows, the gateway is asked to cancel it first (a task) and the
// invoice is voided when it has; if the money turns out to have come, the invoice is
// settled instead. While a payment is processing nothing is voided: fault code
// "payment_processing". A numbered invoice is only corrected by a credit note:
// "invoice_numbered". Voiding twice changes nothing. A hosting period that it billed is given
// up: nobody is billed for it again.
func (b *Billing) Void(ctx context.Context, q *db.Queries, invoiceID string) error {
	return b.voidFor(ctx, q, invoiceID, givenUp)
}

func (b *Billing) voidFor(ctx context.Context, q *db.Queries, invoiceID string, why unbilled) error {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	if inv.State == string(InvoiceVoid) {
		return nil
	}
	if inv.State != string(InvoiceOpen) || inv.Number > 0 {
		return errInvoiceState(inv)
	}
	wait, err := b.stopPayment(ctx, q, invoiceID)
	if err != nil || wait {
		return err
	}
	return b.void(ctx, q, inv, why)
}

// errInvoiceState says to a client why a document cannot be changed.
func errInvoiceState(inv db.Invoice) error {
	switch {
	case inv.State == string(InvoicePaid):
		return fault.New(fault.Conflict, "invoice_paid", "The invoice is paid.")
	case inv.State == string(InvoiceVoid):
		return fault.New(fault.Conflict, "invoice_void", "The invoice is void.")
	case inv.Number > 0:
		return fault.New(fault.Conflict, "invoice_numbered", "The invoice has its number: only a credit note can correct it.")
	}
	return fault.New(fault.Conflict, "invoice_state", "The invoice is %s.", inv.State)
}

// void is the voiding itself. Money that came in part goes to the customer's credit.
func (b *Billing) void(ctx context.Context, q *db.Queries, inv db.Invoice, why unbilled) error {
	inv, err := b.unask(ctx, q, inv)
	if err != nil {
		return err
	}
	rows, err := q.InvoiceVoid(ctx, db.InvoiceVoidParams{ID: inv.ID, VoidAt: db.At(b.clock.Now())})
	if err != nil {
		return fmt.Errorf("void invoice %s: %w", inv.ID, err)
	}
	if rows == 0 {
		return nil
	}
	if inv.Paid > 0 {
		if err := b.postUnpaid(ctx, q, inv, inv.Paid, posting{kind: "void", subject: inv.ID}); err != nil {
			return err
		}
	}
	if err := b.voidPeriods(ctx, q, inv, why); err != nil {
		return err
	}
	if err := b.tasks.CancelInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("cancel tasks of invoice %s: %w", inv.ID, err)
	}
	return b.events.Emit(ctx, q, event.Params{
		Kind: "invoice.void", Subject: inv.ID, CustomerID: inv.CustomerID, Data: invoiceData{inv.ID},
	})
}

// unpay gives the customer as credit a part of what was paid of an open invoice, in minor units.
func (b *Billing) unpay(ctx context.Context, q *db.Queries, inv db.Invoice, part int64) (db.Invoice, error) {
	if err := b.postUnpaid(ctx, q, inv, part, posting{kind: "unpaid", subject: b.store.NewID("unp")}); err != nil {
		return inv, err
	}
	return addPaid(ctx, q, inv, -part)
}

// postUnpaid moves a part of what was paid of an open invoice to the customer's credit.
func (b *Billing) postUnpaid(ctx context.Context, q *db.Queries, inv db.Invoice, part int64, p posting) error {
	amount := money.New(part, money.Currency(inv.Currency))
	back, err := b.restore(ctx, q, []string{inv.ID}, amount)
	if err != nil {
		return err
	}
	p.customerID, p.invoiceID = inv.CustomerID, inv.ID
	p.entries = append(back, entry{account: Receivable, amount: amount})
	return b.post(ctx, q, p)
}

// stopPayment ends the live payment of an invoice that is to be withdrawn; wait is
// true when the gateway must be asked first.
func (b *Billing) stopPayment(ctx context.Context, q *db.Queries, invoiceID string) (wait bool, err error) {
	live, err := q.PaymentLive(ctx, invoiceID)
	if err != nil {
		return false, fmt.Errorf("live payment of %s: %w", invoiceID, err)
	}
	for _, p := range live {
		if p.State == string(PaymentProcessing) {
			return false, fault.New(fault.Conflict, "payment_processing", "A payment of this invoice is being processed.")
		}
		if scheduled(p) {
			if err := b.dropScheduled(ctx, q, p); err != nil {
				return false, err
			}
			continue
		}
		if _, err := q.PaymentAbandon(ctx, p.ID); err != nil {
			return false, fmt.Errorf("abandon payment %s: %w", p.ID, err)
		}
		if _, err := b.addCancel(ctx, q, p); err != nil {
			return false, err
		}
		wait = true
	}
	return wait, nil
}

// unbilled is what becomes of the periods of a bill that is not to be paid.
type unbilled string

const (
	// withdrawn periods are billed anew where the subscription comes to them after all.
	withdrawn unbilled = periodVoid
	// What was given up is had without a bill, or was had: nobody is billed for it again.
	givenUp unbilled = periodWaived
)

// voidPeriods takes back what an invoice billed; a subscription that owes nothing else is in
// good standing again. A year of a name that is not paid is never had: it can be billed anew.
func (b *Billing) voidPeriods(ctx context.Context, q *db.Queries, inv db.Invoice, why unbilled) error {
	if inv.Kind != RenewalInvoice {
		return b.changeVoided(ctx, q, inv)
	}
	sub, err := subscriptionRow(ctx, q, inv.Subject)
	if err != nil {
		return err
	}
	if sub.Kind == string(DomainSubscription) {
		why = withdrawn
	}
	rows, err := q.PeriodsVoid(ctx, db.PeriodsVoidParams{InvoiceID: inv.ID, State: string(why)})
	if err != nil {
		return fmt.Errorf("void periods of invoice %s: %w", inv.ID, err)
	}
	if err := b.changeVoided(ctx, q, inv); err != nil || rows == 0 && inv.ReopenedAt.IsZero() {
		return err
	}
	if sub, err = subscriptionRow(ctx, q, sub.ID); err != nil {
		return err
	}
	return b.reinstate(ctx, q, sub, inv.ID)
}
