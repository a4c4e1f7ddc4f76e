package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// EventUncollectible is told when an invoice is given up as a bad debt.
const EventUncollectible = "invoice.uncollectible"

// WriteOff gives up an open invoice, in the caller's transaction. What was supplied, or has
// its number, becomes a bad debt: the sale is booked with its legal number, what is not paid
// of it goes from the receivables to the bad debts, and its part of VAT to an account of its
// own, where it stays until the tax office gives it back (article 90 of the VAT directive; in
// the Netherlands article 29, a year after the due date at the latest). What was never
// supplied, such as a period that has not begun, is void. Money that comes for it later is the
// customer's credit. An invoice that is not open any more is left alone. While a payment is
// processing nothing is given up: "payment_processing".
func (b *Billing) WriteOff(ctx context.Context, q *db.Queries, invoiceID string) error {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil || inv.State != string(InvoiceOpen) || inv.Document != "invoice" {
		return err
	}
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	supplied, err := b.supplied(ctx, q, inv, lines)
	if err != nil {
		return err
	}
	if !supplied {
		return b.Void(ctx, q, inv.ID)
	}
	if _, err := b.stopPayment(ctx, q, inv.ID); err != nil {
		return err
	}
	if err := b.supplyCosts(ctx, q, lines); err != nil {
		return err
	}
	if err := b.postWriteOff(ctx, q, inv); err != nil {
		return err
	}
	if err := b.voidPeriods(ctx, q, inv, givenUp); err != nil {
		return err
	}
	if err := b.tasks.CancelInvoice(ctx, q, inv.ID); err != nil {
		return fmt.Errorf("cancel tasks of invoice %s: %w", inv.ID, err)
	}
	err = b.events.Emit(ctx, q, event.Params{Kind: EventUncollectible, Subject: inv.ID, CustomerID: inv.CustomerID, Data: invoiceData{inv.ID}})
	if err != nil {
		return fmt.Errorf("tell that invoice %s is given up: %w", inv.ID, err)
	}
	// Last, as the number is the lock of its series.
	if err := b.NumberAtSupply(ctx, q, inv.ID); err != nil {
		return err
	}
	rows, err := q.InvoiceUncollectible(ctx, inv.ID)
	if err != nil || rows == 0 {
		return fmt.Errorf("give up invoice %s: %d rows: %w", inv.ID, rows, err)
	}
	return nil
}

// supplied is true for an invoice that has its number, and for hosting whose period has
// begun: the site was kept for the customer. A name that is not paid is never renewed.
func (b *Billing) supplied(ctx context.Context, q *db.Queries, inv db.Invoice, lines []db.InvoiceLine) (bool, error) {
	if inv.Number > 0 {
		return true, nil
	}
	now := db.At(b.clock.Now())
	for _, l := range lines {
		if inv.Kind != RenewalInvoice || l.SubscriptionID == "" || l.StartAt.IsZero() || l.StartAt > now {
			continue
		}
		sub, err := subscriptionRow(ctx, q, l.SubscriptionID)
		if err != nil {
			return false, err
		}
		if sub.Kind == string(HostingSubscription) {
			return true, nil
		}
	}
	return false, nil
}

// supplyCosts books what the upstream charges for periods that are supplied before they are paid,
// or are never paid, once.
func (b *Billing) supplyCosts(ctx context.Context, q *db.Queries, lines []db.InvoiceLine) error {
	for _, l := range lines {
		if l.SubscriptionID == "" {
			continue
		}
		sub, err := subscriptionRow(ctx, q, l.SubscriptionID)
		if err != nil {
			return err
		}
		if sub.RenewTaskKind != "" {
			continue
		}
		if err := b.PostUpstreamCost(ctx, q, costSubject(sub, l), money.New(l.Cost, money.Currency(sub.Currency))); err != nil {
			return err
		}
	}
	return nil
}

// postWriteOff takes what is still due off the receivables.
func (b *Billing) postWriteOff(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	cur := money.Currency(inv.Currency)
	due := money.New(inv.Gross-inv.Paid, cur)
	parts := due.Split([]int64{inv.Net, inv.Vat})
	return b.post(ctx, q, posting{
		kind: "write_off", subject: inv.ID, customerID: inv.CustomerID, invoiceID: inv.ID,
		entries: []entry{
			{account: BadDebt, amount: parts[0]},
			{account: BadDebtVAT, amount: parts[1]},
			{account: Receivable, amount: due.Neg()},
		},
	})
}
