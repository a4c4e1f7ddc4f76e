package dunning

import (
	"context"
	"fmt"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
)

// SetFlags sets staff's exceptions for a customer, in the caller's transaction, which writes
// the audit entry beside it. One who becomes written off is given up at once: taking that back
// later lets the customer buy again, and brings nothing back.
func (d *Dunning) SetFlags(ctx context.Context, q *db.Queries, id string, f account.Flags) (before, after account.Customer, err error) {
	if before, after, err = d.Accounts.SetFlags(ctx, q, id, f); err != nil || !f.WrittenOff {
		return before, after, err
	}
	return before, after, d.WriteOffCustomer(ctx, q, id)
}

// WriteOffInvoice is staff's word that an open invoice is given up: a bad debt, or void where
// nothing was supplied. What it is for goes on as if it were paid, a suspension is lifted: to
// end it is another decision. Faults: invoice_state, payment_processing.
func (d *Dunning) WriteOffInvoice(ctx context.Context, q *db.Queries, invoiceID string) error {
	inv, err := d.Billing.Invoice(ctx, q, invoiceID)
	if err != nil {
		return err
	}
	if inv.State != billing.InvoiceOpen || inv.CreditNote {
		return fault.New(fault.Conflict, "invoice_state", "The document is not an open invoice.")
	}
	return d.Billing.WriteOff(ctx, q, invoiceID)
}

// WriteOffCustomer gives up a customer who was marked as written off, in the caller's
// transaction: every subscription ends, hosting is ended, suspended or kept as the policy
// says, names lapse, and what is open becomes a bad debt, or void where nothing was supplied.
// An invoice whose payment is processing is left to the job. Doing it again changes nothing.
func (d *Dunning) WriteOffCustomer(ctx context.Context, q *db.Queries, customerID string) error {
	policy, err := d.Policy(ctx, q)
	if err != nil {
		return err
	}
	subscriptions, err := q.SubscriptionsLiveOfCustomer(ctx, customerID)
	if err != nil {
		return fmt.Errorf("subscriptions of %s: %w", customerID, err)
	}
	for _, sub := range subscriptions {
		if err := d.Billing.EndSubscription(ctx, q, sub.ID); err != nil {
			return err
		}
		if err := d.withdraw(ctx, q, policy, sub); err != nil {
			return err
		}
	}
	policy.AfterTermination = WriteOffInvoice
	invoices, err := q.InvoicesOpenOfCustomer(ctx, customerID)
	if err != nil {
		return fmt.Errorf("open invoices of %s: %w", customerID, err)
	}
	for _, id := range invoices {
		if err := d.giveUp(ctx, q, policy, id); err != nil {
			return err
		}
	}
	return nil
}

// withdraw is what becomes of one service of a customer who was given up.
func (d *Dunning) withdraw(ctx context.Context, q *db.Queries, p Policy, sub db.SubscriptionsLiveOfCustomerRow) error {
	switch {
	case sub.Kind == string(billing.DomainSubscription):
		return d.Services.LetLapse(ctx, q, sub.ServiceID, service.ReasonWrittenOff)
	case p.WrittenOff == TerminateHosting:
		return d.Services.Terminate(ctx, q, sub.ServiceID, service.ReasonWrittenOff)
	case p.WrittenOff == SuspendHosting:
		return d.Services.Suspend(ctx, q, sub.ServiceID, service.ReasonWrittenOff)
	}
	return nil
}

// writeOffRest gives up what was being paid when its customer was written off.
func (d *Dunning) writeOffRest(ctx context.Context, report *Report) error {
	read := func(after string) ([]string, error) {
		return d.Store.Read().CustomersWrittenOffOwing(ctx, db.CustomersWrittenOffOwingParams{After: after, Page: page})
	}
	return each(ctx, read, func(id string) error {
		err := d.Store.Tx(ctx, func(q *db.Queries) error { return d.WriteOffCustomer(ctx, q, id) })
		if err == nil {
			report.WrittenOff++
		}
		return err
	}, report)
}
