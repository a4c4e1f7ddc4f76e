package api

import (
	"context"
	"strconv"

	"hostfront/billing"
	"hostfront/db"
)

// listSubscriptions is GET /v1/subscriptions.
func (s *Server) listSubscriptions(ctx context.Context, in *PageInput) (*pageOutput[SubscriptionAnswer], error) {
	subscriptions, err := s.cfg.Billing.Subscriptions(ctx, customerID(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(subscriptions, in.Limit, func(v billing.Subscription) string { return v.ID })
	return pageOf(subscriptions, next, subscriptionAnswer), nil
}

// cancelSubscription is POST /v1/subscriptions/{id}/cancel. Asked again, it answers
// the same.
func (s *Server) cancelSubscription(ctx context.Context, in *idInput) (*body[SubscriptionAnswer], error) {
	var ended billing.Subscription
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		sub, err := s.cfg.Billing.Subscription(ctx, q, in.ID)
		if err != nil {
			return err
		}
		if sub.CustomerID != customerID(ctx) {
			return missing("subscription", in.ID)
		}
		if sub.CancelAt.IsZero() {
			if err := s.cfg.Billing.CancelSubscription(ctx, q, in.ID, sub.CurrentPeriodEnd); err != nil {
				return err
			}
		}
		ended, err = s.cfg.Billing.Subscription(ctx, q, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &body[SubscriptionAnswer]{subscriptionAnswer(ended)}, nil
}

func subscriptionAnswer(v billing.Subscription) SubscriptionAnswer {
	return SubscriptionAnswer{
		ID: v.ID, ServiceID: v.ServiceID, Description: v.Description, Cycle: cycleName(v.Cycle), Price: v.Net,
		State: string(v.State), EndsAt: instant(v.CancelAt), CurrentPeriodEnd: instant(v.CurrentPeriodEnd), NextInvoiceAt: instant(v.NextInvoiceAt),
		PaymentMethodID: v.MethodID,
	}
}

// cycleName is a cycle as the API names it: "month", "year", or "3 months".
func cycleName(c billing.Cycle) string {
	if c.Count == 1 {
		return string(c.Unit)
	}
	return strconv.Itoa(c.Count) + " " + string(c.Unit) + "s"
}
