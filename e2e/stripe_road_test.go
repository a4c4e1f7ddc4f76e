package e2e_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
	"hostfront/sandbox/stripe"
	"hostfront/sandbox/stripemock"
)

const stripeSecret = "whsec_test_of_the_road"

// stripeRoad is a world whose customers pay through Stripe.
type stripeRoad struct {
	*buyer
	stripe *stripe.Server
}

// worldTime is a world's time for a stand-in that is there before it.
type worldTime struct{ w **apptest.World }

func (c worldTime) Now() time.Time {
	if w := *c.w; w != nil && w.App != nil {
		return w.App.Now()
	}
	return apptest.Start
}

func openStripeRoad(t *testing.T, options ...apptest.Option) *stripeRoad {
	t.Helper()
	var w *apptest.World
	provider, err := stripe.New(stripe.Options{Clock: worldTime{&w}, Key: "sk_test_road", WebhookSecret: stripeSecret, WebhookAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stripemock.Replay(t, provider))
	t.Cleanup(server.Close)
	t.Cleanup(provider.Close)
	payable := func(c *app.Config, o *app.Options) {
		c.Stripe = app.StripeConfig{
			SecretKey: "sk_test_road", PublishableKey: "pk_test_road", WebhookSecrets: []string{stripeSecret}, APIBase: server.URL,
		}
		pay := o.Quiet
		o.Quiet = func(ctx context.Context) error { return errors.Join(pay(ctx), provider.Quiet(ctx)) }
	}
	w = apptest.NewSmall(t, apptest.Outside{}, append(options, payable)...)
	provider.SetWebhookURL(w.URL + "/v1/webhooks/stripe")
	b := newBuyer(t, w, "stripe@example.com")
	if !b.register() {
		t.Fatal("the customer could not register")
	}
	return &stripeRoad{buyer: b, stripe: provider}
}

// checkOut orders hosting and gives the intent that Stripe.js would confirm.
func (r *stripeRoad) checkOut(name string) (placed, string) {
	r.t.Helper()
	q, said := r.quote(registration(name), r.hosting(name))
	if !said.ok() {
		r.t.Fatalf("quote: %s", said)
	}
	said = r.ask(http.MethodPost, "/v1/orders", map[string]any{
		"quote_id": q.ID, "consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"registrant": map[string]any{
			"type": "person", "first_name": "Anna", "last_name": "Visser", "email": r.email, "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		},
		"payment": map[string]any{"gateway": "stripe", "return_url": "http://shop.example/thanks", "save_method": true},
	}, "checkout-"+name)
	var p struct {
		placed
		Payment struct {
			ID         string `json:"id"`
			NextAction struct {
				Type           string `json:"type"`
				ClientSecret   string `json:"client_secret"`
				PublishableKey string `json:"publishable_key"`
			} `json:"next_action"`
		} `json:"payment"`
	}
	r.decode(said, &p)
	next := p.Payment.NextAction
	if next.Type != "stripe" || next.PublishableKey != "pk_test_road" {
		r.t.Fatalf("the storefront is told %+v", next)
	}
	intent, _, found := strings.Cut(next.ClientSecret, "_secret_")
	if !found {
		r.t.Fatal("there is no client secret to confirm with")
	}
	return p.placed, intent
}

// confirm does what the customer's browser does, and lets the shop work.
func (r *stripeRoad) confirm(intent, method string) error {
	err := r.stripe.Confirm(intent, method)
	r.must(r.stripe.Quiet(r.t.Context()))
	r.must(r.w.Drain())
	return err
}

func (r *stripeRoad) orderState(id string) string {
	var o orderSeen
	r.read("/v1/orders/"+id, &o)
	return o.State
}

// waitFor lets time pass until the order stands as it should.
func (r *stripeRoad) waitFor(id, state string) {
	r.t.Helper()
	for range 50 {
		if r.orderState(id) == state {
			return
		}
		r.must(r.w.Move(time.Minute))
	}
	r.t.Fatalf("order %s is %s, want %s", id, r.orderState(id), state)
}

func (r *stripeRoad) ledgerIsZero() {
	r.t.Helper()
	balance, err := r.w.App.Billing.LedgerBalance(r.t.Context())
	if err != nil || balance != 0 {
		r.t.Fatalf("the ledger stands at %d, %v", balance, err)
	}
}

// succeeded counts the charges that moved money.
func (r *stripeRoad) succeeded() int {
	n := 0
	for _, c := range r.stripe.Charges() {
		if c.Status == "succeeded" {
			n++
		}
	}
	return n
}

func TestAnOrderPaidThroughStripeIsDeliveredAndItsRenewalChargedToTheSavedCard(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("stripe-road.nl")
	if err := r.confirm(intent, "pm_card_visa"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(p.Order.ID, "completed")
	r.must(r.w.Move(29 * 24 * time.Hour))
	if got := r.succeeded(); got != 2 {
		t.Fatalf("Stripe moved money %d times, want the order and one renewal", got)
	}
	r.ledgerIsZero()
}

func TestADeclinedCardCanBeFollowedByAnother(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("declined-once.nl")
	if err := r.confirm(intent, "pm_card_chargeDeclined"); err == nil {
		t.Fatal("the declining card was not declined")
	}
	if state := r.orderState(p.Order.ID); state != "pending_payment" {
		t.Fatalf("after a decline the order is %s", state)
	}
	if err := r.confirm(intent, "pm_card_visa"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(p.Order.ID, "completed")
	r.ledgerIsZero()
}

func TestACardThatWantsTheCustomerWaitsForThem(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("three-d-secure.nl")
	if err := r.confirm(intent, "pm_card_threeDSecure2Required"); err != nil {
		t.Fatal(err)
	}
	if state := r.orderState(p.Order.ID); state != "pending_payment" {
		t.Fatalf("before the customer has answered the order is %s", state)
	}
	r.must(r.stripe.Authenticate(intent, true))
	r.must(r.stripe.Quiet(t.Context()))
	r.waitFor(p.Order.ID, "completed")
}

func TestAfterIDEALTheSEPAMandateIsWhatRenewsAndItTakesDays(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("ideal-sepa.nl")
	if err := r.confirm(intent, "ideal"); err != nil {
		t.Fatal(err)
	}
	r.must(r.stripe.Authenticate(intent, true))
	r.must(r.stripe.Quiet(t.Context()))
	r.waitFor(p.Order.ID, "completed")
	var methods list[struct {
		Kind string `json:"kind"`
	}]
	r.read("/v1/payment-methods", &methods)
	if len(methods.Items) != 1 || methods.Items[0].Kind != "sepa_debit" {
		t.Fatalf("saved methods are %+v, want the mandate", methods.Items)
	}
	r.must(r.w.Move(29 * 24 * time.Hour))
	var invoices list[invoiceSeen]
	r.read("/v1/invoices", &invoices)
	if got := invoices.Items[0]; got.Kind != "renewal" || got.State != "open" {
		t.Fatalf("while the debit is under way the renewal is %+v", got)
	}
	intents := r.stripe.Intents()
	r.must(r.stripe.SettleDebit(intents[len(intents)-1], true))
	r.must(r.stripe.Quiet(t.Context()))
	r.must(r.w.Drain())
	r.read("/v1/invoices", &invoices)
	if got := invoices.Items[0]; got.State != "paid" {
		t.Fatalf("after the debit the renewal is %s", got.State)
	}
	r.ledgerIsZero()
}

func TestAWebhookThatNeverComesCostsMinutesNotAnOrder(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	r.must(r.stripe.Webhooks().Misdirect(courier.Order{Kind: courier.Never, Times: 1000}))
	p, intent := r.checkOut("no-webhook.nl")
	if err := r.confirm(intent, "pm_card_visa"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(p.Order.ID, "completed")
	if got := r.succeeded(); got != 1 {
		t.Fatalf("Stripe moved money %d times", got)
	}
}

func TestALostAnswerOfStripeChargesOnce(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("lost-answer.nl")
	if err := r.confirm(intent, "pm_card_visa"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(p.Order.ID, "completed")
	r.must(r.stripe.Faults().Add(mishap.Fault{Op: "POST /v1/payment_intents", Kind: mishap.DropAfter, Times: 1}))
	r.must(r.w.Move(30 * 24 * time.Hour))
	if got := r.succeeded(); got != 2 {
		t.Fatalf("Stripe moved money %d times, want the order and one renewal", got)
	}
	r.ledgerIsZero()
}
