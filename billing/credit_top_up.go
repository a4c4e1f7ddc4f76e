package billing

import (
	"context"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"

	"github.com/shopspring/decimal"
)

// TopUpParams is credit that a customer buys.
type TopUpParams struct {
	CustomerID string
	Amount     money.Amount
}

// noSupply is the VAT of a document about credit: credit may pay for anything, so that no VAT
// is due on it. It is due on what the credit pays for (multi-purpose vouchers, Article 30b of
// Directive 2006/112/EC).
func noSupply() *tax.Treatment {
	return &tax.Treatment{
		Kind: "none", Rate: decimal.Zero,
		Note: "Credit for later invoices, not an invoice: VAT is charged on what the credit pays for.",
	}
}

// TopUp makes the document of credit that a customer buys, in the caller's transaction; it is
// paid as an invoice is (Pay), though not from credit. Paid, it is a receipt with a number of its
// own series, and the money is credit. The amount is from 1 to 10,000 units of the shop's currency.
func (b *Billing) TopUp(ctx context.Context, q *db.Queries, p TopUpParams) (Invoice, error) {
	least := wholeUnits(b.currency, 1)
	if p.Amount.Currency != b.currency || p.Amount.Minor < least || p.Amount.Minor > b.most() {
		return Invoice{}, fault.InvalidField("amount", "not_acceptable", "The amount must be from %s to %s.",
			money.New(least, b.currency), money.New(b.most(), b.currency))
	}
	id, err := b.writeReceipt(ctx, q, p.CustomerID, p.Amount)
	if err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, id)
}

// writeReceipt writes the open document of money that goes into a customer's credit.
func (b *Billing) writeReceipt(ctx context.Context, q *db.Queries, customerID string, amount money.Amount) (string, error) {
	customer, err := b.accounts.Customer(ctx, q, customerID)
	if err != nil {
		return "", err
	}
	doc, err := b.draw(InvoiceParams{
		CustomerID: customer.ID, Subject: customer.ID, Kind: SaleInvoice, Treatment: noSupply(),
		Lines: []LineParams{{Description: "Credit", Subject: customer.ID, Net: amount}},
	}, customer)
	if err != nil {
		return "", err
	}
	doc.head.Purpose = purposeCredit
	return doc.head.ID, b.write(ctx, q, doc)
}
