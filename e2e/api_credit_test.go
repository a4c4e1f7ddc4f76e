package e2e

import (
	"net/http"
	"testing"
	"time"

	"hostfront/app"
)

func euros(amount string) map[string]any { return map[string]any{"amount": amount, "currency": "EUR"} }

// me is the id of the customer of a token.
func (f *front) me(c caller) string { return text(c.get("/v1/account"), "id") }

func TestCustomersBuyAndUseCredit(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	order := map[string]any{"amount": euros("25.00"), "payment": map[string]any{"gateway": "sandbox", "return_url": "http://shop.example/thanks"}}
	f.still(t, func() {
		bad := map[string]any{"amount": euros("0.50"), "payment": order["payment"]}
		buyer.refused(http.MethodPost, "/v1/credit/top-ups", bad, http.StatusUnprocessableEntity, "invalid_fields")
		bad = map[string]any{"amount": euros("5.00"), "payment": map[string]any{"gateway": "none"}}
		buyer.refused(http.MethodPost, "/v1/credit/top-ups", bad, http.StatusUnprocessableEntity, "invalid_fields")
	})
	bought := buyer.once("top up").post("/v1/credit/top-ups", order, http.StatusCreated)
	again := buyer.once("top up").post("/v1/credit/top-ups", order, http.StatusCreated)
	if text(bought, "invoice.id") != text(again, "invoice.id") || text(bought, "payment.id") != text(again, "payment.id") {
		t.Fatal("one key bought credit twice")
	}
	f.press(text(bought, "payment.next_action.url"), "pay")
	f.drain()
	receipt := buyer.get("/v1/invoices/" + text(bought, "invoice.id"))
	receipt.Path("$.for_credit").IsEqual(true)
	receipt.Path("$.vat.amount").IsEqual("0.00")
	receipt.Path("$.number").String().HasPrefix("RC")
	buyer.get("/v1/credit").Path("$.own.amount").IsEqual("25.00")

	_, invoice, _, _ := f.transferred(buyer, "first-name.nl")
	apply := "/v1/invoices/" + invoice + "/apply-credit"
	f.customer("bob@example.com").refused(http.MethodPost, apply, map[string]any{}, http.StatusNotFound, "not_found")
	part := buyer.once("apply").post(apply, map[string]any{"amount": euros("1.00")}, http.StatusOK)
	part.Path("$.applied.amount").IsEqual("1.00")
	buyer.once("apply").post(apply, map[string]any{"amount": euros("1.00")}, http.StatusOK).Path("$.credit.balance.amount").IsEqual("24.00")
	f.drain()
	staff.post("/v1/admin/invoices/"+invoice+"/apply-credit", map[string]any{}, http.StatusOK).Path("$.invoice.state").IsEqual("paid")
	f.audited(t, invoice, "credit.apply")
	buyer.get("/v1/credit/entries").Path("$.items[0].kind").IsEqual("credit_applied")
	buyer.refused(http.MethodPost, apply, map[string]any{}, http.StatusConflict, "invoice_paid")
	f.drain()
	staff.get("/v1/admin/ledger").Path("$.accounts").Array().NotEmpty()
}

func TestStaffGivesEndsAndPaysBackCredit(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	who := f.me(buyer)
	credit := "/v1/admin/customers/" + who + "/credit"
	gift := map[string]any{"amount": euros("10.00"), "reason": "For the trouble you had.", "expires_at": f.App.Now().AddDate(0, 1, 0).Format(time.RFC3339)}
	given := staff.once("gift").post(credit, gift, http.StatusCreated)
	staff.once("gift").post(credit, gift, http.StatusCreated)
	f.audited(t, who, "credit.give")
	f.drain()
	staff.get("/v1/admin/mails").Path("$.items[0].event").IsEqual("credit.given")
	standing := staff.get(credit)
	standing.Path("$.given.amount").IsEqual("10.00")
	standing.Path("$.grants").Array().Length().IsEqual(1)
	staff.get(credit + "/entries").Path("$.items[0].grant_id").IsEqual(text(given, "id"))
	staff.refused(http.MethodPost, credit, map[string]any{"amount": euros("-1.00"), "reason": "x"}, http.StatusUnprocessableEntity, "invalid_fields")
	staff.refused(http.MethodPost, credit+"/refund", map[string]any{"reason": "x"}, http.StatusConflict, "no_credit")
	staff.refused(http.MethodGet, "/v1/admin/customers/none/credit", nil, http.StatusNotFound, "not_found")
	end := "/v1/admin/credit/" + text(given, "id") + "/expire"
	staff.post(end, nil, http.StatusOK).Path("$.left.amount").IsEqual("0.00")
	f.audited(t, text(given, "id"), "credit.expire")
	staff.refused(http.MethodPost, end, nil, http.StatusConflict, "credit_ended")

	bought := buyer.post("/v1/credit/top-ups", map[string]any{"amount": euros("25.00"), "payment": map[string]any{"gateway": "sandbox", "return_url": "http://shop.example/thanks"}}, http.StatusCreated)
	f.press(text(bought, "payment.next_action.url"), "pay")
	f.drain()
	back := staff.once("back").post(credit+"/refund", map[string]any{"amount": euros("5.00"), "reason": "Asked for it."}, http.StatusCreated)
	back.Path("$.gross.amount").IsEqual("-5.00")
	f.audited(t, who, "credit.refund")
	f.drain()
	staff.get("/v1/admin/invoices/" + text(back, "id")).Path("$.state").IsEqual("paid")
	buyer.get("/v1/credit").Path("$.balance.amount").IsEqual("20.00")
}

func TestRenewalTakesCreditFirstUnlessTheShopKeepsIt(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		f := openFront(t, func(c *app.Config, _ *app.Options) { c.Shop.KeepCredit = keep })
		f.bought("anna@example.com", "anna-visser.nl")
		buyer, staff := f.signIn("anna@example.com"), f.staff()
		who := f.me(buyer)
		staff.post("/v1/admin/customers/"+who+"/credit", map[string]any{"amount": euros("100.00"), "reason": "A gift."}, http.StatusCreated)
		f.pass(32 * 24 * time.Hour)
		left := staff.get("/v1/admin/customers/" + who + "/credit").Path("$.balance.amount").String().Raw()
		if (left == "100.00") != keep {
			t.Errorf("keeping %v: %s of credit is left after a renewal", keep, left)
		}
	}
}
