package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"

	"github.com/shopspring/decimal"
)

// InvoiceState is where a document stands.
type InvoiceState string

// The states of a document. A credit note is open until its money has gone back.
const (
	InvoiceDraft         InvoiceState = "draft"
	InvoiceOpen          InvoiceState = "open"
	InvoicePaid          InvoiceState = "paid"
	InvoiceVoid          InvoiceState = "void"
	InvoiceUncollectible InvoiceState = "uncollectible"
)

// The kinds of document: what an invoice is for, and what a credit note is.
const (
	SaleInvoice    = "sale"
	RenewalInvoice = "renewal"
	Correction     = "correction"
)

// What a document is about: something that is supplied, or a customer's credit.
const (
	purposeSupply = "supply"
	purposeCredit = "credit"
)

// Invoice is an invoice or a credit note (with negative amounts). Until Number is
// given it is a proforma.
type Invoice struct {
	ID         string
	CreditNote bool
	// ForCredit is true for a receipt of money that goes into a customer's credit or out of it.
	ForCredit  bool
	Kind       string
	State      InvoiceState
	CustomerID string
	// Subject is the order or the subscription it is for.
	Subject string
	// CorrectsID is the invoice that a credit note corrects, or that an invoice replaces.
	CorrectsID string
	// Number is the legal number, empty for a proforma.
	Number          string
	Net, VAT, Gross money.Amount
	// Paid is what has arrived and counts toward Gross.
	Paid money.Amount
	// Carried is what of it was too little to be charged and is asked for with a later invoice;
	// below zero, what it asks for of earlier ones, which counts as less than nothing paid. It is
	// there where one document is asked for, not in lists.
	Carried   money.Amount
	Treatment tax.Treatment
	Seller    Seller
	Buyer     Buyer
	// Reason is why a credit note was made.
	Reason   string
	IssuedAt time.Time
	// DueAt is when it must be paid; ExpiresAt is when an unpaid sale is voided, zero for never.
	DueAt, ExpiresAt, NumberedAt, PaidAt, VoidAt time.Time
	// ReopenedAt is when a lost dispute took the money of the paid invoice, zero for never.
	ReopenedAt time.Time
	// Lines are there where one document is asked for, not in lists.
	Lines []Line
}

// Due is what is still to be paid.
func (i Invoice) Due() money.Amount { return i.Gross.Sub(i.Paid) }

// Line is a line of a document.
type Line struct {
	ID          string
	Description string
	// Subject is the order line or subscription it is for.
	Subject        string
	SubscriptionID string
	Net, VAT       money.Amount
	// VATRate is in percent.
	VATRate decimal.Decimal
	// Cost is what the upstream charges for it.
	Cost money.Amount
	// CreditedNet and CreditedVAT have been taken back by credit notes.
	CreditedNet, CreditedVAT money.Amount
	// PeriodStart and PeriodEnd are zero for what has no period.
	PeriodStart, PeriodEnd time.Time
}

// Gross is the line with VAT.
func (l Line) Gross() money.Amount { return l.Net.Add(l.VAT) }

// Invoice reads a document with its lines. It reads with q, which may be the caller's
// transaction or the store's readers.
func (b *Billing) Invoice(ctx context.Context, q *db.Queries, id string) (Invoice, error) {
	row, err := invoiceRow(ctx, q, id)
	if err != nil {
		return Invoice{}, err
	}
	inv, err := invoiceOf(row)
	if err != nil {
		return Invoice{}, err
	}
	carried, err := q.CarriedOfInvoice(ctx, id)
	if err != nil {
		return Invoice{}, fmt.Errorf("what invoice %s carries: %w", id, err)
	}
	inv.Carried = money.New(carried, inv.Gross.Currency)
	lines, err := q.InvoiceLines(ctx, id)
	if err != nil {
		return Invoice{}, fmt.Errorf("lines of invoice %s: %w", id, err)
	}
	for _, l := range lines {
		line, err := lineOf(l, inv.Gross.Currency)
		if err != nil {
			return Invoice{}, err
		}
		inv.Lines = append(inv.Lines, line)
	}
	return inv, nil
}

func invoiceRow(ctx context.Context, q *db.Queries, id string) (db.Invoice, error) {
	row, err := q.InvoiceByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Invoice{}, fault.Missing("invoice", id)
	}
	if err != nil {
		return db.Invoice{}, fmt.Errorf("read invoice %s: %w", id, err)
	}
	return row, nil
}

func invoiceOf(r db.Invoice) (Invoice, error) {
	cur := money.Currency(r.Currency)
	rate, err := decimal.NewFromString(r.VatRate)
	if err != nil {
		return Invoice{}, fmt.Errorf("invoice %s has VAT rate %q: %w", r.ID, r.VatRate, err)
	}
	inv := Invoice{
		ID: r.ID, CreditNote: r.Document == "credit_note", ForCredit: r.Purpose == purposeCredit, Kind: r.Kind, State: InvoiceState(r.State),
		CustomerID: r.CustomerID, Subject: r.Subject, CorrectsID: r.CorrectsID, Number: r.NumberText,
		Net: money.New(r.Net, cur), VAT: money.New(r.Vat, cur), Gross: money.New(r.Gross, cur), Paid: money.New(r.Paid, cur),
		Treatment: tax.Treatment{Kind: r.VatKind, Country: r.VatCountry, Rate: rate, Note: r.VatNote},
		Reason:    r.Reason, IssuedAt: r.IssuedAt.Time(), DueAt: r.DueAt.Time(), ExpiresAt: r.ExpiresAt.Time(),
		NumberedAt: r.NumberedAt.Time(), PaidAt: r.PaidAt.Time(), VoidAt: r.VoidAt.Time(), ReopenedAt: r.ReopenedAt.Time(),
	}
	if err := errors.Join(json.Unmarshal([]byte(r.Seller), &inv.Seller), json.Unmarshal([]byte(r.Buyer), &inv.Buyer)); err != nil {
		return Invoice{}, fmt.Errorf("parties of invoice %s: %w", r.ID, err)
	}
	return inv, nil
}

func lineOf(r db.InvoiceLine, cur money.Currency) (Line, error) {
	rate, err := decimal.NewFromString(r.VatRate)
	if err != nil {
		return Line{}, fmt.Errorf("invoice line %s has VAT rate %q: %w", r.ID, r.VatRate, err)
	}
	return Line{
		ID: r.ID, Description: r.Description, Subject: r.Subject, SubscriptionID: r.SubscriptionID,
		Net: money.New(r.Net, cur), VAT: money.New(r.Vat, cur), VATRate: rate, Cost: money.New(r.Cost, cur),
		CreditedNet: money.New(r.CreditedNet, cur), CreditedVAT: money.New(r.CreditedVat, cur),
		PeriodStart: r.StartAt.Time(), PeriodEnd: r.EndAt.Time(),
	}, nil
}
