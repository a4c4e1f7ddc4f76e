package api

import (
	"context"
	"strconv"

	"hostfront/billing"
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

func subscriptionAnswer(v billing.Subscription) SubscriptionAnswer {
	return SubscriptionAnswer{
		ID: v.ID, ServiceID: v.ServiceID, Description: v.Description, Cycle: cycleName(v.Cycle), Price: v.Net,
		State: string(v.State), CurrentPeriodEnd: instant(v.CurrentPeriodEnd), NextInvoiceAt: instant(v.NextInvoiceAt),
	}
}

// cycleName is a cycle as the API names it: "month", "year", or "3 months".
func cycleName(c billing.Cycle) string {
	if c.Count == 1 {
		return string(c.Unit)
	}
	return strconv.Itoa(c.Count) + " " + string(c.Unit) + "s"
}
