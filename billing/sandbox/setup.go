package sandbox

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"hostfront/billing"
	"hostfront/fault"
)

// setup is a setup as the stand-in shows it.
type setup struct {
	ID       string `json:"id"`
	SetupID  string `json:"setup_id"`
	Customer string `json:"customer"`
	State    string `json:"state"`
	Decline  struct {
		Class billing.DeclineClass `json:"class"`
		Code  string               `json:"code"`
	} `json:"decline"`
	URL   string `json:"url"`
	Saved *saved `json:"saved_method"`
}

func (v setup) status() billing.SetupStatus {
	s := billing.SetupStatus{
		Reference: v.ID, SetupID: v.SetupID, State: states[v.State], ProviderCustomer: v.Customer, Method: v.Saved.method(),
		Decline: billing.Decline{Class: v.Decline.Class, Code: v.Decline.Code},
	}
	switch {
	case v.State == "saved":
		s.State = billing.PaymentSucceeded
	case s.State == billing.PaymentRequiresAction:
		s.Next = &billing.NextAction{Type: "redirect", URL: v.URL}
	case s.State == "":
		s.State = billing.PaymentProcessing
	}
	return s
}

// Setup opens the saving of a method; the customer is sent to its page.
func (g *Gateway) Setup(ctx context.Context, r billing.SetupRequest) (billing.SetupStatus, error) {
	var made setup
	err := g.call(ctx, call{method: http.MethodPost, path: "/v1/setups", answer: &made, body: map[string]string{
		"setup_id": r.ID, "customer": r.CustomerID, "return_url": r.ReturnURL,
	}})
	if err != nil {
		return billing.SetupStatus{}, err
	}
	return made.status(), nil
}

// FetchSetup reads a setup.
func (g *Gateway) FetchSetup(ctx context.Context, reference string) (billing.SetupStatus, error) {
	return g.readSetup(ctx, http.MethodGet, reference, "")
}

// CancelSetup ends a setup; one that the customer has decided is given as it is.
func (g *Gateway) CancelSetup(ctx context.Context, reference string) (billing.SetupStatus, error) {
	return g.readSetup(ctx, http.MethodPost, reference, "/cancel")
}

func (g *Gateway) readSetup(ctx context.Context, method, reference, action string) (billing.SetupStatus, error) {
	if reference == "" {
		return billing.SetupStatus{}, noReference()
	}
	var found setup
	if err := g.call(ctx, call{method: method, path: "/v1/setups/" + url.PathEscape(reference) + action, answer: &found}); err != nil {
		return billing.SetupStatus{}, err
	}
	return found.status(), nil
}

// Detach has the stand-in forget a method.
func (g *Gateway) Detach(ctx context.Context, m billing.Mandate) error {
	var forgotten saved
	err := g.call(ctx, call{method: http.MethodPost, path: "/v1/methods/" + url.PathEscape(m.Reference) + "/detach", answer: &forgotten})
	var o *fault.Outcome
	if errors.As(err, &o) && o.Code == codeNotFound {
		return nil
	}
	return err
}
