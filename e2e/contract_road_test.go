package e2e

import (
	"net/http"
	"testing"

	"github.com/gavv/httpexpect/v2"
)

// purchase is a customer with a domain and hosting that were bought, paid and
// delivered, and the ids of what came of it.
type purchase struct {
	*front
	buyer caller

	email, domain                             string
	quote, order, domainLine, hostingLine     string
	invoice, payment, method, site, name, sub string
}

// bought walks the main road to its end.
func (f *front) bought(email, domain string) purchase {
	f.t.Helper()
	p := purchase{front: f, buyer: f.customer(email), email: email, domain: domain}
	quoted := p.buyer.post("/v1/quotes", cart(f.monthly(), domain), http.StatusCreated)
	p.quote = text(quoted, "id")
	placed := p.buyer.once("order "+domain).post("/v1/orders", checkout(p.quote, email, "sandbox"), http.StatusCreated)
	p.order, p.invoice, p.payment = text(placed, "order.id"), text(placed, "invoice.id"), text(placed, "payment.id")
	p.domainLine, p.hostingLine = text(placed, "order.lines[0].id"), text(placed, "order.lines[1].id")
	f.press(text(placed, "payment.next_action.url"), "pay")
	f.delivered(p.buyer, p.order)
	p.method = text(p.buyer.get("/v1/payment-methods"), "items[0].id")
	for _, s := range p.buyer.get("/v1/services").Path("$.items").Array().Iter() {
		if text(&s, "kind") == "hosting" {
			p.site = text(&s, "id")
		} else {
			p.name = text(&s, "id")
		}
	}
	p.sub = text(p.buyer.get("/v1/subscriptions"), "items[0].id")
	return p
}

// delivered lets time pass until an order is completed.
func (f *front) delivered(c caller, order string) *httpexpect.Value {
	f.t.Helper()
	for range 20 {
		f.drain()
		answer := c.get("/v1/orders/" + order)
		if text(answer, "state") == "completed" {
			return answer
		}
		f.pass(10e9)
	}
	f.t.Fatalf("order %s is not delivered: %v", order, c.get("/v1/orders/"+order).Raw())
	return nil
}

// monthly is a product that is billed by the month.
func (f *front) monthly() string {
	f.t.Helper()
	for _, p := range f.visitor().get("/v1/catalog/products?kind=hosting").Path("$.items").Array().Iter() {
		if text(&p, "category") == "hosting_10gb" {
			return text(&p, "id")
		}
	}
	f.t.Fatal("no product is billed by the month")
	return ""
}

// cart is a domain with hosting on it.
func cart(product, domain string) map[string]any {
	return map[string]any{"country": "NL", "lines": []any{
		map[string]any{"action": "register", "domain": domain, "years": 1},
		map[string]any{"product_id": product, "cycle": "month", "domain": domain},
	}}
}

func checkout(quote, email, gateway string) map[string]any {
	return map[string]any{
		"quote_id": quote, "registrant": registrant(email),
		"consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"payment":  map[string]any{"gateway": gateway, "return_url": "https://storefront.example/back", "save_method": gateway == "sandbox"},
	}
}

func registrant(email string) map[string]any {
	return map[string]any{
		"type": "person", "first_name": "Anna", "last_name": "Visser", "email": email, "phone": "+31201234567",
		"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
	}
}

func TestACustomerBuysAndHasWhatWasBought(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	t.Run("the cart", func(t *testing.T) { p.cart(t) })
	t.Run("the order and its documents", func(t *testing.T) { p.documents(t) })
	t.Run("the domain", func(t *testing.T) { p.domainService(t) })
	t.Run("the site", func(t *testing.T) { p.siteService(t) })
	t.Run("the way of paying", func(t *testing.T) { p.payingMethod(t) })
	if n := len(f.LJPC.Orders()); n != 1 {
		t.Errorf("%d upstream orders, want 1", n)
	}
}

func (p purchase) cart(t *testing.T) {
	buyer := p.buyer.in(t)
	buyer.get("/v1/quotes/" + p.quote).Path("$.order_id").IsEqual(p.order)
	buyer.refused(http.MethodPatch, "/v1/quotes/"+p.quote, cart(p.monthly(), p.domain), http.StatusConflict, "quote_ordered")

	fresh := buyer.post("/v1/quotes", cart(p.monthly(), "second-name.nl"), http.StatusCreated)
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "third-name.nl", "years": 1}}}
	changed := buyer.call(http.MethodPatch, "/v1/quotes/"+text(fresh, "id"), one, http.StatusOK).JSON()
	changed.Path("$.lines").Array().Length().IsEqual(1)
	changed.Path("$.lines[0].domain").IsEqual("third-name.nl")
	stale := map[string]any{"lines": one["lines"], "version": 1}
	buyer.refused(http.MethodPatch, "/v1/quotes/"+text(fresh, "id"), stale, http.StatusConflict, "quote_changed")
}

