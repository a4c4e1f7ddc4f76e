package e2e

import (
	"net/http"
	"sync"
	"testing"

	"github.com/gavv/httpexpect/v2"
)

func TestAKeyGivesTheSameAnswerAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	body := cart(f.monthly(), "anna-visser.nl")

	first := buyer.once("cart").call(http.MethodPost, "/v1/quotes", body, http.StatusCreated)
	notReplayed(first)
	second := buyer.once("cart").call(http.MethodPost, "/v1/quotes", body, http.StatusCreated)
	second.Header("Idempotent-Replayed").IsEqual("true")
	second.JSON().IsEqual(first.JSON().Raw())
	buyer.once("cart").refused(http.MethodPost, "/v1/quotes", cart(f.monthly(), "other.nl"), http.StatusUnprocessableEntity, "idempotency_key_reused")

	order := checkout(text(first.JSON(), "id"), "anna@example.com", "sandbox")
	buyer.refused(http.MethodPost, "/v1/orders", order, http.StatusBadRequest, "idempotency_key_required")
	placed := buyer.once("order").call(http.MethodPost, "/v1/orders", order, http.StatusCreated)
	notReplayed(placed)
	f.Restart()
	f.drain()
	f.still(t, func() {
		again := buyer.once("order").call(http.MethodPost, "/v1/orders", order, http.StatusCreated)
		again.Header("Idempotent-Replayed").IsEqual("true")
		again.JSON().IsEqual(placed.JSON().Raw())
		order["payment"] = map[string]any{"gateway": "transfer"}
		buyer.once("order").refused(http.MethodPost, "/v1/orders", order, http.StatusUnprocessableEntity, "idempotency_key_reused")
	})
	other := f.customer("berta@example.com")
	other.once("cart").call(http.MethodPost, "/v1/quotes", body, http.StatusCreated).JSON().Path("$.id").NotEqual(text(first.JSON(), "id"))
}

func notReplayed(r *httpexpect.Response) { r.Headers().NotContainsKey("Idempotent-Replayed") }

func TestAKeyUsedManyTimesAtOnceMakesOneOrder(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	quote := text(buyer.post("/v1/quotes", cart(f.monthly(), "anna-visser.nl"), http.StatusCreated), "id")
	order := checkout(quote, "anna@example.com", "sandbox")
	var all sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		all.Go(func() {
			ids[i] = text(buyer.once("at once").post("/v1/orders", order, http.StatusCreated), "order.id")
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("orders %v", ids)
		}
	}
	buyer.get("/v1/orders").Path("$.items").Array().Length().IsEqual(1)
	buyer.get("/v1/invoices").Path("$.items").Array().Length().IsEqual(1)
	f.drain()
	if n := len(f.Pay.Payments()); n != 1 {
		t.Errorf("%d payments at the provider, want 1", n)
	}
}

func TestAnAccountIsNotOpenedTwice(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.customer("anna@example.com")
	for _, email := range []string{"anna@example.com", "Anna@Example.com"} {
		p := f.visitor().refused(http.MethodPost, "/v1/auth/register", registration(email), http.StatusConflict, "email_taken")
		if p.Detail == "" {
			t.Error("it does not say what to do")
		}
	}
	f.staff().get("/v1/admin/customers").Path("$.items").Array().Length().IsEqual(1)
}

func TestARefundIsNotGivenTwiceForOneKey(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	address := "/v1/admin/invoices/" + p.invoice + "/refund"
	body := map[string]any{"reason": "goodwill", "amount": map[string]any{"amount": "1.00", "currency": "EUR"}}
	first := f.staff().once("goodwill").call(http.MethodPost, address, body, http.StatusCreated)
	first.JSON().Path("$.corrects_id").IsEqual(p.invoice)
	first.JSON().Path("$.gross.amount").IsEqual("-1.00")
	again := f.staff().once("goodwill").call(http.MethodPost, address, body, http.StatusCreated)
	again.Header("Idempotent-Replayed").IsEqual("true")
	again.JSON().Path("$.id").IsEqual(text(first.JSON(), "id"))
	body["reason"] = "another"
	f.staff().once("goodwill").refused(http.MethodPost, address, body, http.StatusUnprocessableEntity, "idempotency_key_reused")
	f.drain()
	if n := len(f.Pay.Refunds()); n != 1 {
		t.Errorf("%d refunds at the provider, want 1", n)
	}
	all := map[string]any{"reason": "the rest"}
	f.staff().once("rest").post(address, all, http.StatusCreated)
	f.staff().once("rest 2").refused(http.MethodPost, address, all, http.StatusConflict, "over_refund")
	f.drain()
	f.staff().get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
}
