package stripe

import (
	"context"
	"strings"

	"hostfront/billing"

	stripego "github.com/stripe/stripe-go/v76"
)

// The metadata that ties Stripe's objects to the shop's.
const (
	metaPayment  = "hostfront_payment"
	metaInvoice  = "hostfront_invoice"
	metaCustomer = "hostfront_customer"
	metaRefund   = "hostfront_refund"
	metaReason   = "hostfront_reason"
	metaMode     = "hostfront_mode"
	metaShop     = "hostfront_shop"

	modeOnSession  = "on_session"
	modeOffSession = "off_session"
)

// delayedMethods tell only days later whether the money came.
var delayedMethods = []string{
	"acss_debit", "au_becs_debit", "bacs_debit", "boleto", "customer_balance", "konbini",
	"multibanco", "nz_bank_account", "oxxo", "sepa_debit", "sofort", "us_bank_account",
}

// Begin makes the PaymentIntent that the storefront confirms with Stripe.js. Which
// methods are offered is the dashboard's to say, less the delayed ones.
//
// The customer is made first and always, also when nothing is to be saved: an intent
// can then be found by listing its customer's, which is consistent at once.
func (g *Gateway) Begin(ctx context.Context, c billing.Charge) (billing.Status, error) {
	amount, currency, err := toStripe(c.Amount)
	if err != nil {
		return billing.Status{}, err
	}
	customer, err := g.customer(ctx, c)
	if err != nil {
		return billing.Status{}, err
	}
	pi, err := g.makeIntent(ctx, c, customer, func() *stripego.PaymentIntentParams {
		p := g.intentParams(c, modeOnSession)
		p.Amount, p.Currency, p.Customer = &amount, &currency, &customer
		p.AutomaticPaymentMethods = &stripego.PaymentIntentAutomaticPaymentMethodsParams{Enabled: stripego.Bool(true)}
		if c.SaveMethod {
			p.SetupFutureUsage = stripego.String(string(stripego.PaymentIntentSetupFutureUsageOffSession))
		}
		g.restrictMethods(p)
		return p
	})
	if err != nil {
		return billing.Status{}, outcome(err, changes)
	}
	return g.status(ctx, pi)
}

// restrictMethods keeps delayed methods out of the checkout. The parameter is newer
// than stripe-go v76, hence by name.
func (g *Gateway) restrictMethods(p *stripego.PaymentIntentParams) {
	if g.methodConfig != "" {
		p.PaymentMethodConfiguration = &g.methodConfig
		return
	}
	if g.allowDelayed {
		return
	}
	for i, m := range delayedMethods {
		p.AddExtra("excluded_payment_method_types["+itoa(i)+"]", m)
	}
}

// intentParams are what every intent of the shop carries.
func (g *Gateway) intentParams(c billing.Charge, mode string) *stripego.PaymentIntentParams {
	p := &stripego.PaymentIntentParams{
		Description: optional(c.Description),
		Metadata: map[string]string{
			metaPayment: c.ID, metaInvoice: c.InvoiceID, metaCustomer: c.CustomerID, metaMode: mode,
		},
	}
	if g.shop != "" {
		p.Metadata[metaShop] = g.shop
	}
	if suffix := statementSuffix(c.Reference); suffix != "" {
		p.StatementDescriptorSuffix = &suffix
	}
	for _, field := range expanded {
		p.AddExpand(field)
	}
	return p
}

// statementSuffix is the reference where a bank statement can show it: Stripe refuses
// one without a letter, with < > ' " \ *, or too long beside the account's own name.
func statementSuffix(reference string) string {
	letters := strings.IndexFunc(reference, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	odd := strings.ContainsFunc(reference, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`<>'"\*`, r) })
	if letters < 0 || odd || len(reference) > 10 {
		return ""
	}
	return reference
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
