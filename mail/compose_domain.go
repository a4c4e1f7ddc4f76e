package mail

import "context"

// domainHeld tells of a hold that a registry or registrar has put on a name.
func (m *Mailer) domainHeld(ctx context.Context, p *page, d data) error {
	p.Template, p.Code = "domain_held", d.Code
	return m.aboutDomain(ctx, p, d)
}

// domainReleased tells that it is over.
func (m *Mailer) domainReleased(ctx context.Context, p *page, d data) error {
	p.Template = "domain_released"
	return m.aboutDomain(ctx, p, d)
}

func (m *Mailer) aboutDomain(ctx context.Context, p *page, d data) (err error) {
	if p.Service, err = m.facts.Service(ctx, d.ServiceID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Service, p.Service.ID), "Look at "+p.Service.Name
	return nil
}
