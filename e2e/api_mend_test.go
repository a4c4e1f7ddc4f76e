package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/gavv/httpexpect/v2"
)

// ordered places and pays an order and gives it as it was placed.
func (f *front) ordered(buyer caller, email string, quote any) *httpexpect.Value {
	f.t.Helper()
	id := text(buyer.post("/v1/quotes", quote, http.StatusCreated), "id")
	placed := buyer.once("order "+id).post("/v1/orders", checkout(id, email, "sandbox"), http.StatusCreated)
	f.press(text(placed, "payment.next_action.url"), "pay")
	return placed
}

// until lets time pass until an order's state is so.
func (f *front) until(order, state string) *httpexpect.Value {
	f.t.Helper()
	for i := range 30 { // a transfer is polled by the hour
		f.drain()
		answer := f.staff().get("/v1/admin/orders/" + order)
		if text(answer, "state") == state {
			return answer
		}
		f.pass(20e9 + time.Duration(i/10)*time.Hour)
	}
	f.t.Fatalf("order %s is not %s: %v", order, state, f.staff().get("/v1/admin/orders/"+order).Raw())
	return nil
}

func TestACustomerMendsARefusedTransfer(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	quote := map[string]any{"lines": []any{map[string]any{"action": "transfer", "domain": "taken-moving.nl", "auth_code": "wrong-code"}}}
	placed := f.ordered(buyer, "anna@example.com", quote)
	order := text(placed, "order.id")
	waiting := f.until(order, "action_required")
	waiting.Path("$.lines[0].fields").Array().NotEmpty()
	buyer = f.signIn("anna@example.com") // time has passed
	retry := "/v1/orders/" + order + "/lines/" + text(waiting, "lines[0].id") + "/retry"
	buyer.refused(http.MethodPost, "/v1/orders/"+order+"/lines/none/retry", map[string]any{"auth_code": "x"}, http.StatusNotFound, "not_found")
	buyer.post(retry, map[string]any{"auth_code": "the-right-code"}, http.StatusOK).Path("$.id").IsEqual(order)
	f.until(order, "completed")
	buyer = f.signIn("anna@example.com")
	buyer.refused(http.MethodPost, retry, map[string]any{"auth_code": "again"}, http.StatusConflict, "not_action_required")
}

func TestACustomerPaysAgainAfterADecline(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	quote := text(buyer.post("/v1/quotes", cart(f.monthly(), "anna-visser.nl"), http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	pay := "/v1/invoices/" + text(placed, "invoice.id") + "/pay"
	body := map[string]any{"gateway": "sandbox", "return_url": "https://storefront.example/back"}
	same := buyer.post(pay, body, http.StatusOK)
	same.Path("$.id").IsEqual(text(placed, "payment.id"))
	f.press(text(placed, "payment.next_action.url"), "decline")
	f.drain()
	declined := buyer.get("/v1/payments/" + text(placed, "payment.id"))
	declined.Path("$.state").IsEqual("failed")
	again := buyer.post(pay, body, http.StatusOK)
	again.Path("$.id").NotEqual(text(placed, "payment.id"))
	buyer.refused(http.MethodPost, pay, map[string]any{"gateway": "cash"}, http.StatusUnprocessableEntity, "invalid_fields")
	f.press(text(again, "next_action.url"), "pay")
	f.until(text(placed, "order.id"), "completed")
}
