package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"hostfront/billing/stripe"
)

// stripe asks whether the key is taken, and how webhooks are set up.
func (e *examination) stripe(ctx context.Context) {
	c := e.config.Stripe
	if c.SecretKey == "" || e.config.checkStripe() != nil {
		return // off, or said among the settings
	}
	gateway, err := stripe.New(stripe.Config{
		SecretKey: c.SecretKey, PublishableKey: c.PublishableKey, WebhookSecrets: c.WebhookSecrets,
		Live: c.live(), APIBase: c.APIBase, Transport: pooledTransport(), Timeout: 20 * time.Second, Clock: e.clock,
	})
	if err != nil {
		e.fail("stripe", "%v", err)
		return
	}
	if err := gateway.Ping(ctx); err != nil {
		e.fail("stripe", "%v: check STRIPE_SECRET_KEY, and the network", err)
		return
	}
	e.ok("stripe", "the %s key is accepted", modeOf(c.SecretKey))
	e.webhooks(ctx, gateway)
}

// webhooks looks for the endpoint that leads to this shop. Without one a payment is
// still found, by reconciliation, minutes later.
func (e *examination) webhooks(ctx context.Context, gateway *stripe.Gateway) {
	want := strings.TrimSuffix(e.config.BaseURL, "/") + "/v1/webhooks/stripe"
	endpoints, err := gateway.Endpoints(ctx)
	if err != nil {
		e.warn("webhook", "the endpoints cannot be listed (%v): give a restricted key leave to read webhook endpoints, or compare them with docs/stripe.md by hand", err)
		return
	}
	i := slices.IndexFunc(endpoints, func(p stripe.Endpoint) bool { return p.URL == want })
	switch {
	case i < 0 && local(e.config.BaseURL):
		e.warn("webhook", "there is no endpoint for %s, and Stripe could not reach one: payments are found by reconciliation, minutes later", want)
	case i < 0:
		e.fail("webhook", "Stripe has no endpoint for %s: make one at API version %s with the events %s", want, stripe.APIVersion, strings.Join(stripe.Events(), ", "))
	default:
		e.webhook(endpoints[i])
	}
}

func (e *examination) webhook(p stripe.Endpoint) {
	switch {
	case !p.Enabled:
		e.fail("webhook", "the endpoint %s is disabled: enable it in Stripe's dashboard", p.URL)
	case p.Live != e.config.Stripe.live():
		e.fail("webhook", "the endpoint %s is of the other mode than the key: make one in the key's mode", p.URL)
	case len(p.MissingEvents) > 0:
		e.fail("webhook", "the endpoint %s does not send %s: add them in Stripe's dashboard", p.URL, strings.Join(p.MissingEvents, ", "))
	case p.APIVersion != stripe.APIVersion:
		version := p.APIVersion
		if version == "" {
			version = "the account's default version"
		}
		e.warn("webhook", "the endpoint %s is at %s, hostfront was written against %s: it reads every object again and so copes, but make the next endpoint at that version", p.URL, version, stripe.APIVersion)
	default:
		e.ok("webhook", "the endpoint is enabled, at API version %s, with every event", stripe.APIVersion)
	}
}
