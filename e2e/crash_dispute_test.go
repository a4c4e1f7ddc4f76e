package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"hostfront/app/apptest"
)

// TestEveryCrashPointOfADispute cuts the power at every boundary from the moment that the
// customer's bank takes the money of an order back, over the decision of the bank for the
// customer, to where the shop knows of it. However it was cut, and whichever webhooks were
// lost with the power: one dispute, its money booked once, and the order's invoice open again.
func TestEveryCrashPointOfADispute(t *testing.T) {
	t.Parallel()
	everyCrashPoint(t, crossing{"a dispute that is opened and lost", 12, disputed})
}

// disputing is a crash road of a shop that is paid through Stripe.
type disputing struct {
	*crash
	road *stripeRoad
}

func disputed(t *testing.T, at cut) *crash {
	t.Helper()
	r := openStripeRoad(t, apptest.Seeded(1))
	p, intent := r.checkOut("crash-dispute.nl")
	r.must(r.confirm(intent, "pm_card_visa"))
	r.waitFor(p.Order.ID, "completed")
	d := disputing{crash: &crash{buyer: r.buyer, domain: "crash-dispute.nl"}, road: r}
	d.order.InvoiceID = p.Invoice.ID
	id, err := r.stripe.Dispute(intent, 0)
	r.must(err)
	r.must(r.stripe.Quiet(t.Context()))
	r.w.Power.CutAt(at.k)
	d.through("opened", func() bool { return d.stands("open") })
	r.must(r.stripe.CloseDispute(id, false))
	r.must(r.stripe.Quiet(t.Context()))
	d.through("lost", func() bool { return d.stands("lost") })
	d.trace = road(d.w)
	d.aDayLater()
	d.lostOnce()
	mailsArrived(t, d.w)
	d.mails = sentMails(t, d.w)
	d.sumsToZero()
	return d.crash
}

// stands looks whether the shop has one dispute, in a state. The provider finds the shop
// where it is now.
func (d disputing) stands(state string) bool {
	d.road.stripe.SetWebhookURL(d.w.URL + "/v1/webhooks/stripe")
	if err := d.w.Drain(); err != nil {
		if d.w.Power.Dead() {
			return false
		}
		d.t.Fatal(err)
	}
	r := d.staff(http.MethodGet, "/v1/admin/disputes", nil, nil)
	if d.w.Power.Dead() || !r.ok() {
		return false
	}
	var page list[disputeSeen]
	d.decode(r, &page)
	if len(page.Items) > 1 {
		d.t.Fatalf("%d disputes: %+v", len(page.Items), page.Items)
	}
	if len(page.Items) == 1 && page.Items[0].State == state {
		return true
	}
	// A webhook that went with the power is made good by the reconciliation, in its time.
	d.w.Time.Advance(6 * time.Hour)
	return false
}

func (d disputing) lostOnce() {
	d.t.Helper()
	i := d.invoiceOf(d.order.InvoiceID)
	if i.State != "open" || !i.Paid.IsZero() {
		d.t.Errorf("the invoice whose money was taken back is %+v", i)
	}
	if n := d.road.onAccount("disputed:stripe"); n != 0 {
		d.t.Errorf("%d is still disputed", n)
	}
	if n := len(d.road.stripe.Intents()); n != 1 {
		d.t.Errorf("%d intents for one order", n)
	}
}

func (c *crash) invoiceOf(id string) invoiceSeen {
	c.t.Helper()
	var i invoiceSeen
	c.read("/v1/invoices/"+id, &i)
	return i
}
