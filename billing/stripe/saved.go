package stripe

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"hostfront/billing"

	stripego "github.com/stripe/stripe-go/v76"
)

// saved is the method that a payment left behind for off-session charges, nil when
// the customer was not asked or the payment itself was one.
func (g *Gateway) saved(ctx context.Context, pi *stripego.PaymentIntent) (*billing.SavedMethod, error) {
	asked := pi.SetupFutureUsage == stripego.PaymentIntentSetupFutureUsageOffSession
	if !asked || pi.Metadata[metaMode] == modeOffSession || pi.PaymentMethod == nil {
		return nil, nil
	}
	// iDEAL and Bancontact pay once; what they leave is a SEPA mandate.
	if id := generatedMandate(pi.LatestCharge); id != "" {
		return g.generated(ctx, pi.ID, id)
	}
	if paysOnce[pi.PaymentMethod.Type] {
		return nil, nil
	}
	return savedMethod(pi.PaymentMethod), nil
}

// paysOnce are methods that can never be charged again themselves.
var paysOnce = map[stripego.PaymentMethodType]bool{
	stripego.PaymentMethodTypeIDEAL:      true,
	stripego.PaymentMethodTypeBancontact: true,
	stripego.PaymentMethodTypeSofort:     true,
}

func generatedMandate(c *stripego.Charge) string {
	if c == nil || c.PaymentMethodDetails == nil {
		return ""
	}
	d := c.PaymentMethodDetails
	switch {
	case d.IDEAL != nil && d.IDEAL.GeneratedSEPADebit != nil:
		return d.IDEAL.GeneratedSEPADebit.ID
	case d.Bancontact != nil && d.Bancontact.GeneratedSEPADebit != nil:
		return d.Bancontact.GeneratedSEPADebit.ID
	case d.Sofort != nil && d.Sofort.GeneratedSEPADebit != nil:
		return d.Sofort.GeneratedSEPADebit.ID
	}
	return ""
}

// generated reads a generated mandate. One that Stripe no longer has is not saved, and
// must not keep a payment that succeeded from being seen.
func (g *Gateway) generated(ctx context.Context, intent, id string) (*billing.SavedMethod, error) {
	p := &stripego.PaymentMethodParams{}
	p.Context = ctx
	m, err := g.api.PaymentMethods.Get(id, p)
	var refused *stripego.Error
	if errors.As(err, &refused) && refused.HTTPStatusCode == http.StatusNotFound {
		g.log.WarnContext(ctx, "stripe: the mandate a payment generated is gone", "intent", intent, "payment_method", id)
		return nil, nil
	}
	if err != nil {
		return nil, outcome(err, reads)
	}
	return savedMethod(m), nil
}

func savedMethod(m *stripego.PaymentMethod) *billing.SavedMethod {
	s := &billing.SavedMethod{Reference: m.ID, Kind: string(m.Type)}
	switch {
	case m.Card != nil:
		s.Label = brand(string(m.Card.Brand)) + " •••• " + m.Card.Last4
		s.ExpMonth, s.ExpYear = int(m.Card.ExpMonth), int(m.Card.ExpYear)
	case m.SEPADebit != nil:
		s.Label = "SEPA " + m.SEPADebit.Country + " •••• " + m.SEPADebit.Last4
	default:
		s.Label = brand(string(m.Type))
	}
	return s
}

// brands are how brands write themselves.
var brands = map[string]string{
	"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "diners": "Diners Club",
	"discover": "Discover", "jcb": "JCB", "unionpay": "UnionPay", "cartes_bancaires": "Cartes Bancaires",
	"paypal": "PayPal", "link": "Link", "unknown": "Card", "": "Card",
}

func brand(code string) string {
	if name, ok := brands[code]; ok {
		return name
	}
	return strings.ReplaceAll(code, "_", " ")
}
