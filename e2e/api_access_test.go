package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// anywhere is an address of an operation, with ids of nothing.
func (e endpoint) anywhere() string {
	address := e.path
	for _, p := range e.Parameters {
		if p.Value.In == "path" {
			address = strings.ReplaceAll(address, "{"+p.Value.Name+"}", "none")
		}
	}
	return address
}

// TestWhoMayNotCallIsTurnedAwayAndNothingHappens tries every operation that needs a
// token with each wrong one.
func TestWhoMayNotCallIsTurnedAwayAndNothingHappens(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	expired := f.customer("late@example.com")
	f.pass(time.Hour)
	fresh := f.signIn("anna@example.com")
	revoked := f.signIn("anna@example.com")
	revoked.post("/v1/auth/revoke", nil, http.StatusNoContent)
	fresh = f.signIn(p.email)

	wrong := []struct {
		name, token, code string
		except            string // the scheme whose operations it does open
	}{
		{"no token", "", "token_required", ""},
		{"a garbage token", "garbage.garbage.garbage", "token_invalid", ""},
		{"a token with a false signature", fresh.token[:len(fresh.token)-6] + "AAAAAA", "token_invalid", ""},
		{"an expired token", expired.token, "token_expired", "admin"},
		{"a revoked token", revoked.token, "token_invalid", "admin"},
		{"a customer's token", fresh.token, "token_invalid", "customer"},
		{"an admin's token", f.AdminToken, "token_invalid", "admin"},
		{"the upstream's key", "test-upstream-key", "token_invalid", ""},
	}
	for _, w := range wrong {
		t.Run(w.name, func(t *testing.T) {
			f.still(t, func() {
				for _, e := range contract.endpoints() {
					if e.needs() == "" || e.needs() == w.except {
						continue
					}
					f.holder(w.token).in(t).refused(e.method, e.anywhere(), nil, http.StatusUnauthorized, w.code)
				}
			})
		})
	}
}

// signIn signs a customer in by password.
func (f *front) signIn(email string) caller {
	f.t.Helper()
	session := f.visitor().post("/v1/auth/login", map[string]any{"email": email, "password": password}, http.StatusOK)
	return f.holder(session.Path("$.access_token").String().Raw())
}

func TestATokenMustBeABearerToken(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, header := range []string{"Basic YTpi", "Bearer", "bearer", "Token x"} {
		response := f.visitor().request(http.MethodGet, "/v1/account").WithHeader("Authorization", header).Expect()
		response.Status(http.StatusUnauthorized).Header("WWW-Authenticate").HasPrefix("Bearer")
	}
}

