package billing

import (
	"context"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// PayOutParams is a customer's credit that goes back to them.
type PayOutParams struct {
	CustomerID string
	// Amount is a part; zero is all of their own money.
	Amount money.Amount
	Reason string
}

// PayOutCredit sends a customer's own credit back the way their money came, the last payment
// first, in the caller's transaction: a receipt with a negative amount and refund.send tasks.
// Given credit is never paid out. It gives the receipt. Fault codes: "no_credit" for more than
// there is of their own money, "no_way_back" for what no payment can take back.
func (b *Billing) PayOutCredit(ctx context.Context, q *db.Queries, p PayOutParams) (Invoice, error) {
	left, err := b.leftOf(ctx, q, p.CustomerID)
	if err != nil {
		return Invoice{}, err
	}
	own := money.New(left[""], b.currency)
	want := p.Amount
	if want.IsZero() {
		want = own
	}
	switch {
	case want.Currency != b.currency || want.IsNegative():
		return Invoice{}, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s.", b.currency)
	case want.Minor > own.Minor || !want.IsPositive():
		return Invoice{}, fault.New(fault.Conflict, "no_credit", "The customer has %s of credit that they paid for.", own).With("left", own)
	}
	note, err := b.writePayOut(ctx, q, p, want)
	if err != nil {
		return Invoice{}, err
	}
	sent, err := b.sendCredit(ctx, q, p.CustomerID, want.Minor, db.RefundInsertParams{CreditNoteID: note.ID, Policy: string(RefundAuto), Reason: p.Reason})
	if err != nil {
		return Invoice{}, err
	}
	if sent < want.Minor {
		can := money.New(sent, b.currency)
		return Invoice{}, fault.New(fault.Conflict, "no_way_back", "The customer's payments can take back %s.", can).With("left", can)
	}
	if err := b.number(ctx, q, note); err != nil {
		return Invoice{}, err
	}
	return b.Invoice(ctx, q, note.ID)
}

// writePayOut writes and books the receipt of credit that goes back.
func (b *Billing) writePayOut(ctx context.Context, q *db.Queries, p PayOutParams, amount money.Amount) (db.Invoice, error) {
	customer, err := b.accounts.Customer(ctx, q, p.CustomerID)
	if err != nil {
		return db.Invoice{}, err
	}
	treatment := *noSupply()
	head, err := b.head(InvoiceParams{ID: b.store.NewID("crn"), CustomerID: customer.ID, Subject: customer.ID, Kind: Correction}, customer, treatment)
	if err != nil {
		return db.Invoice{}, err
	}
	head.Document, head.Purpose, head.Reason = "credit_note", purposeCredit, p.Reason
	head.Net, head.Gross = -amount.Minor, -amount.Minor
	err = b.write(ctx, q, document{head: head, lines: []db.InvoiceLineInsertParams{{
		ID: b.store.NewID("inl"), InvoiceID: head.ID, Description: "Credit paid back", Subject: customer.ID, Net: -amount.Minor,
		VatRate: treatment.Rate.String(),
	}}})
	if err != nil {
		return db.Invoice{}, err
	}
	note, err := invoiceRow(ctx, q, head.ID)
	if err != nil {
		return db.Invoice{}, err
	}
	return note, b.postSale(ctx, q, note)
}
