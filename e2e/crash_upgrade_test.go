package e2e_test

import (
	"net/http"
	"slices"
	"testing"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

// TestEveryCrashPointOfAnUpgrade cuts the power at every boundary of a change to a larger
// product in the middle of a month: the customer asks with a key until there is an answer,
// the saved card pays the rest of the month, and the operator makes the change that the
// upstream has no call for. However it was cut: one invoice of a credit line and a charge
// line, paid once, and the site is what is billed from then on.
func TestEveryCrashPointOfAnUpgrade(t *testing.T) {
	t.Parallel()
	bought := photograph(t, apptest.Outside{LJPC: steps(shows)}, (*crash).buy, ofTheMoney)
	everyCrashPoint(t, crossing{"an upgrade", 50, func(t *testing.T, at cut) *crash { return upgraded(t, bought, at) }})
}

// larger is the product that the customer changes to.
const larger = "hosting_25gb"

func upgraded(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	c.w.Time.Advance(10 * aDay)
	before, product := c.hostingSubscription(), c.productOf(larger)
	c.w.Power.CutAt(at.k)
	c.through("change", func() bool { return c.askingFor(before.ID, product) })
	c.through("delivery", func() bool { return c.isNow(product) })
	return c.ended(func() {
		c.changedOnce(before)
		c.boughtOnce()
	})
}

// productOf is the product of a category.
func (c *crash) productOf(category string) string {
	c.t.Helper()
	var page list[struct {
		ID       string `json:"id"`
		Category string `json:"category"`
	}]
	c.read("/v1/catalog/products?kind=hosting&limit=100", &page)
	for _, p := range page.Items {
		if p.Category == category {
			return p.ID
		}
	}
	c.t.Fatalf("no %s is sold: %+v", category, page.Items)
	return ""
}

func (c *crash) askingFor(subscription, product string) bool {
	r := c.ask(http.MethodPost, "/v1/subscriptions/"+subscription+"/change", map[string]any{"product_id": product}, "grow-1")
	if r.Status >= http.StatusBadRequest && r.Status < http.StatusInternalServerError {
		c.t.Fatalf("change: %s", r)
	}
	return r.ok()
}

// isNow looks whether the site is the product, and has the operator do their part.
func (c *crash) isNow(product string) bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	var services list[struct {
		Kind      string `json:"kind"`
		ProductID string `json:"product_id"`
	}]
	r := c.ask(http.MethodGet, "/v1/services", nil, "")
	if c.w.Power.Dead() || !r.ok() {
		return false
	}
	c.decode(r, &services)
	for _, s := range services.Items {
		if s.Kind == "hosting" && s.ProductID == product {
			return true
		}
	}
	c.changesByHand()
	return false
}

// changesByHand is what the operator does about a change that LJPc has no call for. An
// answer that the power took is no matter: what is settled is not held any more.
func (c *crash) changesByHand() {
	var held list[taskSeen]
	r := c.staff(http.MethodGet, "/v1/admin/tasks?state=held", nil, nil)
	if c.w.Power.Dead() || !r.ok() {
		return
	}
	c.decode(r, &held)
	for _, t := range held.Items {
		if t.Kind != "service.change" {
			c.t.Fatalf("%s is held though it need not be: %s", t.Kind, t.LastError)
		}
		c.settled++
		r := c.staff(http.MethodPost, "/v1/admin/tasks/"+t.ID+"/settle", map[string]any{"outcome": "done", "note": "changed in LJPc's panel"}, nil)
		if !r.ok() && !c.w.Power.Dead() {
			c.t.Fatalf("settle %s: %s", t.ID, r)
		}
	}
}

func (c *crash) changedOnce(before subscriptionSeen) {
	c.t.Helper()
	var all list[invoiceSeen]
	c.read("/v1/invoices", &all)
	changes := slices.DeleteFunc(all.Items, func(i invoiceSeen) bool { return i.ID == c.order.InvoiceID })
	if len(changes) != 1 || changes[0].State != "paid" || changes[0].Number == "" {
		c.t.Fatalf("the change made the documents %+v", changes)
	}
	var document struct {
		Lines []struct {
			Net money.Amount `json:"net"`
		} `json:"lines"`
	}
	c.read("/v1/invoices/"+changes[0].ID, &document)
	if len(document.Lines) != 2 || !slices.ContainsFunc(document.Lines, func(l struct {
		Net money.Amount `json:"net"`
	}) bool {
		return l.Net.IsNegative()
	}) {
		c.t.Errorf("the lines of the change are %+v, want a credit and a charge", document.Lines)
	}
	after := c.hostingSubscription()
	if after.CurrentPeriodEnd != before.CurrentPeriodEnd || after.Price.Cmp(before.Price) <= 0 || after.State != "active" {
		c.t.Errorf("the subscription was %+v and is %+v", before, after)
	}
	for _, p := range c.w.Pay.Payments() {
		if p.State != pay.Paid || !p.Refunded.IsZero() {
			c.t.Errorf("the provider has %+v", p)
		}
	}
	if want := c.quote.Gross.Add(changes[0].Gross); c.charged() != want || len(c.w.Pay.Payments()) != 2 {
		c.t.Errorf("%d charges of %s for bills of %s", len(c.w.Pay.Payments()), c.charged(), want)
	}
}
