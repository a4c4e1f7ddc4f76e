package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"
)

// InvoiceParams is an invoice to be made.
type InvoiceParams struct {
	// ID may be chosen by the caller (store.NewID("inv")), so that tasks can be hung on
	// the invoice before it is issued: a free one releases them at once. Empty: a new one.
	ID         string
	CustomerID string
	// Subject is the order or the subscription it is for.
	Subject string
	// Kind is SaleInvoice or RenewalInvoice.
	Kind  string
	Lines []LineParams
	// DueAt is when it must be paid; zero is now.
	DueAt time.Time
	// Treatment is the VAT frozen in the quote; nil: as the customer is taxed now.
	Treatment *tax.Treatment
}

// LineParams is a line of an invoice to be made.
type LineParams struct {
	Description string
	// Subject is the order line or subscription; RefundLine finds the line by it.
	Subject        string
	SubscriptionID string
	// Net is the price without VAT, Cost what the upstream charges.
	Net, Cost              money.Amount
	PeriodStart, PeriodEnd time.Time
	// Corrects is the line of an earlier invoice whose unused rest a line for less than nothing
	// gives back; empty for all others.
	Corrects string
}

// Issue makes an open invoice, a proforma, in the caller's transaction. Nothing is
// posted yet. One that comes to nothing is settled at once and comes back paid.
func (b *Billing) Issue(ctx context.Context, q *db.Queries, p InvoiceParams) (Invoice, error) {
	customer, err := b.accounts.Customer(ctx, q, p.CustomerID)
	if err != nil {
		return Invoice{}, err
	}
	doc, err := b.draw(p, customer)
	if err != nil {
		return Invoice{}, err
	}
	if err := b.write(ctx, q, doc); err != nil {
		return Invoice{}, err
	}
	if doc.head.Gross == 0 {
		row, err := invoiceRow(ctx, q, doc.head.ID)
		if err != nil {
			return Invoice{}, err
		}
		if err := b.settle(ctx, q, row); err != nil {
			return Invoice{}, err
		}
	}
	return b.Invoice(ctx, q, doc.head.ID)
}

// document is a document about to be stored.
type document struct {
	head  db.InvoiceInsertParams
	lines []db.InvoiceLineInsertParams
}

// draw computes an invoice: its VAT, its parties, its totals. It reads nothing.
func (b *Billing) draw(p InvoiceParams, customer account.Customer) (document, error) {
	treatment, err := b.treatment(p.Treatment, customer)
	if err != nil {
		return document{}, fmt.Errorf("tax for %s: %w", p.CustomerID, err)
	}
	if p.ID == "" {
		p.ID = b.store.NewID("inv")
	}
	nets := make([]money.Amount, len(p.Lines))
	for i, l := range p.Lines {
		if l.Net.Currency != b.currency {
			return document{}, fmt.Errorf("invoice for %s: line in %s, the shop's currency is %s", p.Subject, l.Net.Currency, b.currency)
		}
		nets[i] = l.Net
	}
	vats := treatment.Apply(nets)
	net, vat := money.Zero(b.currency), money.Zero(b.currency)
	doc := document{lines: make([]db.InvoiceLineInsertParams, len(p.Lines))}
	for i, l := range p.Lines {
		net, vat = net.Add(l.Net), vat.Add(vats[i])
		doc.lines[i] = db.InvoiceLineInsertParams{
			ID: b.store.NewID("inl"), InvoiceID: p.ID, Position: int64(i), Description: l.Description, Subject: l.Subject,
			SubscriptionID: l.SubscriptionID, Net: l.Net.Minor, Vat: vats[i].Minor, VatRate: treatment.Rate.String(),
			Cost: l.Cost.Minor, StartAt: db.At(l.PeriodStart), EndAt: db.At(l.PeriodEnd), CorrectsLineID: l.Corrects,
		}
	}
	if net.IsNegative() {
		return document{}, fault.New(fault.Invalid, "negative_invoice", "An invoice cannot be for less than nothing.")
	}
	doc.head, err = b.head(p, customer, treatment)
	doc.head.Net, doc.head.Vat, doc.head.Gross = net.Minor, vat.Minor, net.Add(vat).Minor
	return doc, err
}

func (b *Billing) treatment(frozen *tax.Treatment, customer account.Customer) (tax.Treatment, error) {
	if frozen != nil {
		return *frozen, nil
	}
	return b.tax.Treat(b.clock.Now(), customer.Buyer())
}

func (b *Billing) head(p InvoiceParams, customer account.Customer, t tax.Treatment) (db.InvoiceInsertParams, error) {
	buyer, err := freeze(buyerOf(customer))
	if err != nil {
		return db.InvoiceInsertParams{}, err
	}
	now := b.clock.Now()
	due, expires := p.DueAt, time.Time{}
	if due.IsZero() {
		due = now
	}
	if p.Kind == SaleInvoice {
		expires = now.Add(b.policies.LapseDefault)
	}
	return db.InvoiceInsertParams{
		ID: p.ID, Document: "invoice", Kind: p.Kind, State: string(InvoiceOpen), CustomerID: p.CustomerID, Subject: p.Subject,
		Currency: string(b.currency), VatKind: t.Kind, VatCountry: t.Country, VatRate: t.Rate.String(), VatNote: t.Note,
		Seller: b.sellerDoc, Buyer: buyer, IssuedAt: db.At(now), DueAt: db.At(due), ExpiresAt: db.At(expires), Purpose: purposeSupply,
	}, nil
}

// write stores a document.
func (b *Billing) write(ctx context.Context, q *db.Queries, doc document) error {
	if err := q.InvoiceInsert(ctx, doc.head); err != nil {
		return fmt.Errorf("store invoice for %s: %w", doc.head.Subject, err)
	}
	for _, l := range doc.lines {
		if err := q.InvoiceLineInsert(ctx, l); err != nil {
			return fmt.Errorf("store line of invoice %s: %w", doc.head.ID, err)
		}
	}
	return nil
}
