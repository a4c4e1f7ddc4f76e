package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// introRules sell everything at half above cost, and a month of hosting for little at first.
func introRules(intro map[string]any) map[string]any {
	return map[string]any{"rules": []any{
		map[string]any{"scope": "shop", "method": "percent", "value": "50", "floor": "0.50"},
		map[string]any{"scope": "kind", "target": "hosting", "cycle": "month", "method": "percent", "value": "50", "intro": intro},
	}}
}

// introduced saves those rules, and has them published.
func (f *front) introduced() {
	f.t.Helper()
	f.staff().put("/v1/admin/price-rules", introRules(map[string]any{"periods": 3, "method": "fixed", "value": "1.21", "once_per_customer": true}), http.StatusOK).
		Path("$.rules[1].intro.once_per_customer").IsEqual(true)
	if err := f.App.Catalog.Refresh(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

func TestStaffSeesWhatAnIntroductionCostsBeforeItHolds(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	f.still(t, func() {
		preview := staff.post("/v1/admin/price-rules/preview?q=10%20GB", introRules(map[string]any{"periods": 2, "method": "free"}), http.StatusOK)
		preview.Path("$.intro_below_cost").Number().Gt(0)
		for _, l := range preview.Path("$.items").Array().Iter() {
			if text(&l, "cycle") == "month" {
				l.Path("$.intro.below_cost").IsEqual(true)
				l.Path("$.intro.price.amount").IsEqual("0.00")
			} else {
				l.Object().NotContainsKey("intro")
			}
		}
	})
	p := staff.refused(http.MethodPut, "/v1/admin/price-rules", introRules(map[string]any{"periods": 2, "method": "percent", "value": "100"}), http.StatusUnprocessableEntity, "invalid_fields")
	if p.codeOf("rules[1].intro.value") == "" {
		t.Errorf("the problem does not name it: %+v", p)
	}
}

func TestACustomerHasAnIntroductionOnceAndIsBilledAsItSaid(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.introduced()
	product := f.monthly()
	for _, p := range f.visitor().get("/v1/catalog/products?kind=hosting").Path("$.items").Array().Iter() {
		if text(&p, "id") == product {
			p.Path("$.cycles[0].intro").IsEqual(map[string]any{
				"price": map[string]any{"amount": "1.21", "currency": "EUR"}, "periods": 3, "once_per_customer": true,
			})
		}
	}
	buyer := f.customer("anna@example.com")
	quoted := buyer.post("/v1/quotes", cart(product, "anna-visser.nl"), http.StatusCreated)
	line := quoted.Path("$.lines[1]")
	line.Path("$.intro.periods").IsEqual(3)
	line.Path("$.intro.gross.amount").IsEqual("1.21")
	monthly := quoted.Path("$.recurring[0]")
	monthly.Path("$.from_cycle").IsEqual(4)
	monthly.Path("$.gross").IsEqual(line.Path("$.renew_gross").Raw())
	monthly.Path("$.before[0].from_cycle").IsEqual(2)
	monthly.Path("$.before[0].gross.amount").IsEqual("1.21")
	second := cart(product, "second-visser.nl")
	before := text(buyer.post("/v1/quotes", second, http.StatusCreated), "id")

	placed := buyer.once("order").post("/v1/orders", checkout(text(quoted, "id"), "anna@example.com", "sandbox"), http.StatusCreated)
	placed.Path("$.order.lines[1].intro_periods").IsEqual(3)
	f.press(text(placed, "payment.next_action.url"), "pay")
	f.delivered(buyer, text(placed, "order.id"))
	refused := buyer.once("second").refused(http.MethodPost, "/v1/orders", checkout(before, "anna@example.com", "sandbox"), http.StatusConflict, "price_changed")
	if refused.Detail == "" {
		t.Error("it does not say what it costs now")
	}
	buyer.post("/v1/quotes", second, http.StatusCreated).Path("$.lines[1]").Object().NotContainsKey("intro")

	sub := ""
	for _, s := range buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		if text(&s, "cycle") == "month" {
			sub = text(&s, "id")
			s.Path("$.phases[0].kind").IsEqual("price")
			s.Path("$.phases[0].periods").IsEqual(2)
		}
	}
	for range 3 {
		f.pass(month)
	}
	buyer = f.signIn("anna@example.com")
	introductory, plain := 0, 0
	for _, i := range buyer.get("/v1/invoices?limit=100").Path("$.items").Array().Iter() {
		inv := buyer.get("/v1/invoices/" + text(&i, "id"))
		if text(inv, "subject") != sub {
			continue
		}
		if strings.Contains(text(inv, "lines[0].description"), "introductory price") {
			introductory++
			inv.Path("$.gross.amount").IsEqual("1.21")
		} else {
			plain++
			inv.Path("$.gross").IsEqual(line.Path("$.renew_gross").Raw())
		}
	}
	if introductory != 2 || plain != 1 {
		t.Fatalf("%d renewals at the introductory price and %d after it", introductory, plain)
	}
}
