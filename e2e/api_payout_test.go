package e2e

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/sandbox/stripe"
	"hostfront/sandbox/stripemock"
)

// frontTime is the shop's time for a stand-in that is there before it.
type frontTime struct{ f **front }

func (c frontTime) Now() time.Time {
	if f := *c.f; f != nil && f.World != nil && f.App != nil {
		return f.App.Now()
	}
	return apptest.Start
}

// openStripeFront opens a shop that is paid through Stripe, and has one order through it.
func openStripeFront(t *testing.T) (*front, *stripe.Server) {
	t.Helper()
	var f *front
	provider, err := stripe.New(stripe.Options{Clock: frontTime{&f}, Key: "sk_test_front", WebhookSecret: "whsec_front", WebhookAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stripemock.Replay(t, provider))
	t.Cleanup(server.Close)
	t.Cleanup(provider.Close)
	f = openFront(t, func(c *app.Config, o *app.Options) {
		c.Stripe = app.StripeConfig{
			SecretKey: "sk_test_front", PublishableKey: "pk_test_front", WebhookSecrets: []string{"whsec_front"}, APIBase: server.URL,
		}
		c.Shop.PayoutDays = 14
		others := o.Quiet
		o.Quiet = func(ctx context.Context) error { return errors.Join(others(ctx), provider.Quiet(ctx)) }
	})
	provider.SetWebhookURL(f.URL + "/v1/webhooks/stripe")
	buyer := f.customer("anna@example.com")
	quote := text(buyer.post("/v1/quotes", cart(f.monthly(), "paid-out.nl"), http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "stripe"), http.StatusCreated)
	intent, _, _ := strings.Cut(text(placed, "payment.next_action.client_secret"), "_secret_")
	if err := provider.Confirm(intent, "pm_card_visa"); err != nil {
		t.Fatal(err)
	}
	f.delivered(buyer, text(placed, "order.id"))
	return f, provider
}

func TestWhatAGatewayPaysOutIsListedMatchedAndSettled(t *testing.T) {
	t.Parallel()
	f, provider := openStripeFront(t)
	provider.Charged(120, "eur", "fee", "Radar")
	provider.Charged(300, "eur", "other_adjustment", "A correction")
	for range 5 {
		f.pass(night)
	}
	staff := f.staff()
	staff.get("/v1/admin/payouts?state=failed&gateway=stripe").Path("$.items").Array().IsEmpty()
	payout := staff.get("/v1/admin/payouts?state=paid").Path("$.items[0]")
	id := text(payout, "id")
	payout.Path("$.reference").IsEqual(provider.Payouts()[0].ID)
	staff.get("/v1/admin/payouts/" + id).Path("$.off.amount").IsEqual("0.00")
	first := staff.get("/v1/admin/payouts/" + id + "/lines?limit=2")
	rest := staff.get("/v1/admin/payouts/" + id + "/lines?cursor=" + text(first, "next_cursor"))
	states := map[string]string{}
	var unmatched string
	for _, item := range append(first.Path("$.items").Array().Iter(), rest.Path("$.items").Array().Iter()...) {
		states[text(&item, "kind")] = text(&item, "state")
		if text(&item, "state") == "unmatched" {
			unmatched = text(&item, "id")
		}
	}
	if len(states) != 3 || states["charge"] != "matched" || states["fee"] != "matched" || states["other"] != "unmatched" {
		t.Fatalf("the lines are %v", states)
	}
	f.wantAsked("payout_unmatched " + id)
	rows, err := csv.NewReader(strings.NewReader(staff.download("/v1/admin/payouts.csv"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][0] != id {
		t.Fatalf("the file has %d rows: %v, %v", len(rows), err, rows)
	}
	settle := "/v1/admin/payout-lines/" + unmatched + "/settle"
	staff.refused(http.MethodPost, settle, map[string]any{"account": "revenue", "note": "x"}, http.StatusUnprocessableEntity, "invalid_fields")
	settled := staff.post(settle, map[string]any{"account": "fees", "note": "a fee of theirs, after all"}, http.StatusOK)
	settled.Path("$.state").IsEqual("settled")
	f.audits(t, "payout_line.settle")
	staff.refused(http.MethodPost, settle, map[string]any{"account": "fees", "note": "again"}, http.StatusConflict, "payout_line_settled")
	f.wantAsked("")
	for _, a := range staff.get("/v1/admin/ledger").Path("$.accounts").Array().Iter() {
		if name := text(&a, "account"); strings.HasPrefix(name, "clearing:") || strings.HasPrefix(name, "transit:") || strings.HasPrefix(name, "unmatched:") {
			a.Path("$.balance.amount").IsEqual("0.00")
		}
	}
	staff.refused(http.MethodGet, "/v1/admin/payouts/pot_none", nil, http.StatusNotFound, "not_found")
	staff.refused(http.MethodGet, "/v1/admin/payouts/pot_none/lines", nil, http.StatusNotFound, "not_found")
	f.drain()
}
