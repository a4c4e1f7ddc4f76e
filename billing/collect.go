package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/task"
)

// collection is a renewal invoice that has just been written.
type collection struct {
	sub      db.Subscription
	customer account.Customer
	doc      document
	start    db.Instant
}

// collect sees to the money of a renewal invoice: nothing to pay settles it at once, what is too
// little to be charged is carried on, a saved method is charged when its time has come, else the
// customer is told.
func (b *Billing) collect(ctx context.Context, q *db.Queries, c collection) (renewed, error) {
	inv := writtenInvoice(c.doc)
	if inv.Gross == 0 {
		return billedFree, b.settle(ctx, q, inv)
	}
	inv, err := b.creditFirst(ctx, q, inv)
	if err != nil || inv.State == string(InvoicePaid) {
		return billedFromCredit, err
	}
	if inv, err = b.askCarried(ctx, q, inv); err != nil {
		return notBilled, err
	}
	if carried, err := b.carrySmall(ctx, q, inv); err != nil || carried {
		return billedCarried, err
	}
	if !c.customer.Flags.NoAutomaticPayment {
		m, ok, err := b.methodFor(ctx, q, c.sub)
		if err != nil {
			return notBilled, err
		}
		if ok {
			at, err := b.chargeTime(ctx, q, c.sub, c.start, m)
			if err != nil {
				return notBilled, err
			}
			return billedAndCharged, b.scheduleCharge(ctx, q, inv, m, chargeAt{at: at})
		}
	}
	return billedAndMailed, b.askToPay(ctx, q, inv)
}

// creditFirst lets a renewal take what it can of the customer's credit, and gives the invoice as
// it is then. What it leaves can be charged: where that is too little, less credit is taken.
func (b *Billing) creditFirst(ctx context.Context, q *db.Queries, inv db.Invoice) (db.Invoice, error) {
	if b.policies.KeepCredit {
		return inv, nil
	}
	credit, err := b.CustomerCredit(ctx, q, inv.CustomerID)
	if err != nil || !credit.IsPositive() {
		return inv, err
	}
	if due, least := inv.Gross-inv.Paid, b.least(); credit.Minor < due && due >= least {
		if credit.Minor = min(credit.Minor, due-least); credit.Minor == 0 {
			return inv, nil
		}
	}
	if _, err := b.ApplyCredit(ctx, q, inv.CustomerID, inv.ID, credit); err != nil {
		return inv, err
	}
	return invoiceRow(ctx, q, inv.ID)
}

// writtenInvoice is the row of a document that was written in this transaction.
func writtenInvoice(doc document) db.Invoice {
	h := doc.head
	return db.Invoice{
		ID: h.ID, Document: h.Document, Kind: h.Kind, State: h.State, CustomerID: h.CustomerID, Subject: h.Subject,
		Purpose: h.Purpose, Currency: h.Currency, Net: h.Net, Vat: h.Vat, Gross: h.Gross, IssuedAt: h.IssuedAt, DueAt: h.DueAt,
		VatKind: h.VatKind, VatCountry: h.VatCountry, Seller: h.Seller, Buyer: h.Buyer,
	}
}

// hangRenewal hangs the task that renews upstream on the invoice: paid, it is released.
func (b *Billing) hangRenewal(ctx context.Context, q *db.Queries, sub db.Subscription, invoiceID string, start, end db.Instant) error {
	if sub.RenewTaskKind == "" {
		return nil
	}
	payload := map[string]any{}
	if sub.RenewTaskPayload != "" {
		if err := json.Unmarshal([]byte(sub.RenewTaskPayload), &payload); err != nil {
			return fmt.Errorf("renewal payload of %s: %w", sub.ID, err)
		}
	}
	payload["subscription_id"], payload["invoice_id"] = sub.ID, invoiceID
	payload["period_start"], payload["period_end"] = start.Time().Format(time.RFC3339Nano), end.Time().Format(time.RFC3339Nano)
	_, err := b.tasks.Add(ctx, q, task.Params{
		Kind: sub.RenewTaskKind, Subject: sub.ServiceID, InvoiceID: invoiceID, Payload: payload,
		// A bill that was voided has taken its task with it: the period's next one hangs its own.
		DedupeKey: fmt.Sprintf("renew:%s:%d:%s", sub.ID, start, invoiceID),
	})
	return err
}
