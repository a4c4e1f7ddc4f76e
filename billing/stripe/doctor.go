package stripe

import (
	"context"
	"slices"

	stripego "github.com/stripe/stripe-go/v76"
)

// APIVersion is the version of Stripe's API that this package speaks, and the one
// that a webhook endpoint should be made at.
const APIVersion = stripego.APIVersion

// Events are the types that a webhook endpoint should send: those about the
// objects that Receive has read again. Any other type does no harm.
func Events() []string {
	return []string{
		"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing",
		"payment_intent.requires_action", "payment_intent.canceled",
		"charge.refunded", "charge.dispute.created", "charge.dispute.funds_withdrawn",
		"charge.dispute.funds_reinstated", "charge.dispute.closed",
		"refund.created", "refund.updated", "setup_intent.succeeded", "setup_intent.canceled",
		"payout.paid", "payout.failed", "payout.canceled", "payout.reconciliation_completed",
	}
}

// Endpoint is a webhook endpoint of the account, as Stripe has it.
type Endpoint struct {
	URL string
	// APIVersion is empty where the endpoint follows the account's default.
	APIVersion    string
	Enabled, Live bool
	MissingEvents []string
}

// Ping makes the call that says most for least: it reads one payment, which needs a
// key that is accepted and the permission that everything else needs too.
func (g *Gateway) Ping(ctx context.Context) error {
	p := &stripego.PaymentIntentListParams{}
	p.Context, p.Limit, p.Single = ctx, stripego.Int64(1), true
	list := g.api.PaymentIntents.List(p)
	list.Next()
	return outcome(list.Err(), reads)
}

// Endpoints lists the account's webhook endpoints. A restricted key needs leave to
// read them, which nothing but the doctor asks for.
func (g *Gateway) Endpoints(ctx context.Context) ([]Endpoint, error) {
	p := &stripego.WebhookEndpointListParams{}
	p.Context, p.Limit = ctx, stripego.Int64(100)
	list := g.api.WebhookEndpoints.List(p)
	var found []Endpoint
	for list.Next() {
		found = append(found, endpointOf(list.WebhookEndpoint()))
	}
	return found, outcome(list.Err(), reads)
}

func endpointOf(e *stripego.WebhookEndpoint) Endpoint {
	out := Endpoint{URL: e.URL, APIVersion: e.APIVersion, Enabled: e.Status == "enabled", Live: e.Livemode}
	if slices.Contains(e.EnabledEvents, "*") {
		return out
	}
	for _, kind := range Events() {
		if !slices.Contains(e.EnabledEvents, kind) {
			out.MissingEvents = append(out.MissingEvents, kind)
		}
	}
	return out
}
