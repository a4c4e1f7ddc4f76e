package mail

import "context"

// subscription reads what an event about a subscription is about, with its service's page.
func (m *Mailer) subscription(ctx context.Context, p *page, d data) (err error) {
	if p.Subscription, err = m.facts.Subscription(ctx, d.SubscriptionID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Service, p.Subscription.ServiceID), "See it in your account"
	return nil
}

func (m *Mailer) cancelled(ctx context.Context, p *page, d data) error {
	p.Template = "subscription_cancelled"
	if err := m.subscription(ctx, p, d); err != nil {
		return err
	}
	if p.Subscription.EndsAt.IsZero() {
		return errNotNeeded("The cancellation was taken back.")
	}
	return nil
}

func (m *Mailer) uncancelled(ctx context.Context, p *page, d data) error {
	p.Template = "subscription_continued"
	return m.subscription(ctx, p, d)
}

func (m *Mailer) paused(ctx context.Context, p *page, d data) error {
	p.Template = "subscription_paused"
	if err := m.subscription(ctx, p, d); err != nil {
		return err
	}
	if !p.Subscription.Paused {
		return errNotNeeded("The pause was taken back.")
	}
	return nil
}

func (m *Mailer) changed(ctx context.Context, p *page, d data) error {
	p.Template = "subscription_changed"
	return m.subscription(ctx, p, d)
}

func (m *Mailer) priceAnnounced(ctx context.Context, p *page, d data) error {
	p.Template, p.OldPrice, p.NewPrice, p.FromAt = "price_announced", d.OldNet, d.NewNet, d.FromAt.Time()
	return m.subscription(ctx, p, d)
}

func (m *Mailer) priceWithdrawn(ctx context.Context, p *page, d data) error {
	p.Template = "price_withdrawn"
	return m.subscription(ctx, p, d)
}
