package api

import (
	"context"
	"encoding/csv"
	"time"

	"hostfront/billing"
)

// writePayouts writes a line for each movement of the payouts of a period, and one for a payout
// that is not told what it is made of, oldest first.
func (s *Server) writePayouts(ctx context.Context, out *csv.Writer, p billing.Span) error {
	err := out.Write([]string{
		"payout_id", "gateway", "payout_reference", "payout_state", "made_at", "payout_amount", "payout_fee", "currency",
		"line_id", "line_reference", "kind", "state", "moved_at", "gross", "fee", "net", "line_currency", "payment_id", "subject", "account", "note",
	})
	if err != nil {
		return err
	}
	for cursor := ""; ; {
		payouts, err := s.cfg.Billing.PayoutsMade(ctx, p, cursor, csvPage)
		if err != nil {
			return err
		}
		for _, payout := range payouts {
			cursor = payout.ID
			if err := s.writePayout(ctx, out, payout); err != nil {
				return err
			}
		}
		if len(payouts) < csvPage {
			return nil
		}
	}
}

// writePayout writes the lines of one.
func (s *Server) writePayout(ctx context.Context, out *csv.Writer, p billing.Payout) error {
	head := []string{
		p.ID, unformulated(p.Gateway), unformulated(p.Reference), string(p.State), p.MadeAt.UTC().Format(time.RFC3339), p.Amount.Format(),
		p.Fee.Format(), string(p.Amount.Currency),
	}
	for cursor := ""; ; {
		lines, err := s.cfg.Billing.PayoutLines(ctx, p.ID, cursor, csvPage)
		if err != nil {
			return err
		}
		if cursor == "" && len(lines) == 0 {
			return out.Write(append(head, make([]string, 13)...))
		}
		for _, l := range lines {
			cursor = l.ID
			err := out.Write(append(head[:len(head):len(head)],
				l.ID, unformulated(l.Reference), string(l.Kind), string(l.State), l.MovedAt.UTC().Format(time.RFC3339), l.Gross.Format(),
				l.Fee.Format(), l.Net.Format(), string(l.Net.Currency), l.PaymentID, l.Subject, unformulated(string(l.Account)), unformulated(l.Note),
			))
			if err != nil {
				return err
			}
		}
		out.Flush()
		if err := out.Error(); err != nil || len(lines) < csvPage {
			return err
		}
	}
}
