package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// UseMethod has a subscription's renewals charged to one of its customer's methods, or with
// an empty methodID to the customer's default again, in the caller's transaction. Fault
// "invalid_fields" names method_id for a method that the customer does not have.
func (b *Billing) UseMethod(ctx context.Context, q *db.Queries, subscriptionID, methodID string) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, subscriptionID)
	if err != nil {
		return Subscription{}, err
	}
	gateway := ""
	if methodID != "" {
		m, err := q.MethodByID(ctx, methodID)
		if errors.Is(err, sql.ErrNoRows) || err == nil && (m.CustomerID != sub.CustomerID || !m.RemovedAt.IsZero()) {
			return Subscription{}, fault.InvalidField("method_id", "unknown_method", "The customer has no such payment method.")
		}
		if err != nil {
			return Subscription{}, fmt.Errorf("method %s: %w", methodID, err)
		}
		if !b.canCharge(m.Gateway) {
			return Subscription{}, fault.InvalidField("method_id", "cannot_be_charged", "This payment method cannot be charged by itself.")
		}
		gateway = m.Gateway
	}
	_, err = q.SubscriptionSetMethod(ctx, db.SubscriptionSetMethodParams{
		ID: sub.ID, Gateway: gateway, MethodID: methodID, UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return Subscription{}, fmt.Errorf("method of subscription %s: %w", sub.ID, err)
	}
	if err := b.methodsChanged(ctx, q, sub.CustomerID); err != nil {
		return Subscription{}, err
	}
	return b.Subscription(ctx, q, sub.ID)
}
