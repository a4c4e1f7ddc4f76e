package billing

import (
	"context"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"

	"github.com/shopspring/decimal"
)

// LateFeeParams is a fee for paying late.
type LateFeeParams struct {
	CustomerID string
	// SubscriptionID is what was not paid for.
	SubscriptionID string
	// Description stands on the invoice.
	Description string
	Fee         money.Amount
	// DueIn is how long the customer has to pay it.
	DueIn time.Duration
}

// ChargeLateFee bills a fee for paying late on an invoice of its own, in the caller's
// transaction. It makes good a damage and is no supply: no VAT is due on it, and it is no
// turnover. Whoever calls it sees to it that it happens once.
func (b *Billing) ChargeLateFee(ctx context.Context, q *db.Queries, p LateFeeParams) (Invoice, error) {
	if p.Fee.Currency != b.currency || !p.Fee.IsPositive() {
		return Invoice{}, fault.InvalidField("late_fee", "invalid", "The late fee must be more than nothing, in %s.", b.currency)
	}
	return b.Issue(ctx, q, InvoiceParams{
		CustomerID: p.CustomerID, Subject: p.SubscriptionID, Kind: RenewalInvoice, DueAt: b.clock.Now().Add(p.DueIn),
		Treatment: &tax.Treatment{
			Kind: tax.NoSupply, Country: b.seller.Country, Rate: decimal.Zero,
			Note: "Compensation for late payment: outside the scope of VAT.",
		},
		Lines: []LineParams{{Description: p.Description, Subject: p.SubscriptionID, Net: p.Fee, Cost: money.Zero(b.currency)}},
	})
}
