package mail

import (
	"context"
	"fmt"
)

// disputed reads the dispute that an event is about and its invoice; wanted says whether how it
// stands by now is still what the mail says.
func (m *Mailer) disputed(ctx context.Context, p *page, d data, wanted func(Dispute) bool) (err error) {
	if p.Dispute, err = m.facts.Dispute(ctx, d.DisputeID); err != nil {
		return err
	}
	if !wanted(p.Dispute) {
		return errNotNeeded("The dispute stands otherwise by now.")
	}
	return m.invoice(ctx, p, d.InvoiceID)
}

// disputeOpened tells what is frozen while the bank decides, and how to reach the shop.
func (m *Mailer) disputeOpened(ctx context.Context, p *page, d data) error {
	p.Template = "dispute_opened"
	return m.disputed(ctx, p, d, func(is Dispute) bool { return is.Open })
}

func (m *Mailer) disputeWon(ctx context.Context, p *page, d data) error {
	p.Template = "dispute_won"
	return m.disputed(ctx, p, d, func(is Dispute) bool { return !is.Open && is.Won })
}

// disputeLost tells what is owed, with a link that pays it.
func (m *Mailer) disputeLost(ctx context.Context, p *page, d data) error {
	p.Template = "dispute_lost"
	err := m.disputed(ctx, p, d, func(is Dispute) bool { return !is.Open && !is.Won })
	if err != nil || !p.Invoice.Open {
		return err
	}
	token, until, err := m.facts.PayLink(ctx, p.Invoice.ID)
	if err != nil {
		return fmt.Errorf("link that pays invoice %s: %w", p.Invoice.ID, err)
	}
	p.Link, p.ExpiresAt, p.Button = linkWith(m.links.Pay, token), until, "Pay the invoice"
	return nil
}