// TestAnothersThingsAreNotThere tries every operation on a thing of one's own with
// the things of somebody else.
func TestAnothersThingsAreNotThere(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	setup := text(p.buyer.post("/v1/payment-methods", map[string]any{"gateway": "sandbox"}, http.StatusCreated), "id")
	mallory := f.customer("mallory@example.com")
	tries := map[string]struct {
		address string
		body    any
	}{
		"get-order":                {"/v1/orders/" + p.order, nil},
		"order-events":             {"/v1/orders/" + p.order + "/events", nil},
		"retry-line":               {"/v1/orders/" + p.order + "/lines/" + p.domainLine + "/retry", map[string]any{}},
		"get-invoice":              {"/v1/invoices/" + p.invoice, nil},
		"get-invoice-pdf":          {"/v1/invoices/" + p.invoice + "/pdf", nil},
		"pay-invoice":              {"/v1/invoices/" + p.invoice + "/pay", map[string]any{"gateway": "sandbox"}},
		"get-payment":              {"/v1/payments/" + p.payment, nil},
		"default-payment-method":   {"/v1/payment-methods/" + p.method + "/default", nil},
		"remove-payment-method":    {"/v1/payment-methods/" + p.method, nil},
		"get-payment-method-setup": {"/v1/payment-method-setups/" + setup, nil},
		"set-subscription-method":  {"/v1/subscriptions/" + p.sub + "/payment-method", map[string]any{"method_id": ""}},
		"get-service":              {"/v1/services/" + p.site, nil},
		"login-service":            {"/v1/services/" + p.site + "/login", nil},
		"get-auth-code":            {"/v1/services/" + p.name + "/auth-code", nil},
		"get-nameservers":          {"/v1/services/" + p.name + "/nameservers", nil},
		"set-nameservers":          {"/v1/services/" + p.name + "/nameservers", map[string]any{"nameservers": []string{"ns1.example.net", "ns2.example.net"}}},
		"get-dns":                  {"/v1/services/" + p.name + "/dns", nil},
		"replace-dns":              {"/v1/services/" + p.name + "/dns", map[string]any{"records": []any{}}},
		"cancel-subscription":      {"/v1/subscriptions/" + p.sub + "/cancel", nil},
		"get-quote":                {"/v1/quotes/" + p.quote, nil},
		"change-quote":             {"/v1/quotes/" + p.quote, cart(f.monthly(), "mallory.nl")},
		"apply-credit":             {"/v1/invoices/" + p.invoice + "/apply-credit", map[string]any{}},
		"get-subscription":         {"/v1/subscriptions/" + p.sub, nil},
		"uncancel-subscription":    {"/v1/subscriptions/" + p.sub + "/uncancel", nil},
		"pause-subscription":       {"/v1/subscriptions/" + p.sub + "/pause", nil},
		"resume-subscription":      {"/v1/subscriptions/" + p.sub + "/resume", nil},
		"next-invoice":             {"/v1/subscriptions/" + p.sub + "/next-invoice", nil},
		"preview-change":           {"/v1/subscriptions/" + p.sub + "/change/preview", map[string]any{"cycle": "year"}},
		"change-subscription":      {"/v1/subscriptions/" + p.sub + "/change", map[string]any{"cycle": "year"}},
		"list-changes":             {"/v1/subscriptions/" + p.sub + "/changes", nil},
	}
	f.still(t, func() {
		for _, e := range contract.endpoints() {
			own := strings.Contains(e.path, "{") && (e.needs() == "customer" || strings.HasPrefix(e.path, "/v1/quotes/"))
			if !own {
				continue
			}
			try, known := tries[e.OperationID]
			if !known {
				t.Errorf("%s is not tried with somebody else's thing", e.OperationID)
				continue
			}
			mallory.in(t).refused(e.method, try.address, try.body, http.StatusNotFound, "not_found")
		}
		order := checkout(p.quote, "mallory@example.com", "sandbox")
		mallory.in(t).once("mallory 1").refused(http.MethodPost, "/v1/orders", order, http.StatusNotFound, "not_found")
	})
	for _, list := range []string{"/v1/orders", "/v1/invoices", "/v1/services", "/v1/subscriptions", "/v1/payment-methods"} {
		mallory.get(list).Path("$.items").Array().IsEmpty()
	}
	f.visitor().refused(http.MethodGet, "/v1/quotes/"+p.quote, nil, http.StatusNotFound, "not_found")
}

func TestWhatIsNotThereIsAProblem(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.still(t, func() {
		for _, address := range []string{"/", "/v1", "/v2/orders", "/v1/orders/a/b/c", "/.env", "/docs.php"} {
			f.visitor().refused(http.MethodGet, address, nil, http.StatusNotFound, "not_found")
		}
		f.visitor().refused(http.MethodDelete, "/v1/orders", nil, http.StatusMethodNotAllowed, "method_not_allowed")
		f.visitor().refused(http.MethodPost, "/v1/catalog/products", nil, http.StatusMethodNotAllowed, "method_not_allowed")
		f.visitor().refused(http.MethodPut, "/healthz", nil, http.StatusMethodNotAllowed, "method_not_allowed")
		for _, e := range contract.endpoints() {
			if e.needs() == "admin" && e.method == http.MethodGet && strings.Contains(e.path, "{") {
				f.staff().refused(e.method, e.anywhere(), nil, http.StatusNotFound, "not_found")
			}
		}
	})
}
