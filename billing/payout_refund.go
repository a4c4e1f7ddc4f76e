package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/money"
	"hostfront/review"
)

// refundMissingQuestion is about a refund whose money has not left the provider's balance.
const refundMissingQuestion = "payout_refund_missing"

// refundPaidOut keeps that a payout has taken a refund, and ends the question where it is.
func (b *Billing) refundPaidOut(ctx context.Context, q *db.Queries, refundID string) error {
	rows, err := q.RefundPaidOut(ctx, refundID)
	if err != nil || rows == 0 {
		return wrap(err, "keep that refund "+refundID+" is paid out")
	}
	return b.refundFound(ctx, q, refundID, "a payout has taken it")
}

// refundFound ends the question about a refund.
func (b *Billing) refundFound(ctx context.Context, q *db.Queries, refundID, why string) error {
	_, err := review.Answered(ctx, q, b.tasks, refundMissingQuestion, refundID, why)
	return err
}

// missingRefunds asks about refunds that have gone through for longer than the shop waits
// (Policies.PayoutAfter) and that no payout has taken, though a later one is read (newest): one
// that staff settled as sent and that nobody has made, say.
func (r *payoutRun) missingRefunds(ctx context.Context, newest db.Instant) error {
	late := min(db.At(r.clock.Now().Add(-r.policies.PayoutAfter)), newest-1)
	asked := 0
	for after := ""; asked < mostMissing; {
		rows, err := r.store.Read().RefundsNotPaidOut(ctx, db.RefundsNotPaidOutParams{Gateway: r.gateway.Name(), After: after, Page: payoutPage})
		if err != nil {
			return fmt.Errorf("refunds of %s that are in no payout: %w", r.gateway.Name(), err)
		}
		for _, row := range rows {
			if after = row.ID; row.SettledAt <= late && asked < mostMissing {
				asked++
				r.report.Skip(row.ID, r.askMissingRefund(ctx, row.ID))
			}
		}
		if len(rows) < payoutPage || ctx.Err() != nil {
			break
		}
	}
	r.report.Count("missing_refunds", asked)
	return ctx.Err()
}

// askMissingRefund puts a refund to the operator that no payout has taken.
func (r *payoutRun) askMissingRefund(ctx context.Context, id string) error {
	return r.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.RefundByID(ctx, id)
		if err != nil {
			return fmt.Errorf("read refund %s: %w", id, err)
		}
		if row.PaidOut || row.State != string(refundSucceeded) {
			return nil
		}
		_, err = review.Ask(ctx, q, r.tasks, review.Question{
			Code: refundMissingQuestion, Subject: row.ID,
			Message: "A refund is booked as sent and no payout has taken it, though later payouts are read: the customer may not have it. Look it up at the provider by its payment, and make it there if it is not; this ends by itself when a payout has taken it.",
			Details: map[string]string{
				"gateway": row.Gateway, "reference": row.ProviderReference, "payment": row.PaymentID, "credit_note": row.CreditNoteID,
				"amount": money.New(row.Amount, money.Currency(row.Currency)).String(), "settled": row.SettledAt.Time().Format(time.DateOnly),
			},
		})
		return err
	})
}
