package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"hostfront/catalog"
	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

// audited says whether the newest entries about a subject are these actions.
func (f *front) audited(t *testing.T, subject string, actions ...string) {
	t.Helper()
	items := f.staff().in(t).get("/v1/admin/audit-log?subject=" + subject).Path("$.items").Array().Iter()
	for i, action := range actions {
		if len(items) <= i || text(&items[i], "action") != action {
			t.Errorf("the audit log of %s lacks %s at %d: %d entries", subject, action, i, len(items))
			return
		}
		items[i].Path("$.admin_id").String().NotEmpty()
		items[i].Path("$.address").String().NotEmpty()
	}
}

// audits is the action of the newest audit entry.
func (f *front) audits(t *testing.T, action string) {
	t.Helper()
	f.staff().in(t).get("/v1/admin/audit-log?limit=1").Path("$.items[0].action").IsEqual(action)
}

func TestStaffSeesCustomersAndOrders(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	staff := f.staff()
	customer := text(staff.get("/v1/admin/customers?email=anna@example.com"), "items[0].id")
	staff.get("/v1/admin/customers/" + customer).Path("$.has_password").IsEqual(true)
	order := staff.get("/v1/admin/orders/" + p.order)
	order.Path("$.customer_id").IsEqual(customer)
	order.Path("$.consents").Array().Length().IsEqual(3)
	order.Path("$.consents[0].version").IsEqual("test-1")
	staff.get("/v1/admin/orders/" + text(order, "number")).Path("$.consents").IsEqual(order.Path("$.consents").Raw())
	staff.get("/v1/admin/orders").Path("$.items[0].id").IsEqual(p.order)
	staff.get("/v1/admin/invoices?state=paid").Path("$.items[0].id").IsEqual(p.invoice)
	staff.get("/v1/admin/invoices/" + p.invoice + "/payments").Path("$.items[0].id").IsEqual(p.payment)
	staff.get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
	staff.get("/v1/admin/ledger/entries?limit=2").Path("$.next_cursor").String().NotEmpty()
	kept := staff.post("/v1/admin/orders/"+p.order+"/cancel", nil, http.StatusOK)
	kept.Path("$.withdrawn").Array().IsEmpty()
	kept.Path("$.left").Array().Length().IsEqual(2)
}

func TestStaffDecidesOnACustomersVATNumberAndFlags(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	body := registration("anna@example.com")
	body["country"], body["company"], body["vat_id"] = "DE", "Visser GmbH", "DE136695976"
	session := f.visitor().post("/v1/auth/register", body, http.StatusCreated)
	anna, customer := f.holder(text(session, "access_token")), text(session, "customer.id")
	quote := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "anna-visser.nl", "years": 1}}}
	anna.post("/v1/quotes", quote, http.StatusCreated).Path("$.vat_rate").IsEqual("19")

	staff, vat := f.staff(), "/v1/admin/customers/"+customer+"/vat-status"
	staff.put(vat, map[string]any{"status": "confirmed"}, http.StatusOK).Path("$.vat_status").IsEqual("confirmed")
	f.audited(t, customer, "customer.vat_status")
	reversed := anna.post("/v1/quotes", quote, http.StatusCreated)
	reversed.Path("$.vat_rate").IsEqual("0")
	reversed.Path("$.vat_note").String().NotEmpty()
	f.drain()
	f.still(t, func() {
		staff.refused(http.MethodPut, vat, map[string]any{"status": "perhaps"}, http.StatusUnprocessableEntity, "invalid_fields")
		staff.refused(http.MethodPut, "/v1/admin/customers/none/vat-status", map[string]any{"status": "confirmed"}, http.StatusNotFound, "not_found")
	})
	flags := map[string]any{"no_automatic_payment": true, "no_invoicing": false, "no_suspension": true}
	staff.put("/v1/admin/customers/"+customer+"/flags", flags, http.StatusOK).Path("$.flags").IsEqual(flags)
	f.audited(t, customer, "customer.flags", "customer.vat_status")
}

