package service

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// failed is the Failed of every delivering task.
func (s *Services) failed(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return err
	}
	return s.fail(ctx, q, d, cause.Code)
}

// fail ends a delivery without its thing: the name is free again, the line's
// money goes back by the shop's policy with a credit note, its siblings live on.
func (s *Services) fail(ctx context.Context, q *db.Queries, d db.Delivery, code string) error {
	rows, err := q.DeliveryFail(ctx, db.DeliveryFailParams{ID: d.ID, CauseCode: code, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("fail delivery %s: %w", d.ID, err)
	}
	if rows == 0 {
		return nil
	}
	if _, err := q.NameReservationRelease(ctx, d.ID); err != nil {
		return fmt.Errorf("release the name of delivery %s: %w", d.ID, err)
	}
	err = s.Billing.RefundLine(ctx, q, billing.RefundLineParams{
		InvoiceID: d.InvoiceID, LineSubject: d.ID, Reason: code, Policy: billing.RefundPolicy(s.RefundPolicy),
	})
	if err != nil {
		return fmt.Errorf("refund delivery %s: %w", d.ID, err)
	}
	return s.Events.Emit(ctx, q, event.Params{
		Kind: "line.failed", Subject: d.ID, CustomerID: d.CustomerID,
		Data: map[string]any{"order_line_id": d.ID, "order_id": d.OrderID, "code": code, "refund": s.RefundPolicy},
	})
}

// actionRequired is the ActionRequired of every delivering task.
func (s *Services) actionRequired(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return err
	}
	return s.waitForCustomer(ctx, q, d, t.ID, cause)
}

// waitForCustomer leaves a delivery to the customer, who is told what to mend.
func (s *Services) waitForCustomer(ctx context.Context, q *db.Queries, d db.Delivery, taskID string, cause *fault.Outcome) error {
	fields, err := json.Marshal(cause.Fields)
	if err != nil {
		return fmt.Errorf("fields of delivery %s: %w", d.ID, err)
	}
	now := s.now()
	rows, err := q.DeliveryNeedsAction(ctx, db.DeliveryNeedsActionParams{
		ID: d.ID, CauseCode: cause.Code, CauseFields: string(fields), ActionAt: now, UpdatedAt: now,
	})
	if err != nil {
		return fmt.Errorf("delivery %s awaits the customer: %w", d.ID, err)
	}
	if rows == 0 {
		return nil
	}
	return s.Events.Emit(ctx, q, event.Params{
		Kind: "line.action_required", Subject: d.ID, CustomerID: d.CustomerID,
		Data: map[string]any{"order_line_id": d.ID, "order_id": d.OrderID, "task_id": taskID, "code": cause.Code, "fields": cause.Fields},
	})
}
