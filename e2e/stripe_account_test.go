package e2e_test

import (
	"net/http"
	"testing"

	"hostfront/app"
	"hostfront/app/apptest"
)

// Others had two gateways on one Stripe account, and the webhooks of one reached the other.
func TestWhatAnotherShopMovesOnTheSameStripeAccountDoesNothingHere(t *testing.T) {
	t.Parallel()
	theirs := openStripeRoad(t)
	_, intent := theirs.checkOut("theirs.nl")
	ours := apptest.NewSmall(t, apptest.Outside{}, func(c *app.Config, _ *app.Options) { c.Stripe = theirs.w.App.Config.Stripe })
	theirs.stripe.SetWebhookURL(ours.URL + "/v1/webhooks/stripe")
	theirs.must(theirs.confirm(intent, "pm_card_visa"))
	_, err := theirs.stripe.Dispute(intent, 500)
	theirs.must(err)
	theirs.must(theirs.stripe.Quiet(t.Context()))
	theirs.must(ours.Drain())
	us := newBuyer(t, ours, "ours@example.com")
	var inbox list[struct{ State string }]
	us.staff(http.MethodGet, "/v1/admin/webhooks", nil, &inbox)
	if len(inbox.Items) < 3 {
		t.Fatalf("only %d events came here: the test proves nothing", len(inbox.Items))
	}
	booked, err := ours.App.Billing.Trial(t.Context())
	theirs.must(err)
	if disputes := (&stripeRoad{buyer: us}).disputes(); len(booked) > 0 || len(disputes) > 0 {
		t.Fatalf("another shop's money is booked here: %+v, disputes %+v", booked, disputes)
	}
	theirs.ledgerIsZero()
}