func TestStaffPreviewsAndSavesPriceRules(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	rules := map[string]any{"rules": []any{
		map[string]any{"scope": "shop", "method": "percent", "value": "50", "ending": ".99"},
		map[string]any{"scope": "kind", "target": "hosting", "method": "fixed", "value": "1.00"},
	}}
	f.still(t, func() {
		preview := staff.post("/v1/admin/price-rules/preview?limit=3", rules, http.StatusOK)
		preview.Path("$.items").Array().Length().IsEqual(3)
		preview.Path("$.changed").Number().Gt(0)
		preview.Path("$.below_cost").Number().Gt(0)
		staff.post("/v1/admin/price-rules/preview?limit=3&cursor="+text(preview, "next_cursor"), rules, http.StatusOK).
			Path("$.items[0].item_id").String().NotEmpty()
		staff.refused(http.MethodPut, "/v1/admin/price-rules", map[string]any{"rules": []any{
			map[string]any{"scope": "shop", "method": "percent", "value": "plenty"},
		}}, http.StatusUnprocessableEntity, "invalid_fields")
	})
	staff.put("/v1/admin/price-rules", rules, http.StatusOK).Path("$.rules").Array().Length().IsEqual(2)
	f.audits(t, "price_rules.save")
	staff.get("/v1/admin/price-rules").Path("$.rules[0].id").String().NotEmpty()

	cost := map[string]any{"action": "renew", "cost": map[string]any{"amount": "9.50", "currency": "EUR"}}
	staff.put("/v1/admin/tld-costs/nl", cost, http.StatusNoContent)
	f.audited(t, "nl", "tld_cost.set")
	staff.get("/v1/admin/tld-costs").Path("$.items[0].cost.amount").IsEqual("9.50")
}

func TestStaffBelievesACostThatJumped(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	for _, p := range f.LJPC.Products() {
		if p.Identifier == "hosting_10gb" {
			dear := money.New(9900, money.EUR)
			p.Monthly = &dear
			f.LJPC.SetProduct(p)
		}
	}
	run := staff.post("/v1/admin/jobs/catalog.sync/run", nil, http.StatusOK)
	run.Path("$.asked").IsEqual(true)
	f.audited(t, "catalog.sync", "job.run")
	staff.get("/v1/admin/jobs/catalog.sync/runs").Path("$.items[0].id").IsEqual(text(run, "id"))
	staff.get("/v1/admin/jobs").Path("$.items").Array().NotEmpty()
	staff.refused(http.MethodPost, "/v1/admin/jobs/none/run", nil, http.StatusNotFound, "not_found")
	staff.get("/v1/admin/alarms").Path("$.items").Array().NotEmpty()

	held := staff.get("/v1/admin/held-prices").Path("$.items[0]")
	held.Path("$.up").IsEqual(true)
	confirm := "/v1/admin/held-prices/" + text(held, "id") + "/confirm"
	other := map[string]any{"new_cost": map[string]any{"amount": "1.00", "currency": "EUR"}}
	staff.refused(http.MethodPost, confirm, other, http.StatusConflict, "price_moved")
	staff.post(confirm, map[string]any{"new_cost": held.Path("$.new_cost").Raw()}, http.StatusNoContent)
	f.audited(t, text(held, "id"), "price.confirm", "price.confirm.refused", "price.confirm")
	staff.get("/v1/admin/held-prices").Path("$.items").Array().IsEmpty()
}

func TestStaffBelievesThatMostOfTheCatalogueIsGone(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	for _, p := range f.LJPC.Products() {
		f.LJPC.RemoveProduct(p.UUID)
	}
	onSale := func() int {
		return len(f.visitor().get("/v1/catalog/products?kind=hosting").Path("$.items").Array().Raw())
	}
	had := onSale()
	staff.post("/v1/admin/jobs/catalog.sync/run", nil, http.StatusOK)
	if !f.rings(catalog.AlarmSyncFailed) || had == 0 || onSale() != had {
		t.Errorf("%d products are on sale, and were %d; or nothing rings", onSale(), had)
	}
	accept := "/v1/admin/catalog/accept-missing"
	staff.refused(http.MethodPost, accept, map[string]any{"missing": 1}, http.StatusConflict, "missing_moved")
	staff.refused(http.MethodPost, accept, map[string]any{"missing": 0}, http.StatusUnprocessableEntity, "invalid_fields")
	staff.post(accept, map[string]any{"missing": had}, http.StatusOK).Path("$.withdrawn").IsEqual(had)
	f.audited(t, "catalog", "catalog.accept_missing", "catalog.accept_missing.refused", "catalog.accept_missing")
	if onSale() != 0 || f.rings(catalog.AlarmSyncFailed) {
		t.Errorf("%d products are on sale, or it still rings", onSale())
	}
}

// transferred places an order that is paid by bank transfer.
func (f *front) transferred(buyer caller, domain string) (order, invoice, payment string, gross money.Amount) {
	f.t.Helper()
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": domain, "years": 1}}}
	quote := buyer.post("/v1/quotes", one, http.StatusCreated)
	placed := buyer.once("transfer "+domain).post("/v1/orders", checkout(text(quote, "id"), "anna@example.com", "transfer"), http.StatusCreated)
	placed.Path("$.payment.next_action.type").IsEqual("transfer")
	gross, err := money.Parse(text(placed, "invoice.gross.amount"), money.EUR)
	if err != nil {
		f.t.Fatal(err)
	}
	return text(placed, "order.id"), text(placed, "invoice.id"), text(placed, "payment.id"), gross
}

