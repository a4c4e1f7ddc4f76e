package stripe

import (
	"context"
	"errors"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

// Cancel ends the intent, so that it can no longer be paid. One that is past
// cancelling is read again: it succeeded, is processing, or was cancelled before.
func (g *Gateway) Cancel(ctx context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "reference_missing", "The payment has no intent at Stripe.")
	}
	p := &stripego.PaymentIntentCancelParams{CancellationReason: stripego.String("abandoned")}
	p.Context = ctx
	for _, field := range expanded {
		p.AddExpand(field)
	}
	pi, err := g.api.PaymentIntents.Cancel(reference, p)
	var e *stripego.Error
	if errors.As(err, &e) && e.Code == stripego.ErrorCodePaymentIntentUnexpectedState {
		return g.Fetch(ctx, reference)
	}
	if err != nil {
		return billing.Status{}, outcome(err, changes)
	}
	return g.status(ctx, pi)
}
