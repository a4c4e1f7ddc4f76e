package stripe

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hostfront/clock"

	stripego "github.com/stripe/stripe-go/v76"
)

// Config is what the gateway needs to know.
type Config struct {
	// SecretKey is sk_… or a restricted rk_…; PublishableKey, pk_…, goes to the storefront.
	SecretKey, PublishableKey string
	// WebhookSecrets are the whsec_… that a webhook may be signed with: the present
	// one and, while it is rotated, the one before. Empty: webhooks are refused and
	// payments are learned of by reconciliation alone.
	WebhookSecrets []string
	// Shop is the shop's own id, which every payment is marked with: one that bears another
	// shop's mark is not this one's. Empty marks none and takes all.
	Shop string
	// Live says that real money is meant: a test key is refused then, and a live key otherwise.
	Live bool
	// APIBase is where Stripe is; empty for https://api.stripe.com.
	APIBase string
	// AllowDelayed offers methods at checkout that tell only days later whether the
	// money came (SEPA direct debit and such). Off by default: the order would wait.
	AllowDelayed bool
	// PaymentMethodConfiguration is a pmc_… made in Stripe's dashboard; when given, it
	// alone decides which methods are offered.
	PaymentMethodConfiguration string
	// Transport carries the requests; nil for one of the gateway's own.
	Transport http.RoundTripper
	// Timeout of one request; 0 for 25 seconds, below the engine's 30.
	Timeout time.Duration
	// Clock is the shop's time, for the age of idempotency keys.
	Clock clock.Clock
	Log   *slog.Logger
}

// check says in one sentence what is wrong, without repeating a key.
func (c *Config) check() error {
	if c.Clock == nil {
		return errors.New("stripe: the gateway needs a clock")
	}
	if err := checkMode("STRIPE_SECRET_KEY", c.SecretKey, []string{"sk_", "rk_"}, c.Live); err != nil {
		return err
	}
	if err := checkMode("STRIPE_PUBLISHABLE_KEY", c.PublishableKey, []string{"pk_"}, c.Live); err != nil {
		return err
	}
	for _, s := range c.WebhookSecrets {
		if !strings.HasPrefix(s, "whsec_") {
			return errors.New("STRIPE_WEBHOOK_SECRET must start with whsec_: it is the signing secret of the webhook endpoint")
		}
	}
	if c.APIBase == "" {
		c.APIBase = stripego.APIURL
	}
	u, err := url.Parse(c.APIBase)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("STRIPE_API_BASE must be an absolute http(s) URL")
	}
	if c.Live && u.Scheme != "https" {
		return errors.New("STRIPE_API_BASE must be https with a live key: the key travels in every request")
	}
	return nil
}

// checkMode tells a live key from a test key by its second part: sk_live_…, pk_test_….
func checkMode(setting, key string, prefixes []string, live bool) error {
	mode := ""
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(key, p); ok {
			mode, _, _ = strings.Cut(rest, "_")
		}
	}
	switch {
	case key == "":
		return errors.New(setting + " is missing")
	case mode != "live" && mode != "test":
		return errors.New(setting + " must look like " + prefixes[0] + "test_… or " + prefixes[0] + "live_…")
	case live && mode == "test":
		return errors.New(setting + " is a test key, and the shop is set to take real money")
	case !live && mode == "live":
		return errors.New(setting + " is a live key, and the shop is not set to take real money")
	}
	return nil
}
