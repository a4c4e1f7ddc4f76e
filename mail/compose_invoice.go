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

// invoiceSupplied is the legal invoice of what is supplied before it is paid.
func (m *Mailer) invoiceSupplied(ctx context.Context, p *page, d data) error {
	p.Template = "supplied_invoice"
	return m.unpaid(ctx, p, d)
}

func (m *Mailer) paymentFailed(ctx context.Context, p *page, d data) error {
	p.Template, p.Code, p.Class, p.Method = "payment_failed", d.Code, d.Class, d.Method
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	if !p.Invoice.Open {
		return errNotNeeded("The invoice is not to be paid any more.")
	}
	if d.RetryAt.After(m.clock.Now().AddDate(0, 0, -1)) {
		p.RetryAt = d.RetryAt
	}
	token, until, err := m.facts.PayLink(ctx, d.InvoiceID)
	if err != nil {
		return fmt.Errorf("link that pays invoice %s: %w", d.InvoiceID, err)
	}
	p.Link, p.ExpiresAt, p.Button = linkWith(m.links.Pay, token), until, "Pay now"
	if p.Class == "authentication" {
		p.Button = "Confirm the payment"
	}
	return nil
}

// directDebit tells of a direct debit before it is made.
func (m *Mailer) directDebit(ctx context.Context, p *page, d data) error {
	p.Template, p.Amount, p.DebitAt = "direct_debit", d.Amount, d.DebitAt
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	if !p.Invoice.Open {
		return errNotNeeded("The invoice is not to be paid any more.")
	}
	method, err := m.facts.Method(ctx, d.MethodID)
	p.Method = method.Label
	return err
}

// methodExpiring tells that a card ends to which renewals are charged.
func (m *Mailer) methodExpiring(ctx context.Context, p *page, d data) error {
	p.Template, p.EndsAt = "method_expiring", d.EndsAt.AddDate(0, 0, -1)
	method, err := m.facts.Method(ctx, d.MethodID)
	if err != nil {
		return err
	}
	if !method.Charged || !m.clock.Now().Before(d.EndsAt) {
		return errNotNeeded("The card has been replaced.")
	}
	p.Method, p.Link, p.Button = method.Label, m.links.Methods, "Add another card"
	return nil
}

func (m *Mailer) refund(ctx context.Context, p *page, d data) error {
	p.Template, p.ByHand = "refund", d.ByHand
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
