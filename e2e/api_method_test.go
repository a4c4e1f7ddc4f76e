package e2e

import (
	"net/http"
	"testing"
	"time"
)

// saves has a customer save a card on the provider's page without paying.
func (c caller) saves(key string, body map[string]any) (setup, method string) {
	c.t.Helper()
	made := c.once(key).post("/v1/payment-methods", body, http.StatusCreated)
	c.press(text(made, "next_action.url"), "pay")
	c.drain()
	done := c.get("/v1/payment-method-setups/" + text(made, "id"))
	done.Path("$.state").IsEqual("succeeded")
	done.Path("$.next_action").IsNull()
	return text(made, "id"), text(done, "method_id")
}

func TestACustomerSavesACardWithoutPaying(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	f.visitor().get("/v1/payment-gateways").Path("$.items[0].saves_methods").IsEqual(true)
	f.visitor().get("/v1/payment-gateways").Path("$.items[1].saves_methods").IsEqual(false)
	body := map[string]any{"gateway": "sandbox", "return_url": "https://storefront.example/methods"}
	buyer.refused(http.MethodPost, "/v1/payment-methods", map[string]any{"gateway": "transfer"}, http.StatusUnprocessableEntity, "invalid_fields")
	buyer.refused(http.MethodPost, "/v1/payment-methods", map[string]any{"gateway": "cash"}, http.StatusUnprocessableEntity, "invalid_fields")

	setup, first := buyer.saves("card 1", body)
	again := buyer.once("card 1").call(http.MethodPost, "/v1/payment-methods", body, http.StatusCreated)
	again.Header("Idempotent-Replayed").IsEqual("true")
	again.JSON().Path("$.id").IsEqual(setup)
	if n := len(f.Pay.Methods()); n != 1 || len(f.Pay.Payments()) != 0 {
		t.Fatalf("%d cards and %d payments at the provider", n, len(f.Pay.Payments()))
	}
	behind := map[string]any{"gateway": "sandbox", "make_default": false}
	_, second := buyer.saves("card 2", behind)
	methods := buyer.get("/v1/payment-methods")
	methods.Path("$.items[*].id").IsEqual([]string{first, second})
	methods.Path("$.items[*].default").IsEqual([]bool{true, false})
	buyer.post("/v1/payment-methods/"+second+"/default", nil, http.StatusNoContent)
	buyer.get("/v1/payment-methods").Path("$.items[0].id").IsEqual(second)
}

func TestACardThatIsDeclinedIsNotSaved(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	made := buyer.post("/v1/payment-methods", map[string]any{"gateway": "sandbox"}, http.StatusCreated)
	f.press(text(made, "next_action.url"), "decline")
	f.drain()
	done := buyer.get("/v1/payment-method-setups/" + text(made, "id"))
	done.Path("$.state").IsEqual("failed")
	done.Path("$.declined").IsEqual("soft")
	buyer.get("/v1/payment-methods").Path("$.items").Array().IsEmpty()
}

func TestACardThatIsLeftHalfSavedIsGivenUpAfterADay(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	made := buyer.post("/v1/payment-methods", map[string]any{"gateway": "sandbox"}, http.StatusCreated)
	f.pass(32 * time.Hour)
	f.signIn("anna@example.com").get("/v1/payment-method-setups/" + text(made, "id")).Path("$.state").IsEqual("cancelled")
	if s := f.Pay.Setups()[0]; s.State != "cancelled" {
		t.Fatalf("at the provider it is %s", s.State)
	}
}

func TestARemovedCardIsForgottenByTheProviderToo(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	_, method := buyer.saves("card", map[string]any{"gateway": "sandbox"})
	buyer.call(http.MethodDelete, "/v1/payment-methods/"+method, nil, http.StatusNoContent)
	buyer.refused(http.MethodDelete, "/v1/payment-methods/"+method, nil, http.StatusNotFound, "not_found")
	f.drain()
	if m := f.Pay.Methods()[0]; !m.Detached {
		t.Fatal("the provider still has it")
	}
	buyer.get("/v1/payment-methods").Path("$.items").Array().IsEmpty()
}

func TestASubscriptionIsChargedToAMethodOfItsOwn(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	_, second := p.buyer.saves("card 2", map[string]any{"gateway": "sandbox", "make_default": false})
	address := "/payment-method"
	p.buyer.refused(http.MethodPut, "/v1/subscriptions/"+p.sub+address, map[string]any{"method_id": "pme_none"}, http.StatusUnprocessableEntity, "invalid_fields")
	for _, sub := range p.buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		p.buyer.put("/v1/subscriptions/"+text(&sub, "id")+address, map[string]any{"method_id": second}, http.StatusOK).Path("$.payment_method_id").IsEqual(second)
	}
	customer := text(p.buyer.get("/v1/account"), "id")
	staff := f.staff()
	staff.get("/v1/admin/customers/" + customer + "/payment-methods").Path("$.items").Array().Length().IsEqual(2)
	staff.put("/v1/admin/subscriptions/"+p.sub+address, map[string]any{"method_id": ""}, http.StatusOK).Object().NotContainsKey("payment_method_id")
	staff.put("/v1/admin/subscriptions/"+p.sub+address, map[string]any{"method_id": second}, http.StatusOK)
	staff.get("/v1/admin/audit-log").Path("$.items[*].action").Array().ContainsAny("subscription.payment_method")
	f.pass(30 * 24 * time.Hour)
	charged := 0
	for _, payment := range f.Pay.Payments() {
		if payment.OffSession && payment.State == "paid" {
			charged++
			if own, err := f.App.Store.Read().MethodByID(t.Context(), second); err != nil || own.Reference != payment.Method {
				t.Errorf("charged %s, want %s (%v)", payment.Method, own.Reference, err)
			}
		}
	}
	if charged == 0 {
		t.Fatal("nothing was renewed")
	}
}
