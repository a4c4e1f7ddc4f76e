package e2e

import (
	"net/http"
	"testing"
	"time"
)

func TestACancelledSubscriptionRunsToItsEndAndIsNotBilledAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("cancels@example.com", "cancelled-later.nl")
	invoices := len(p.buyer.get("/v1/invoices").Path("$.items").Array().Raw())
	stranger := f.customer("stranger@example.com")
	for _, sub := range p.buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		address := "/v1/subscriptions/" + text(&sub, "id") + "/cancel"
		stranger.refused(http.MethodPost, address, nil, http.StatusNotFound, "not_found")
		for range 2 {
			p.buyer.post(address, nil, http.StatusOK).Path("$.ends_at").String().NotEmpty()
		}
	}
	f.pass(62 * 24 * time.Hour)
	buyer := f.signIn("cancels@example.com")
	if got := len(buyer.get("/v1/invoices").Path("$.items").Array().Raw()); got != invoices {
		t.Fatalf("after the cancellation %d invoices became %d", invoices, got)
	}
	buyer.get("/v1/subscriptions").Path("$.items[*].state").Array().ContainsAny("cancelled")
}
