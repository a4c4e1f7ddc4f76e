package mail

import (
	"context"
	"fmt"
	"strings"
)

// invoice reads the invoice that an event is about, with its page in the storefront.
func (m *Mailer) invoice(ctx context.Context, p *page, id string) (err error) {
	if p.Invoice, err = m.facts.Invoice(ctx, id); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Invoice, id), "See the invoice"
	return nil
}

// attach adds the document, where there is one to be had.
func (m *Mailer) attach(ctx context.Context, p *page) (err error) {
	if m.facts.InvoicePDF == nil {
		return nil
	}
	if p.PDF, err = m.facts.InvoicePDF(ctx, p.Invoice.ID); err != nil {
		return fmt.Errorf("PDF of invoice %s: %w", p.Invoice.ID, err)
	}
	return nil
}

func (m *Mailer) paymentReceived(ctx context.Context, p *page, d data) error {
	p.Template = "payment_received"
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	return m.attach(ctx, p)
}

func (m *Mailer) invoiceIssued(ctx context.Context, p *page, d data) error {
	p.Template = "invoice_issued"
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	if !p.Invoice.Open {
		return errNotNeeded("The invoice is not to be paid any more.")
	}
	if p.Invoice.Renewal {
		p.Template = "renewal_invoice"
	}
	p.Button = "Pay the invoice"
	return m.attach(ctx, p)
}

func (m *Mailer) paymentFailed(ctx context.Context, p *page, d data) error {
	p.Template, p.Code = "payment_failed", d.Code
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	if !p.Invoice.Open {
		return errNotNeeded("The invoice is not to be paid any more.")
	}
	p.Button = "Pay in another way"
	return nil
}

func (m *Mailer) refund(ctx context.Context, p *page, d data) error {
	p.Template = "refund"
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	p.Button = "See the credit note"
	if !strings.Contains(p.Invoice.Reason, " ") {
		p.Invoice.Reason = "" // a code, which says nothing to a customer
	}
	return m.attach(ctx, p)
}

func (m *Mailer) creditGiven(_ context.Context, p *page, d data) error {
	p.Template, p.Amount, p.Reason, p.ExpiresAt = "credit_given", d.Amount, d.Reason, d.ExpiresAt
	return nil
}