func (p purchase) documents(t *testing.T) {
	buyer := p.buyer.in(t)
	order := buyer.get("/v1/orders/" + p.order)
	order.Path("$.state").IsEqual("completed")
	order.Path("$.lines[0].service_id").IsEqual(p.name)
	order.Path("$.lines[1].service_id").IsEqual(p.site)
	buyer.get("/v1/orders").Path("$.items[0].id").IsEqual(p.order)
	invoice := buyer.get("/v1/invoices/" + p.invoice)
	invoice.Path("$.state").IsEqual("paid")
	invoice.Path("$.number").String().NotEmpty()
	invoice.Path("$.gross").IsEqual(order.Path("$.gross").Raw())
	buyer.get("/v1/invoices?limit=1").Path("$.items[0].id").IsEqual(p.invoice)
	pdf := buyer.call(http.MethodGet, "/v1/invoices/"+p.invoice+"/pdf", nil, http.StatusOK)
	pdf.Header("Content-Type").IsEqual("application/pdf")
	pdf.Body().HasPrefix("%PDF-")
	buyer.get("/v1/payments/" + p.payment).Path("$.state").IsEqual("succeeded")
	buyer.refused(http.MethodPost, "/v1/invoices/"+p.invoice+"/pay", map[string]any{"gateway": "sandbox"}, http.StatusConflict, "invoice_paid")
}

func (p purchase) domainService(t *testing.T) {
	buyer := p.buyer.in(t)
	service := buyer.get("/v1/services/" + p.name)
	service.Path("$.state").IsEqual("active")
	service.Path("$.zone_managed").IsEqual(true)
	service.Path("$.actions").Array().NotContainsAny("replace_dns").ContainsAny("dns")
	service.Path("$.expires_at").String().AsDateTime("2006-01-02T15:04:05Z").Gt(p.App.Now())
	buyer.get("/v1/services/" + p.name + "/auth-code").Path("$.auth_code").String().NotEmpty()
	buyer.get("/v1/subscriptions").Path("$.items").Array().Length().IsEqual(2)
	buyer.refused(http.MethodPut, "/v1/services/"+p.name+"/dns", zone(text(buyer.get("/v1/services/"+p.name+"/dns"), "version")), http.StatusConflict, "zone_managed")

	hosts := map[string]any{"nameservers": []string{"ns1.example.net", "ns2.example.net"}}
	buyer.put("/v1/services/"+p.name+"/nameservers", hosts, http.StatusOK)
	p.drain()
	buyer.get("/v1/services/" + p.name + "/nameservers").Path("$.nameservers").IsEqual(hosts["nameservers"])
}

func TestACustomerReplacesTheRecordsOfAName(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	name := f.registered(buyer, "anna@example.com", "alone-name.nl")
	buyer.get("/v1/services/" + name).Path("$.actions").Array().ContainsAny("replace_dns")
	read := buyer.get("/v1/services/" + name + "/dns")
	read.Path("$.managed").IsEqual(false)
	before := text(read, "version")
	records := zone(before)
	buyer.put("/v1/services/"+name+"/dns", records, http.StatusOK)
	f.drain()
	after := buyer.get("/v1/services/" + name + "/dns")
	after.Path("$.records").Array().Length().IsEqual(2)
	after.Path("$.version").NotEqual(before)
	buyer.put("/v1/services/"+name+"/dns", records, http.StatusOK) // the same again changes nothing
	records["records"] = []any{}
	buyer.refused(http.MethodPut, "/v1/services/"+name+"/dns", records, http.StatusConflict, "zone_changed")
	records["version"] = after.Path("$.version").Raw()
	buyer.put("/v1/services/"+name+"/dns", records, http.StatusOK)
	buyer.get("/v1/services/" + name + "/dns").Path("$.records").Array().IsEmpty()
}

// registered buys a name alone and gives its service.
func (f *front) registered(buyer caller, email, domain string) string {
	f.t.Helper()
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": domain, "years": 1}}}
	quote := text(buyer.post("/v1/quotes", one, http.StatusCreated), "id")
	placed := buyer.once("order "+domain).post("/v1/orders", checkout(quote, email, "sandbox"), http.StatusCreated)
	f.press(text(placed, "payment.next_action.url"), "pay")
	return text(f.delivered(buyer, text(placed, "order.id")), "lines[0].service_id")
}

func zone(version string) map[string]any {
	return map[string]any{"version": version, "records": []any{
		map[string]any{"type": "A", "name": "@", "content": "192.0.2.7", "ttl": 3600},
		map[string]any{"type": "MX", "name": "@", "content": "mail.example.net", "ttl": 3600, "prio": 10},
	}}
}

func (p purchase) siteService(t *testing.T) {
	buyer := p.buyer.in(t)
	buyer.get("/v1/services/" + p.site).Path("$.usage").Object().ContainsKey("disk_used_bytes")
	buyer.get("/v1/services/" + p.site + "/login").Path("$.url").String().HasPrefix("http")
	buyer.refused(http.MethodGet, "/v1/services/"+p.name+"/login", nil, http.StatusConflict, "action_not_available")
	buyer.refused(http.MethodGet, "/v1/services/"+p.site+"/auth-code", nil, http.StatusConflict, "action_not_available")
}

func (p purchase) payingMethod(t *testing.T) {
	buyer := p.buyer.in(t)
	p.visitor().in(t).get("/v1/payment-gateways").Path("$.items[0].name").IsEqual("sandbox")
	buyer.post("/v1/payment-methods/"+p.method+"/default", nil, http.StatusNoContent)
	buyer.call(http.MethodDelete, "/v1/payment-methods/"+p.method, nil, http.StatusNoContent)
	buyer.get("/v1/payment-methods").Path("$.items").Array().IsEmpty()
}
