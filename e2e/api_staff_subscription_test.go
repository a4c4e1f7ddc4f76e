package e2e

import (
	"net/http"
	"testing"
	"time"

	"hostfront/money"
)

func TestStaffDecidesAboutSubscriptions(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	staff, id := f.staff(), p.hosting()
	sub := "/v1/admin/subscriptions/" + id
	staff.get("/v1/admin/subscriptions?state=active").Path("$.items").Array().Length().IsEqual(2)
	staff.get("/v1/admin/subscriptions?state=paused").Path("$.items").Array().IsEmpty()
	staff.get(sub).Path("$.price_policy").IsEqual("shop")
	full := text(staff.get(sub+"/next-invoice"), "document.net.amount")

	phases := map[string]any{"phases": []any{
		map[string]any{"kind": "free", "periods": 1}, map[string]any{"kind": "percent", "percent": "25", "periods": 2},
		map[string]any{"kind": "amount", "amount": map[string]any{"amount": "1.00", "currency": "EUR"}, "periods": 1},
	}}
	staff.put(sub+"/phases", phases, http.StatusOK).Path("$.phases").Array().Length().IsEqual(3)
	staff.get(sub + "/next-invoice").Path("$.document.net.amount").IsEqual("0.00")
	bad := map[string]any{"phases": []any{map[string]any{"kind": "percent", "percent": "all", "periods": 1}}}
	staff.refused(http.MethodPut, sub+"/phases", bad, http.StatusUnprocessableEntity, "invalid_fields")
	staff.put(sub+"/phases", map[string]any{"phases": []any{}}, http.StatusOK).Path("$.phases").Array().IsEmpty()
	staff.get(sub + "/next-invoice").Path("$.document.net.amount").IsEqual(full)

	staff.post(sub+"/pause", nil, http.StatusOK).Path("$.state").IsEqual("paused")
	staff.post(sub+"/resume", nil, http.StatusOK).Path("$.state").IsEqual("active")
	staff.post(sub+"/change/preview", map[string]any{"product_id": f.dearer()}, http.StatusOK).Path("$.documents").Array().Length().IsEqual(1)
	staff.once("later").post(sub+"/change", map[string]any{"product_id": f.dearer(), "at": "period_end"}, http.StatusCreated).Path("$.state").IsEqual("scheduled")
	staff.post(sub+"/cancel", map[string]any{"at": "period_end"}, http.StatusOK).Object().NotContainsKey("change_id")
	staff.post(sub+"/uncancel", nil, http.StatusOK).Path("$.ends_at").IsNull()
	staff.post(sub+"/cancel", map[string]any{"at": "now", "rest": "credit"}, http.StatusOK).Path("$.state").IsEqual("cancelled")
	f.audited(t, id, "subscription.cancel", "subscription.uncancel", "subscription.cancel", "subscription.change",
		"subscription.resume", "subscription.pause", "subscription.phases", "subscription.phases.refused", "subscription.phases", "subscription.phases")
	f.held(t, "service.terminate")
}

func TestACostThatRisesIsToldAndItsPriceFollowsAfterANotice(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	staff, id := f.staff(), p.hosting()
	sub := "/v1/admin/subscriptions/" + id
	for _, product := range f.LJPC.Products() {
		if product.Identifier == "hosting_10gb" {
			dear := money.New(9900, money.EUR)
			product.Monthly = &dear
			f.LJPC.SetProduct(product)
		}
	}
	review := func() {
		staff.post("/v1/admin/jobs/catalog.sync/run", nil, http.StatusOK)
		staff.post("/v1/admin/jobs/order.review_prices/run", nil, http.StatusOK)
	}
	review()
	below := staff.get("/v1/admin/subscriptions?below_cost=true").Path("$.items")
	below.Array().Length().IsEqual(1)
	below.Path("$[0].id").IsEqual(id)
	staff.get("/v1/admin/alarms").Path("$.items[*].code").Array().ContainsAny("subscriptions_below_cost")

	held := staff.get("/v1/admin/held-prices").Path("$.items[0]")
	staff.post("/v1/admin/held-prices/"+text(held, "id")+"/confirm", map[string]any{"new_cost": held.Path("$.new_cost").Raw()}, http.StatusNoContent)
	staff.put(sub+"/price-policy", map[string]any{"policy": "follow"}, http.StatusOK).Path("$.price_policy").IsEqual("follow")
	review()
	f.drain()
	staff.get(sub).Path("$.notices[0].state").IsEqual("told")
	p.buyer.get("/v1/subscriptions/" + id).Path("$.new_price.from_at").String().NotEmpty()
	staff.get("/v1/admin/mails").Path("$.items[*].template").Array().ContainsAny("price_announced")
	staff.put(sub+"/price-policy", map[string]any{"policy": "keep"}, http.StatusOK).Object().NotContainsKey("new_price")
	staff.put(sub+"/price-policy", map[string]any{"policy": "shop"}, http.StatusOK).Path("$.price_policy").IsEqual("shop")
	f.audited(t, id, "subscription.price_policy", "subscription.price_policy", "subscription.price_policy")
	f.pass(time.Hour)
	staff.get(sub).Path("$.notices[0].state").IsEqual("withdrawn")

	staff.get("/v1/admin/alarms").Path("$.items[*].code").Array().ContainsAny("subscriptions_below_cost")
	staff.post(sub+"/cancel", map[string]any{"at": "now", "rest": "keep"}, http.StatusOK)
	review() // nobody has it any more
	staff.get("/v1/admin/alarms").Path("$.items[*].code").Array().NotContainsAny("subscriptions_below_cost")
	f.held(t, "service.terminate")
}