func arrived(amount money.Amount, reference string) map[string]any {
	return map[string]any{"amount": map[string]any{"amount": amount.Format(), "currency": "EUR"}, "reference": reference}
}

func TestStaffBooksTransfersUnderExactAndOver(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	order, invoice, payment, gross := f.transferred(buyer, "first-name.nl")
	settle := "/v1/admin/payments/" + payment + "/settle"
	staff.refused(http.MethodPost, settle, arrived(gross.Neg(), "bank 0"), http.StatusUnprocessableEntity, "invalid_fields")
	part := money.New(100, money.EUR)
	staff.post(settle, arrived(part, "bank 1"), http.StatusOK).Path("$.state").IsEqual("pending")
	staff.refused(http.MethodPost, settle, arrived(part, "bank 1"), http.StatusConflict, "transfer_booked")
	f.drain()
	buyer.get("/v1/orders/" + order).Path("$.state").IsEqual("review")
	buyer.get("/v1/invoices/" + invoice).Path("$.paid.amount").IsEqual("1.00")
	staff.post(settle, arrived(gross.Sub(part), "bank 2"), http.StatusOK).Path("$.state").IsEqual("succeeded")
	f.audited(t, payment, "payment.settle", "payment.settle.refused", "payment.settle")
	f.until(order, "completed")
	staff.get("/v1/admin/invoices/" + invoice).Path("$.state").IsEqual("paid")

	order, _, payment, gross = f.transferred(buyer, "second-name.nl")
	staff.post("/v1/admin/payments/"+payment+"/settle", arrived(gross.Add(part), "bank 3"), http.StatusOK)
	f.until(order, "completed")
	buyer = f.signIn("anna@example.com")

	order, invoice, _, gross = f.transferred(buyer, "third-name.nl")
	staff.post("/v1/admin/suspense", arrived(gross, "bank 4"), http.StatusNoContent)
	f.audits(t, "suspense.record")
	item := staff.get("/v1/admin/suspense").Path("$.items[0]")
	assign := "/v1/admin/suspense/" + text(item, "id") + "/assign"
	staff.refused(http.MethodPost, assign, map[string]any{"invoice_id": "none"}, http.StatusNotFound, "not_found")
	staff.post(assign, map[string]any{"invoice_id": invoice}, http.StatusNoContent)
	f.audited(t, text(item, "id"), "suspense.assign")
	staff.refused(http.MethodPost, assign, map[string]any{"invoice_id": invoice}, http.StatusConflict, "suspense_assigned")
	f.until(order, "completed")
	staff.get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
}

func TestStaffCancelsAnUnpaidOrderAndResendsAMail(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	order, _, _, _ := f.transferred(buyer, "first-name.nl")
	f.drain()
	mail := staff.get("/v1/admin/mails").Path("$.items[0]")
	mail.Path("$.state").IsEqual("sent")
	staff.post("/v1/admin/mails/"+text(mail, "id")+"/resend", nil, http.StatusAccepted)
	f.audited(t, text(mail, "id"), "mail.resend")
	f.drain()
	staff.get("/v1/admin/mails?customer_id=" + text(mail, "customer_id")).Path("$.items[0].resent_of").IsEqual(text(mail, "id"))

	report := staff.post("/v1/admin/orders/"+order+"/cancel", nil, http.StatusOK)
	report.Path("$.voided").IsEqual(true)
	f.audited(t, order, "order.cancel")
	f.drain()
	buyer.get("/v1/orders/" + order).Path("$.state").IsEqual("cancelled")
	staff.refused(http.MethodPost, "/v1/admin/orders/"+order+"/cancel", nil, http.StatusConflict, "order_ended")
}

func TestStaffSettlesAnOrderWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	f.LJPC.Faults(ljpc.Fault{Op: "orders.create", Kind: ljpc.FaultDropAfter}, ljpc.Fault{Kind: ljpc.FaultStuckOrder})
	placed := f.ordered(buyer, "anna@example.com", cart(f.monthly(), "anna-visser.nl"))
	held := f.held(t, "hosting.order")
	staff.get("/v1/admin/tasks/" + held).Path("$.state").IsEqual("held")
	staff.get("/v1/admin/tasks/" + held + "/journal").Path("$.items").Array().NotEmpty()
	f.LJPC.Release(f.LJPC.Orders()[0].ID)
	settle := map[string]any{"outcome": "placed", "note": "seen in the panel", "result": map[string]any{"order_id": fmt.Sprint(f.LJPC.Orders()[0].ID)}}
	staff.refused(http.MethodPost, "/v1/admin/tasks/"+held+"/settle", map[string]any{"outcome": "lost", "note": "?"}, http.StatusUnprocessableEntity, "invalid_fields")
	staff.post("/v1/admin/tasks/"+held+"/settle", settle, http.StatusOK)
	f.audited(t, held, "task.settle")
	f.until(text(placed, "order.id"), "completed")
	if n := len(f.LJPC.Orders()); n != 1 {
		t.Errorf("%d upstream orders, want 1", n)
	}
	staff.refused(http.MethodPost, "/v1/admin/tasks/"+held+"/cancel", nil, http.StatusConflict, "task_state")
	f.audited(t, held, "task.cancel.refused", "task.cancel", "task.settle")
}

