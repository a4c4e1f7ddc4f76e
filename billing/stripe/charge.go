package stripe

import (
	"context"
	"errors"
	"net/http"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

// Charge charges a saved method while the customer is away: an intent made and
// confirmed in one call. A decline is a status, not an error.
func (g *Gateway) Charge(ctx context.Context, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	amount, currency, err := toStripe(c.Amount)
	if err != nil {
		return billing.Status{}, err
	}
	if m.Reference == "" || m.ProviderCustomer == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "mandate_incomplete", "The saved method has no method or customer at Stripe.")
	}
	kind, status, err := g.kind(ctx, m, c)
	if err != nil || status != nil {
		return orNothing(status), err
	}
	pi, err := g.makeIntent(ctx, c, m.ProviderCustomer, func() *stripego.PaymentIntentParams {
		p := g.intentParams(c, modeOffSession)
		p.Amount, p.Currency = &amount, &currency
		p.Customer, p.PaymentMethod = stripego.String(m.ProviderCustomer), stripego.String(m.Reference)
		// The one type that is charged: automatic methods would leave out a SEPA
		// mandate where direct debit is off at checkout.
		p.PaymentMethodTypes = []*string{&kind}
		p.Confirm, p.OffSession = stripego.Bool(true), stripego.Bool(true)
		return p
	})
	if err != nil {
		return g.refused(ctx, c, err)
	}
	return g.status(ctx, pi)
}

// kind is the type of the saved method, asked for where the shop does not know it. A
// method that is gone is a decline.
func (g *Gateway) kind(ctx context.Context, m billing.Mandate, c billing.Charge) (string, *billing.Status, error) {
	if m.Kind != "" {
		return m.Kind, nil, nil
	}
	p := &stripego.PaymentMethodParams{}
	p.Context = ctx
	method, err := g.api.PaymentMethods.Get(m.Reference, p)
	var e *stripego.Error
	if errors.As(err, &e) && e.HTTPStatusCode == http.StatusNotFound {
		return "", g.declined(c, declined("payment_method_missing")), nil
	}
	if err != nil {
		return "", nil, outcome(err, reads)
	}
	return string(method.Type), nil, nil
}

// refused reads an error of an off-session charge: a decline is a failed payment, with
// the intent that Stripe made for it where there is one.
func (g *Gateway) refused(ctx context.Context, c billing.Charge, err error) (billing.Status, error) {
	var e *stripego.Error
	if !errors.As(err, &e) || !isDecline(e) {
		return billing.Status{}, outcome(err, changes)
	}
	decline := declineOf(e)
	if e.Param == "payment_method" && e.Code == stripego.ErrorCodeResourceMissing {
		decline = declined("payment_method_missing")
	}
	if e.PaymentIntent == nil || e.PaymentIntent.ID == "" {
		return *g.declined(c, decline), nil
	}
	s, err := g.status(ctx, e.PaymentIntent)
	if err != nil {
		return billing.Status{}, err
	}
	s.State, s.Decline, s.Next = billing.PaymentFailed, decline, nil
	return s, nil
}

// isDecline tells a refused method from a refused call.
func isDecline(e *stripego.Error) bool {
	if e.HTTPStatusCode < 400 || e.HTTPStatusCode >= 500 || e.HTTPStatusCode == http.StatusTooManyRequests {
		return false
	}
	_, known := declines[string(e.Code)]
	return e.Type == stripego.ErrorTypeCard || known || e.Param == "payment_method"
}

// declined is a payment that Stripe refused without making an intent for it.
func (g *Gateway) declined(c billing.Charge, d billing.Decline) *billing.Status {
	return &billing.Status{State: billing.PaymentFailed, Decline: d, PaymentID: c.ID, Live: g.live}
}

func orNothing(s *billing.Status) billing.Status {
	if s == nil {
		return billing.Status{}
	}
	return *s
}
