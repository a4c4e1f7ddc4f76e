package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// takeDisputed counts on the payment what a dispute has taken (or, below zero, given back), so
// that it is not sent back a second time.
func (b *Billing) takeDisputed(ctx context.Context, q *db.Queries, d db.Dispute, amount int64) error {
	rows, err := q.PaymentDispute(ctx, db.PaymentDisputeParams{ID: d.PaymentID, Amount: amount, UpdatedAt: db.At(b.clock.Now())})
	if err != nil || rows == 0 {
		return fmt.Errorf("count dispute %s on its payment: %d rows: %w", d.ID, rows, err)
	}
	return nil
}

// moveOf is a move that changes nothing.
func moveOf(d db.Dispute) db.DisputeMoveParams {
	return db.DisputeMoveParams{
		ID: d.ID, OldState: d.State, OldAmount: d.Amount, OldFee: d.Fee, State: d.State, Amount: d.Amount, Fee: d.Fee,
		Outcome: d.Outcome, AnswerAt: d.AnswerAt, CheckAt: d.CheckAt, ClosedAt: d.ClosedAt,
	}
}

func (b *Billing) moveDispute(ctx context.Context, q *db.Queries, move db.DisputeMoveParams) error {
	move.UpdatedAt = db.At(b.clock.Now())
	rows, err := q.DisputeMove(ctx, move)
	if err != nil {
		return fmt.Errorf("move dispute %s to %s: %w", move.ID, move.State, err)
	}
	if rows == 0 {
		return fmt.Errorf("move dispute %s to %s: it moved meanwhile", move.ID, move.State)
	}
	return nil
}
