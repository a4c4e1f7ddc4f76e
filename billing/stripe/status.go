package stripe

import (
	"context"
	"errors"
	"slices"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"

	stripego "github.com/stripe/stripe-go/v76"
)

// expanded is what is read along with an intent: the fee and the method.
var expanded = []string{"latest_charge.balance_transaction", "payment_method"}

// Fetch reads the intent.
func (g *Gateway) Fetch(ctx context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "reference_missing", "The payment has no intent at Stripe.")
	}
	p := &stripego.PaymentIntentParams{}
	p.Context = ctx
	for _, field := range expanded {
		p.AddExpand(field)
	}
	pi, err := g.api.PaymentIntents.Get(reference, p)
	if err != nil {
		return billing.Status{}, outcome(err, reads)
	}
	return g.status(ctx, pi)
}

// paymentOf is the shop's payment that an intent was made for; empty for one that the shop has
// not made, or that another shop on the same account has.
func (g *Gateway) paymentOf(pi *stripego.PaymentIntent) string {
	if by := pi.Metadata[metaShop]; by != "" && g.shop != "" && by != g.shop {
		return ""
	}
	return pi.Metadata[metaPayment]
}

// status reads an intent. It calls Stripe once more when a mandate was generated,
// for what the customer knows it by.
func (g *Gateway) status(ctx context.Context, pi *stripego.PaymentIntent) (billing.Status, error) {
	if pi == nil || pi.ID == "" {
		return billing.Status{}, outcome(errors.New("an intent without an id"), changes)
	}
	s := billing.Status{
		Reference: pi.ID,
		State:     stateOf(pi),
		Received:  fromStripe(pi.AmountReceived, pi.Currency),
		Fee:       fee(pi),
		PaymentID: g.paymentOf(pi),
		Live:      pi.Livemode,
	}
	if pi.Customer != nil {
		s.ProviderCustomer = pi.Customer.ID
	}
	if pi.LatestCharge != nil {
		s.Refunded = fromStripe(pi.LatestCharge.AmountRefunded, pi.Currency)
	}
	switch s.State {
	case billing.PaymentRequiresAction:
		s.Next = &billing.NextAction{Type: "stripe", ClientSecret: pi.ClientSecret, PublishableKey: g.publishableKey}
	case billing.PaymentFailed:
		s.Decline = declineOf(pi.LastPaymentError)
	case billing.PaymentSucceeded, billing.PaymentProcessing:
		method, err := g.saved(ctx, pi)
		if err != nil {
			return billing.Status{}, err
		}
		s.Method = method
	}
	return s, nil
}

// stateOf is where an intent stands. An intent that waits for a method is the
// customer's to go on with (another card, the same client secret), unless there is no
// customer (off-session) or the refusal came days later by bank.
func stateOf(pi *stripego.PaymentIntent) billing.PaymentState {
	switch pi.Status {
	case stripego.PaymentIntentStatusSucceeded:
		return billing.PaymentSucceeded
	case stripego.PaymentIntentStatusProcessing, stripego.PaymentIntentStatusRequiresCapture:
		return billing.PaymentProcessing
	case stripego.PaymentIntentStatusCanceled:
		return billing.PaymentCancelled
	case stripego.PaymentIntentStatusRequiresPaymentMethod:
		if e := pi.LastPaymentError; e != nil && (pi.Metadata[metaMode] == modeOffSession || delayed(e.PaymentMethod)) {
			return billing.PaymentFailed
		}
	}
	return billing.PaymentRequiresAction
}

func delayed(m *stripego.PaymentMethod) bool {
	return m != nil && slices.Contains(delayedMethods, string(m.Type))
}

// fee is what Stripe keeps, where it is told in the payment's own currency; an
// account that settles in another one reports none here.
func fee(pi *stripego.PaymentIntent) money.Amount {
	if pi.LatestCharge == nil || pi.LatestCharge.BalanceTransaction == nil {
		return money.Amount{}
	}
	bt := pi.LatestCharge.BalanceTransaction
	if bt.Currency != pi.Currency {
		return money.Amount{}
	}
	return fromStripe(bt.Fee, bt.Currency)
}
