package service

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// AllowCost lets a line be bought at more than was quoted, by an operator's decision, in
// the caller's transaction: the task that its price guard holds can then be retried.
// Fault not_pending when the line is not waiting to be delivered.
func (s *Services) AllowCost(ctx context.Context, q *db.Queries, deliveryID string, cost money.Amount) error {
	d, err := q.DeliveryByID(ctx, deliveryID)
	if err != nil {
		return fault.Missing("order line", deliveryID).Because(err)
	}
	if string(cost.Currency) != d.Currency || !cost.IsPositive() {
		return fault.InvalidField("cost", "invalid", "An amount in %s.", d.Currency)
	}
	rows, err := q.DeliveryAllowCost(ctx, db.DeliveryAllowCostParams{ID: d.ID, CostMinor: cost.Minor, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("allow a cost for delivery %s: %w", d.ID, err)
	}
	if rows == 0 {
		return fault.New(fault.Conflict, "not_pending", "This line is not waiting to be delivered.")
	}
	return nil
}