// held is the task of a kind that waits for a person.
func (f *front) held(t *testing.T, kind string) string {
	t.Helper()
	for range 30 {
		f.drain()
		items := f.staff().get("/v1/admin/tasks?state=held&kind=" + kind).Path("$.items").Array()
		if len(items.Raw()) > 0 {
			return text(items.Value(0), "id")
		}
		f.pass(time.Hour)
	}
	t.Fatalf("no task %s is held", kind)
	return ""
}

func TestStaffAllowsACostAndRetriesTheTask(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "anna-visser.nl", "years": 1}}}
	quote := text(buyer.post("/v1/quotes", one, http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	f.LJPC.SetDomainPrice("anna-visser.nl", ljpc.DomainPrice{Cost: money.New(2000, money.EUR)})
	f.press(text(placed, "payment.next_action.url"), "pay")
	held := f.held(t, "domain.register")
	line := text(placed, "order.lines[0].id")
	allow := "/v1/admin/orders/" + text(placed, "order.id") + "/lines/" + line + "/allow-cost"
	cost := map[string]any{"cost": map[string]any{"amount": "20.00", "currency": "EUR"}}
	staff.post(allow, cost, http.StatusNoContent)
	f.audited(t, line, "line.allow_cost")
	staff.refused(http.MethodPost, "/v1/admin/orders/"+text(placed, "order.id")+"/lines/none/allow-cost", cost, http.StatusNotFound, "not_found")
	staff.post("/v1/admin/tasks/"+held+"/retry", nil, http.StatusOK)
	f.audited(t, held, "task.retry")
	done := f.until(text(placed, "order.id"), "completed")
	buyer = f.signIn("anna@example.com")
	service := text(done, "lines[0].service_id")
	staff.put("/v1/admin/services/"+service+"/expiry", map[string]any{"expires_at": "2027-05-01T00:00:00Z"}, http.StatusNoContent)
	f.audited(t, service, "service.expiry")
	buyer.get("/v1/services/" + service).Path("$.expires_at").IsEqual("2027-05-01T00:00:00Z")

	order, _, _, _ := f.transferred(buyer, "another-name.nl")
	staff.get("/v1/admin/orders/" + order).Path("$.gateway").IsEqual("transfer")
	blocked := text(staff.get("/v1/admin/tasks?state=blocked&kind=domain.register"), "items[0].id")
	staff.refused(http.MethodPost, "/v1/admin/tasks/"+blocked+"/cancel", nil, http.StatusConflict, "not_paid")
}

func TestStaffGivesUpATaskAndTheMoneyGoesBack(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "anna-visser.nl", "years": 1}}}
	quote := text(buyer.post("/v1/quotes", one, http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	f.LJPC.SetDomainPrice("anna-visser.nl", ljpc.DomainPrice{Cost: money.New(2000, money.EUR)})
	f.press(text(placed, "payment.next_action.url"), "pay")
	held := f.held(t, "domain.register")
	staff.post("/v1/admin/tasks/"+held+"/cancel", nil, http.StatusOK).Path("$.state").IsEqual("cancelled")
	f.audited(t, held, "task.cancel")
	f.drain()
	staff.get("/v1/admin/orders/" + text(placed, "order.id")).Path("$.lines[0].state").IsEqual("cancelled")
	if n := len(f.Pay.Refunds()); n != 1 {
		t.Errorf("%d refunds at the provider, want 1", n)
	}
	staff.get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
}

func TestStaffMovesTheClockForwardOnly(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	now := f.App.Now()
	staff.get("/v1/admin/clock").Path("$.now").IsEqual(now.Format(time.RFC3339))
	later := now.Add(48 * time.Hour).Format(time.RFC3339)
	staff.post("/v1/admin/clock", map[string]any{"now": later}, http.StatusOK).Path("$.now").IsEqual(later)
	f.audits(t, "clock.move")
	staff.refused(http.MethodPost, "/v1/admin/clock", map[string]any{"now": now.Format(time.RFC3339)}, http.StatusUnprocessableEntity, "invalid_fields")
	f.audits(t, "clock.move.refused")
	staff.refused(http.MethodPost, "/v1/admin/clock", map[string]any{"now": now.AddDate(2, 0, 0).Format(time.RFC3339)}, http.StatusUnprocessableEntity, "invalid_fields")
}
