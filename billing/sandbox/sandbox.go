package sandbox

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/billing/wire"
	"hostfront/fault"
)

// Config is where the stand-in is.
type Config struct {
	// Demo must be set: outside the demo this gateway would give services away.
	Demo bool
	// BaseURL is the stand-in's API, Key what it is signed in to with.
	BaseURL, Key string
	// WebhookSecrets are what its webhooks may be signed with.
	WebhookSecrets []string
	// Transport carries the requests; nil for one of the gateway's own. Timeout is that
	// of one request, 0 for 25 seconds.
	Transport http.RoundTripper
	Timeout   time.Duration
}

// Gateway takes money through the stand-in. Safe for concurrent use.
type Gateway struct {
	base    string
	key     string
	secrets []string
	http    *http.Client
}

var (
	_ billing.Gateway         = (*Gateway)(nil)
	_ billing.WebhookReceiver = (*Gateway)(nil)
	_ billing.MandateCharger  = (*Gateway)(nil)
	_ billing.Finder          = (*Gateway)(nil)
	_ billing.RefundFetcher   = (*Gateway)(nil)
	_ billing.MethodKeeper    = (*Gateway)(nil)
)

// idleConnections is how many connections are kept for the next charge: a run of
// renewals uses as many at once as the queue has slots.
const idleConnections = 64

// New makes the gateway, for the demo alone.
func New(c Config) (*Gateway, error) {
	if !c.Demo {
		return nil, errors.New("the sandbox gateway takes no money and runs only in the demo: configure stripe or transfer")
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" {
		return nil, errors.New("the sandbox gateway needs the absolute URL of its stand-in")
	}
	if c.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost, t.MaxIdleConns = idleConnections, idleConnections
		c.Transport = t
	}
	if c.Timeout == 0 {
		c.Timeout = 25 * time.Second
	}
	return &Gateway{
		base: strings.TrimSuffix(c.BaseURL, "/"), key: c.Key, secrets: c.WebhookSecrets,
		http: &http.Client{
			Transport:     wire.Marker{Base: c.Transport},
			Timeout:       c.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// noReference is about a payment or refund that the provider was never told of.
func noReference() error {
	return fault.Came(fault.Rejected, "reference_missing", "The provider has no reference of it.")
}

// Name is "sandbox".
func (g *Gateway) Name() string { return "sandbox" }

// Begin opens a payment; the customer is sent to its page.
func (g *Gateway) Begin(ctx context.Context, c billing.Charge) (billing.Status, error) {
	return g.pay(ctx, payRequest{
		PaymentID: c.ID, Amount: c.Amount, Customer: c.CustomerID, Description: c.Description,
		ReturnURL: c.ReturnURL, SaveMethod: c.SaveMethod,
	})
}

// Charge charges a saved method; a decline is a status, not an error.
func (g *Gateway) Charge(ctx context.Context, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	if m.Reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "mandate_incomplete", "The saved method has no reference.")
	}
	customer := m.ProviderCustomer
	if customer == "" {
		customer = c.CustomerID
	}
	return g.pay(ctx, payRequest{
		PaymentID: c.ID, Amount: c.Amount, Customer: customer, Description: c.Description, Method: m.Reference,
	})
}

func (g *Gateway) pay(ctx context.Context, q payRequest) (billing.Status, error) {
	var p payment
	if err := g.call(ctx, call{method: http.MethodPost, path: "/v1/payments", body: q, answer: &p}); err != nil {
		return billing.Status{}, err
	}
	return p.status(), nil
}

// Fetch reads the payment.
func (g *Gateway) Fetch(ctx context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, noReference()
	}
	return g.read(ctx, http.MethodGet, "/v1/payments/"+url.PathEscape(reference))
}

// Cancel ends the payment; one that the customer has decided is given as it is.
func (g *Gateway) Cancel(ctx context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, noReference()
	}
	return g.read(ctx, http.MethodPost, "/v1/payments/"+url.PathEscape(reference)+"/cancel")
}

// Find reads the payment with the shop's id.
func (g *Gateway) Find(ctx context.Context, id string) (billing.Status, bool, error) {
	s, err := g.read(ctx, http.MethodGet, "/v1/payments?payment_id="+url.QueryEscape(id))
	var o *fault.Outcome
	if errors.As(err, &o) && o.Code == codeNotFound {
		return billing.Status{}, false, nil
	}
	return s, err == nil, err
}

func (g *Gateway) read(ctx context.Context, method, path string) (billing.Status, error) {
	var p payment
	if err := g.call(ctx, call{method: method, path: path, answer: &p}); err != nil {
		return billing.Status{}, err
	}
	return p.status(), nil
}

// Refund sends money back; the stand-in does it at once.
func (g *Gateway) Refund(ctx context.Context, r billing.RefundRequest) (billing.RefundStatus, error) {
	q := refundRequest{RefundID: r.ID, Payment: r.PaymentReference, Amount: r.Amount, Reason: r.Reason}
	var made refund
	err := g.call(ctx, call{method: http.MethodPost, path: "/v1/refunds", body: q, answer: &made})
	if err != nil {
		return billing.RefundStatus{}, err
	}
	return billing.RefundStatus{Reference: made.ID, State: made.State}, nil
}

// FetchRefund reads a refund.
func (g *Gateway) FetchRefund(ctx context.Context, reference string) (billing.RefundStatus, error) {
	if reference == "" {
		return billing.RefundStatus{}, noReference()
	}
	var found refund
	err := g.call(ctx, call{method: http.MethodGet, path: "/v1/refunds/" + url.PathEscape(reference), answer: &found})
	if err != nil {
		return billing.RefundStatus{}, err
	}
	return billing.RefundStatus{Reference: found.ID, State: found.State}, nil
}
