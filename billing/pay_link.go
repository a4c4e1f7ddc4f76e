package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// linkPurpose keeps other sealed values from being taken for links.
const linkPurpose = "pay one invoice"

// payLink is what the token of a link says, sealed: nobody can read or change it.
type payLink struct {
	Purpose   string `json:"purpose"`
	InvoiceID string `json:"invoice_id"`
	// Until is unix seconds.
	Until int64 `json:"until"`
}

// PayLink is a token with which whoever has it can pay one open invoice until an instant,
// and do nothing else: it goes into a mail.
func (b *Billing) PayLink(invoiceID string) (token string, until time.Time, err error) {
	until = b.clock.Now().Add(b.policies.LinkLife).UTC().Truncate(time.Second)
	plain, err := json.Marshal(payLink{Purpose: linkPurpose, InvoiceID: invoiceID, Until: until.Unix()})
	if err != nil {
		return "", time.Time{}, err
	}
	if token, err = b.sealer.Seal(plain); err != nil {
		return "", time.Time{}, fmt.Errorf("seal a link of invoice %s: %w", invoiceID, err)
	}
	return token, until, nil
}

// LinkedInvoice is the invoice that a link pays, and until when. Fault "link_invalid" for a
// token that was not made here, was changed, or is too old.
func (b *Billing) LinkedInvoice(ctx context.Context, token string) (Invoice, time.Time, error) {
	plain, err := b.sealer.Open(token)
	if err != nil {
		return Invoice{}, time.Time{}, errLink()
	}
	var l payLink
	if json.Unmarshal(plain, &l) != nil || l.Purpose != linkPurpose || b.clock.Now().Unix() >= l.Until {
		return Invoice{}, time.Time{}, errLink()
	}
	inv, err := b.stillOpen(ctx, b.store.Read(), l.InvoiceID)
	return inv, time.Unix(l.Until, 0).UTC(), err
}

// stillOpen is an invoice, or the one that has taken its place and is to be paid.
func (b *Billing) stillOpen(ctx context.Context, q *db.Queries, id string) (Invoice, error) {
	row, err := invoiceRow(ctx, q, id)
	if err != nil {
		return Invoice{}, err
	}
	if row.State == string(InvoicePaid) {
		invoices, err := inForce(ctx, q, row)
		if err != nil {
			return Invoice{}, err
		}
		if now := toTell(invoices); now.State == string(InvoiceOpen) {
			id = now.ID
		}
	}
	return b.Invoice(ctx, q, id)
}

// PayByLink is Pay for who holds a link: of its invoice alone, without signing in.
func (b *Billing) PayByLink(ctx context.Context, token string, p PaymentParams) (Payment, error) {
	inv, _, err := b.LinkedInvoice(ctx, token)
	if err != nil {
		return Payment{}, err
	}
	return b.Pay(ctx, inv.CustomerID, inv.ID, p)
}

func errLink() error {
	return fault.New(fault.Unauthenticated, "link_invalid", "The link does not work any more. Sign in to pay.")
}
