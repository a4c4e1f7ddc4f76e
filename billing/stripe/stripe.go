package stripe

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/billing/wire"
	"hostfront/clock"

	stripego "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"
)

// Gateway takes money through Stripe. Safe for concurrent use.
type Gateway struct {
	api   *client.API
	clock clock.Clock
	log   *slog.Logger
	// What the storefront and Begin need.
	publishableKey string
	shop           string
	methodConfig   string
	allowDelayed   bool
	live           bool
	secrets        []string
}

var (
	_ billing.Gateway         = (*Gateway)(nil)
	_ billing.WebhookReceiver = (*Gateway)(nil)
	_ billing.MandateCharger  = (*Gateway)(nil)
	_ billing.Finder          = (*Gateway)(nil)
	_ billing.RefundFetcher   = (*Gateway)(nil)
	_ billing.MethodKeeper    = (*Gateway)(nil)
)

// New checks the configuration and makes the gateway; it calls nobody.
func New(c Config) (*Gateway, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	backend := stripego.GetBackendWithConfig(stripego.APIBackend, &stripego.BackendConfig{
		HTTPClient:        httpClient(c),
		EnableTelemetry:   stripego.Bool(false),
		MaxNetworkRetries: stripego.Int64(0),
		// Its debug level writes whole answers, client secrets included.
		LeveledLogger: &stripego.LeveledLogger{Level: stripego.LevelNull},
		URL:           stripego.String(c.APIBase),
	})
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Gateway{
		api:            client.New(c.SecretKey, &stripego.Backends{API: backend, Connect: backend, Uploads: backend}),
		clock:          c.Clock,
		log:            log,
		publishableKey: c.PublishableKey,
		shop:           c.Shop,
		methodConfig:   c.PaymentMethodConfiguration,
		allowDelayed:   c.AllowDelayed,
		live:           c.Live,
		secrets:        c.WebhookSecrets,
	}, nil
}

var errRedirected = errors.New("redirects are not followed: the key must not travel to another host")

// Name is "stripe".
func (g *Gateway) Name() string { return "stripe" }

func httpClient(c Config) *http.Client {
	base := c.Transport
	if base == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 32
		base = t
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 25 * time.Second
	}
	return &http.Client{
		Transport:     wire.Marker{Base: base},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected },
	}
}
