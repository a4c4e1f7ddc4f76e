package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// paidByHand books that the operator has paid what is owed from the shop's bank account: a refund
// of each payment whose own did not go through.
func (b *Billing) paidByHand(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := readPayload[owedPayload](t)
	if err != nil {
		return err
	}
	owed, err := b.failedOn(ctx, q, p.CreditNoteID)
	if err != nil {
		return err
	}
	if len(owed) == 0 {
		return fault.New(fault.Conflict, "nothing_owed", "Nothing of the credit note is owed any more: cancel this task.")
	}
	now := db.At(b.clock.Now())
	for _, r := range owed {
		rows, err := q.PaymentReserveRefund(ctx, db.PaymentReserveRefundParams{ID: r.PaymentID, Amount: r.Amount, UpdatedAt: now})
		if err != nil {
			return fmt.Errorf("count a refund by hand of payment %s: %w", r.PaymentID, err)
		}
		if rows == 0 {
			return fault.New(fault.Conflict, "over_refund", "The payment does not stand for that much any more: it is disputed, or went back otherwise.")
		}
		sent := db.Refund{
			ID: b.store.NewID("rfd"), PaymentID: r.PaymentID, CreditNoteID: r.CreditNoteID, CustomerID: r.CustomerID,
			Gateway: transferGateway, Currency: r.Currency, Amount: r.Amount, State: string(refundPending),
		}
		err = q.RefundInsert(ctx, db.RefundInsertParams{
			ID: sent.ID, PaymentID: sent.PaymentID, CreditNoteID: sent.CreditNoteID, CustomerID: sent.CustomerID, Gateway: sent.Gateway,
			Policy: string(RefundManual), Currency: sent.Currency, Amount: sent.Amount, Reason: r.Reason, CreatedAt: now,
		})
		if err != nil {
			return fmt.Errorf("store refund by hand of payment %s: %w", r.PaymentID, err)
		}
		if err := q.RefundSetTask(ctx, db.RefundSetTaskParams{ID: sent.ID, TaskID: t.ID}); err != nil {
			return err
		}
		if err := b.applyRefund(ctx, q, sent, toldRefund{State: refundSucceeded}); err != nil {
			return err
		}
	}
	return nil
}

// mustNotOwe keeps the question from being put away while something is owed.
func (b *Billing) mustNotOwe(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := readPayload[owedPayload](t)
	if err != nil {
		return err
	}
	owed, err := b.failedOn(ctx, q, p.CreditNoteID)
	if err != nil || len(owed) == 0 {
		return err
	}
	return fault.New(fault.Conflict, "refund_owed", "%s is owed to the customer: refund the credit note again, or pay it by hand and settle this as done.", p.Amount)
}
