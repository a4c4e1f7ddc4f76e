package e2e

import (
	"net/http"
	"testing"

	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

// heldRegistration is a paid registration whose price rose before it was bought.
func (f *front) heldRegistration(buyer caller, email, domain string) (order, task string) {
	f.t.Helper()
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": domain, "years": 1}}}
	quote := text(buyer.post("/v1/quotes", one, http.StatusCreated), "id")
	placed := buyer.once("order "+domain).post("/v1/orders", checkout(quote, email, "sandbox"), http.StatusCreated)
	f.LJPC.SetDomainPrice(domain, ljpc.DomainPrice{Cost: money.New(2000, money.EUR)})
	f.press(text(placed, "payment.next_action.url"), "pay")
	return text(placed, "order.id"), f.held(f.t, "domain.register")
}

func TestAHeldTaskSaysAllThatAPersonNeedsToDecide(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	order, held := f.heldRegistration(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	detail := f.staff().get("/v1/admin/tasks/" + held)
	detail.Path("$.about.order_id").IsEqual(order)
	detail.Path("$.about.domain").IsEqual("anna-visser.nl")
	detail.Path("$.about.invoice_state").IsEqual("paid")
	detail.Path("$.about.net.amount").String().NotEmpty()
	detail.Path("$.journal").Array().NotEmpty()
	actions := map[string]bool{}
	for _, a := range detail.Path("$.actions").Array().Iter() {
		actions[text(&a, "action")] = text(&a, "consequence") != ""
	}
	for _, want := range []string{"retry", "settle_done", "settle_failed", "cancel", "cancel_and_refund"} {
		if !actions[want] {
			t.Errorf("%s is not offered: %v", want, actions)
		}
	}
}

func TestAHeldLineIsCancelledAndRefundedToTheCardOrToCredit(t *testing.T) {
	t.Parallel()
	for to, sent := range map[string]int{"method": 1, "credit": 0} {
		t.Run(to, func(t *testing.T) {
			t.Parallel()
			f := openFront(t)
			order, held := f.heldRegistration(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
			staff := f.staff()
			decision := map[string]any{"to": to, "note": "too dear"}
			done := staff.post("/v1/admin/tasks/"+held+"/cancel-and-refund", decision, http.StatusOK)
			done.Path("$.state").IsEqual("cancelled")
			f.audited(t, held, "task.cancel_and_refund")
			f.drain()
			seen := staff.get("/v1/admin/orders/" + order)
			seen.Path("$.lines[0].state").IsEqual("cancelled")
			if n := len(f.Pay.Refunds()); n != sent {
				t.Errorf("%d refunds went to the card, want %d", n, sent)
			}
			balance := staff.get("/v1/admin/customers/" + text(done, "about.customer_id") + "/credit").Path("$.balance.amount")
			if to == "credit" {
				balance.NotEqual("0.00")
			} else {
				balance.IsEqual("0.00")
			}
			staff.refused(http.MethodPost, "/v1/admin/tasks/"+held+"/cancel-and-refund", decision, http.StatusConflict, "task_state")
			staff.get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
		})
	}
}

func TestATaskOfNoOrderLineIsNotRefunded(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.LJPC.GiveDomain("nobodys.nl")
	f.compared()
	asked := f.held(t, "operator.review")
	f.staff().refused(http.MethodPost, "/v1/admin/tasks/"+asked+"/cancel-and-refund", map[string]any{"to": "method", "note": "x"}, http.StatusConflict, "not_refundable")
}
