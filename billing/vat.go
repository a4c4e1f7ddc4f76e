package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/event"
	"hostfront/task"
	"hostfront/tax"
)

// KindVAT is the task that corrects what a customer was billed before their VAT number was
// confirmed. It calls nobody.
const KindVAT = "billing.correct_vat"

// vatQueue keeps it apart from the gateways, which may be away.
const vatQueue = "billing"

// correctable is how old a document may be that is corrected by itself: a quarter, the time
// of one VAT return. What is older is for the bookkeeper.
const correctable = 92 * day

type vatPayload struct {
	CustomerID string `json:"customer_id"`
}

// followVAT adds the task when a number's status has changed.
func (b *Billing) followVAT(ctx context.Context, q *db.Queries, e event.Event) error {
	_, err := b.tasks.Add(ctx, q, task.Params{Kind: KindVAT, Subject: "vat:" + e.CustomerID, Payload: vatPayload{e.CustomerID}})
	return err
}

// doVAT goes through a customer's documents, each in a transaction of its own; what is
// corrected already is passed over.
func (b *Billing) doVAT(ctx context.Context, t task.Task) (task.Progress, error) {
	pay, err := readPayload[vatPayload](t)
	if err != nil {
		return task.Progress{}, err
	}
	since := b.clock.Now().Add(-correctable)
	for cursor := ""; ; {
		page, err := b.Invoices(ctx, pay.CustomerID, cursor, 100)
		if err != nil {
			return task.Progress{}, err
		}
		for _, inv := range page {
			if inv.IssuedAt.Before(since) {
				return task.Progress{}, nil
			}
			err := b.store.Tx(ctx, func(q *db.Queries) error { return b.correctVAT(ctx, q, inv.ID) })
			if err != nil {
				return task.Progress{}, err
			}
			cursor = inv.ID
		}
		if len(page) < 100 {
			return task.Progress{}, nil
		}
	}
}

// correctVAT corrects one document whose VAT the buyer owes themselves, as is known now.
func (b *Billing) correctVAT(ctx context.Context, q *db.Queries, id string) error {
	inv, err := invoiceRow(ctx, q, id)
	if err != nil {
		return err
	}
	customer, err := b.accounts.Customer(ctx, q, inv.CustomerID)
	if err != nil {
		return err
	}
	now, err := b.taxedNow(inv, customer)
	if err != nil || now == nil {
		return err
	}
	switch InvoiceState(inv.State) {
	case InvoicePaid:
		return b.reissue(ctx, q, inv, customer, *now)
	case InvoiceOpen:
		done, err := b.retax(ctx, q, inv, customer, *now)
		if err != nil || done {
			return err
		}
		return b.lookAgain(ctx, q, inv)
	}
	return nil
}

// lookAgain puts an invoice off that cannot be changed while it is open: paid, it is
// corrected a day later.
func (b *Billing) lookAgain(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	at := b.clock.Now().Add(day)
	_, err := b.tasks.Add(ctx, q, task.Params{
		Kind: KindVAT, Subject: "vat:" + inv.CustomerID, Payload: vatPayload{inv.CustomerID}, RunAt: at,
		DedupeKey: fmt.Sprintf("vat:%s:%s", inv.CustomerID, at.Format(time.DateOnly)),
	})
	return err
}

// taxedNow is how an invoice would have been taxed with the number confirmed, nil where
// nothing is to be corrected: only for the number and the country that it was made for.
func (b *Billing) taxedNow(inv db.Invoice, customer account.Customer) (*tax.Treatment, error) {
	if inv.Document != "invoice" || inv.Vat == 0 {
		return nil, nil
	}
	var buyer Buyer
	if err := json.Unmarshal([]byte(inv.Buyer), &buyer); err != nil {
		return nil, fmt.Errorf("buyer of %s: %w", inv.ID, err)
	}
	if buyer.VATID == "" || buyer.VATID != customer.VATID || buyer.Country != customer.Country {
		return nil, nil
	}
	t, err := b.tax.Treat(inv.IssuedAt.Time(), customer.Buyer())
	if err != nil || t.Kind != tax.ReverseCharge {
		return nil, err
	}
	return &t, nil
}

// retax computes the VAT of an open renewal anew: a proforma may change, and the charge
// that is scheduled for it with it; one that has its number is replaced. Not done is one that the customer has begun to pay, and
// a sale, whose order says what it came to.
func (b *Billing) retax(ctx context.Context, q *db.Queries, inv db.Invoice, customer account.Customer, t tax.Treatment) (done bool, err error) {
	live, err := q.PaymentLive(ctx, inv.ID)
	if err != nil {
		return false, fmt.Errorf("live payment of %s: %w", inv.ID, err)
	}
	begun := slices.ContainsFunc(live, func(p db.Payment) bool { return !scheduled(p) })
	if !begun && inv.Number > 0 {
		return b.reissueOpen(ctx, q, inv, customer, t)
	}
	if begun || inv.Paid > 0 || inv.Kind != RenewalInvoice {
		return false, nil
	}
	return true, b.untax(ctx, q, inv, customer, t)
}

// untax leaves the net of a proforma due, and of the charge that is scheduled for it; what it asks
// for of earlier invoices it asks for still.
func (b *Billing) untax(ctx context.Context, q *db.Queries, inv db.Invoice, customer account.Customer, t tax.Treatment) error {
	buyer, err := freeze(buyerOf(customer))
	if err != nil {
		return err
	}
	if inv, err = b.unask(ctx, q, inv); err != nil {
		return err
	}
	if err := q.InvoiceLinesUntaxed(ctx, db.InvoiceLinesUntaxedParams{InvoiceID: inv.ID, VatRate: t.Rate.String()}); err != nil {
		return fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	rows, err := q.InvoiceUntaxed(ctx, db.InvoiceUntaxedParams{
		ID: inv.ID, VatKind: t.Kind, VatCountry: t.Country, VatRate: t.Rate.String(), VatNote: t.Note, Buyer: buyer,
	})
	if err != nil || rows == 0 {
		return fmt.Errorf("tax invoice %s anew: %d rows: %w", inv.ID, rows, err)
	}
	if inv, err = invoiceRow(ctx, q, inv.ID); err != nil {
		return err
	}
	if inv, err = b.askCarried(ctx, q, inv); err != nil {
		return err
	}
	if carried, err := b.carrySmall(ctx, q, inv); err != nil || carried {
		return err
	}
	err = q.PaymentScheduledAmount(ctx, db.PaymentScheduledAmountParams{InvoiceID: inv.ID, Amount: inv.Gross - inv.Paid})
	return wrap(err, "amount of the scheduled charge of "+inv.ID)
}
