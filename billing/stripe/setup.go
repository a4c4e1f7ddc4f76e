package stripe

import (
	"context"
	"errors"
	"net/http"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

// metaSetup ties a SetupIntent to the shop's setup.
const metaSetup = "hostfront_setup"

// setupExpanded is what is read along with a setup: the method, and what iDEAL or
// Bancontact left instead of itself.
var setupExpanded = []string{"payment_method", "latest_attempt"}

// Setup makes the SetupIntent that the storefront confirms with Stripe.js. Which methods are
// offered is the dashboard's to say; delayed ones too, since no order waits for them.
func (g *Gateway) Setup(ctx context.Context, r billing.SetupRequest) (billing.SetupStatus, error) {
	customer, err := g.customer(ctx, billing.Charge{
		CustomerID: r.CustomerID, Email: r.Email, Name: r.Name, ProviderCustomer: r.ProviderCustomer, CreatedAt: r.CreatedAt,
	})
	if err != nil {
		return billing.SetupStatus{}, err
	}
	si, err := once(g, creation[*stripego.SetupIntent]{
		id:     r.ID,
		madeAt: r.CreatedAt,
		send: func(key string) (*stripego.SetupIntent, error) {
			p := g.setupParams(ctx, r, customer)
			p.SetIdempotencyKey(key)
			return g.api.SetupIntents.New(p)
		},
		look: func() (*stripego.SetupIntent, bool, error) { return g.setupOf(ctx, customer, r) },
	})
	if err != nil {
		return billing.SetupStatus{}, outcome(err, changes)
	}
	return g.setupStatus(ctx, si)
}

func (g *Gateway) setupParams(ctx context.Context, r billing.SetupRequest, customer string) *stripego.SetupIntentParams {
	p := &stripego.SetupIntentParams{
		Customer:                &customer,
		Usage:                   stripego.String(string(stripego.SetupIntentUsageOffSession)),
		AutomaticPaymentMethods: &stripego.SetupIntentAutomaticPaymentMethodsParams{Enabled: stripego.Bool(true)},
		Metadata:                map[string]string{metaSetup: r.ID, metaCustomer: r.CustomerID},
	}
	p.Context = ctx
	if g.methodConfig != "" {
		p.PaymentMethodConfiguration = &g.methodConfig
	}
	for _, field := range setupExpanded {
		p.AddExpand(field)
	}
	return p
}

// setupOf finds the SetupIntent of a setup among its customer's.
func (g *Gateway) setupOf(ctx context.Context, customer string, r billing.SetupRequest) (*stripego.SetupIntent, bool, error) {
	p := &stripego.SetupIntentListParams{Customer: &customer, CreatedRange: since(r.CreatedAt.Add(-clockSkew))}
	p.Context = ctx
	p.Limit = stripego.Int64(100)
	for _, field := range setupExpanded {
		p.AddExpand("data." + field)
	}
	list := g.api.SetupIntents.List(p)
	for list.Next() {
		if si := list.SetupIntent(); si.Metadata[metaSetup] == r.ID {
			return si, true, nil
		}
	}
	return nil, false, list.Err()
}

// FetchSetup reads the SetupIntent.
func (g *Gateway) FetchSetup(ctx context.Context, reference string) (billing.SetupStatus, error) {
	if reference == "" {
		return billing.SetupStatus{}, fault.Came(fault.Rejected, "reference_missing", "The setup has no intent at Stripe.")
	}
	p := &stripego.SetupIntentParams{}
	p.Context = ctx
	for _, field := range setupExpanded {
		p.AddExpand(field)
	}
	si, err := g.api.SetupIntents.Get(reference, p)
	if err != nil {
		return billing.SetupStatus{}, outcome(err, reads)
	}
	return g.setupStatus(ctx, si)
}

// CancelSetup ends the SetupIntent; one that is past cancelling is read again.
func (g *Gateway) CancelSetup(ctx context.Context, reference string) (billing.SetupStatus, error) {
	if reference == "" {
		return billing.SetupStatus{}, fault.Came(fault.Rejected, "reference_missing", "The setup has no intent at Stripe.")
	}
	p := &stripego.SetupIntentCancelParams{CancellationReason: stripego.String("abandoned")}
	p.Context = ctx
	for _, field := range setupExpanded {
		p.AddExpand(field)
	}
	si, err := g.api.SetupIntents.Cancel(reference, p)
	var e *stripego.Error
	if errors.As(err, &e) && e.Code == stripego.ErrorCodeSetupIntentUnexpectedState {
		return g.FetchSetup(ctx, reference)
	}
	if err != nil {
		return billing.SetupStatus{}, outcome(err, changes)
	}
	return g.setupStatus(ctx, si)
}

// Detach takes a method from its customer, after which nobody can charge it. One that
// Stripe no longer has, or that belongs to nobody, is gone already.
func (g *Gateway) Detach(ctx context.Context, m billing.Mandate) error {
	p := &stripego.PaymentMethodDetachParams{}
	p.Context = ctx
	_, err := g.api.PaymentMethods.Detach(m.Reference, p)
	var e *stripego.Error
	if err == nil || errors.As(err, &e) && e.HTTPStatusCode == http.StatusNotFound {
		return nil
	}
	if errors.As(err, &e) && e.HTTPStatusCode == http.StatusBadRequest && g.isFree(ctx, m.Reference) {
		return nil
	}
	return outcome(err, changes)
}

// isFree is true for a method that belongs to no customer.
func (g *Gateway) isFree(ctx context.Context, reference string) bool {
	p := &stripego.PaymentMethodParams{}
	p.Context = ctx
	m, err := g.api.PaymentMethods.Get(reference, p)
	return err == nil && m.Customer == nil
}

func (g *Gateway) setupStatus(ctx context.Context, si *stripego.SetupIntent) (billing.SetupStatus, error) {
	if si == nil || si.ID == "" {
		return billing.SetupStatus{}, outcome(errors.New("a setup without an id"), changes)
	}
	s := billing.SetupStatus{Reference: si.ID, SetupID: si.Metadata[metaSetup], State: setupStates[si.Status]}
	if si.Customer != nil {
		s.ProviderCustomer = si.Customer.ID
	}
	switch s.State {
	case billing.PaymentSucceeded:
		method, err := g.setupMethod(ctx, si)
		if err != nil {
			return billing.SetupStatus{}, err
		}
		s.Method = method
	case billing.PaymentRequiresAction, "":
		s.State = billing.PaymentRequiresAction
		s.Next = &billing.NextAction{Type: "stripe_setup", ClientSecret: si.ClientSecret, PublishableKey: g.publishableKey}
		s.Decline = declineOf(si.LastSetupError)
	}
	return s, nil
}

// setupStates are what a SetupIntent's status means; one that is not here waits for the
// customer, who can go on with another method and the same client secret.
var setupStates = map[stripego.SetupIntentStatus]billing.PaymentState{
	stripego.SetupIntentStatusSucceeded:  billing.PaymentSucceeded,
	stripego.SetupIntentStatusProcessing: billing.PaymentProcessing,
	stripego.SetupIntentStatusCanceled:   billing.PaymentCancelled,
}

// setupMethod is the method that a setup saved: after iDEAL or Bancontact the SEPA mandate
// that they generated.
func (g *Gateway) setupMethod(ctx context.Context, si *stripego.SetupIntent) (*billing.SavedMethod, error) {
	if a := si.LatestAttempt; a != nil && a.PaymentMethodDetails != nil {
		d := a.PaymentMethodDetails
		switch {
		case d.IDEAL != nil && d.IDEAL.GeneratedSEPADebit != nil:
			return g.generated(ctx, si.ID, d.IDEAL.GeneratedSEPADebit.ID)
		case d.Bancontact != nil && d.Bancontact.GeneratedSEPADebit != nil:
			return g.generated(ctx, si.ID, d.Bancontact.GeneratedSEPADebit.ID)
		}
	}
	if si.PaymentMethod == nil {
		return nil, nil
	}
	return savedMethod(si.PaymentMethod), nil
}
