package mail

import (
	"context"
	"time"
)

// Notice is what a registrant is told of a name's expiry: data of domain.expiry_noticed.
type Notice struct {
	// Kind is month, week or expired.
	Kind string `json:"notice"`
	Name string `json:"name"`
	// ExpiresAt is the expiry, Address where the notice goes.
	ExpiresAt time.Time `json:"name_expires_at"`
	Address   string    `json:"address"`
	// FirstName is the registrant's, who may be somebody else than the customer.
	FirstName string `json:"first_name"`
	// Renews is true while the name is renewed when that is paid.
	Renews bool `json:"renews"`
}

func (m *Mailer) reminded(ctx context.Context, p *page, d data) error {
	p.Template = "reminder"
	return m.unpaid(ctx, p, d)
}

func (m *Mailer) finalNotice(ctx context.Context, p *page, d data) error {
	p.Template = "final_notice"
	return m.unpaid(ctx, p, d)
}

func (m *Mailer) lateFee(ctx context.Context, p *page, d data) error {
	p.Template = "late_fee"
	return m.unpaid(ctx, p, d)
}

// unpaid is a mail about an invoice that is to be paid; paid meanwhile, it is not sent.
func (m *Mailer) unpaid(ctx context.Context, p *page, d data) error {
	if err := m.invoice(ctx, p, d.InvoiceID); err != nil {
		return err
	}
	if !p.Invoice.Open {
		return errNotNeeded("The invoice is not to be paid any more.")
	}
	p.Next, p.NextAt, p.Button = d.Next, d.NextAt, "Pay the invoice"
	return m.attach(ctx, p)
}

func (m *Mailer) suspended(ctx context.Context, p *page, d data) error {
	p.Template = "suspended"
	return m.service(ctx, p, d)
}

func (m *Mailer) unsuspended(ctx context.Context, p *page, d data) error {
	p.Template = "unsuspended"
	return m.service(ctx, p, d)
}

func (m *Mailer) terminated(ctx context.Context, p *page, d data) error {
	p.Template = "terminated"
	return m.service(ctx, p, d)
}

func (m *Mailer) lapsing(ctx context.Context, p *page, d data) error {
	p.Template = "domain_lapsing"
	return m.service(ctx, p, d)
}

// service is a mail about something that the customer has, and why it happened to it.
func (m *Mailer) service(ctx context.Context, p *page, d data) (err error) {
	p.Code = d.Code
	if p.Service, err = m.facts.Service(ctx, d.ServiceID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Service, p.Service.ID), "See "+p.Service.Name
	return nil
}

// expiryNotice goes to the registrant, who may be somebody else than the customer.
func (m *Mailer) expiryNotice(_ context.Context, p *page, d data) error {
	p.Template, p.Notice = "domain_notice", d.Notice
	if d.FirstName != "" {
		p.Customer.FirstName = d.FirstName
	}
	p.Link, p.Button = linkTo(m.links.Service, d.ServiceID), "Renew "+d.Name
	return nil
}
