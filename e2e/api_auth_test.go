package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hostfront/app"

	"github.com/gavv/httpexpect/v2"
)

func TestASessionIsHadAndEnded(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.customer("anna@example.com")
	login := map[string]any{"email": "anna@example.com", "password": password}
	session := f.visitor().post("/v1/auth/login", login, http.StatusOK)
	session.Path("$.customer.email").IsEqual("anna@example.com")
	session.Path("$.token_type").IsEqual("Bearer")
	anna := f.holder(text(session, "access_token"))
	anna.get("/v1/account").Path("$.first_name").IsEqual("Anna")
	changed := anna.call(http.MethodPatch, "/v1/account", map[string]any{"city": "Utrecht", "vat_id": "NL123456789B01", "company": "Visser B.V."}, http.StatusOK).JSON()
	changed.Path("$.city").IsEqual("Utrecht")
	changed.Path("$.vat_status").IsEqual("pending")
	changed.Path("$.first_name").IsEqual("Anna")
	moved := anna.call(http.MethodPatch, "/v1/account", map[string]any{"country": "FR"}, http.StatusOK).JSON()
	moved.Path("$.dropped_vat_id").IsEqual("NL123456789B01")
	moved.Path("$.vat_status").IsEqual("none")

	refresh := map[string]any{"refresh_token": text(session, "refresh_token")}
	f.visitor().post("/v1/auth/logout", refresh, http.StatusNoContent)
	f.visitor().post("/v1/auth/logout", refresh, http.StatusNoContent)
	f.visitor().refused(http.MethodPost, "/v1/auth/token", refresh, http.StatusUnauthorized, "token_invalid")

	for _, wrong := range []map[string]any{
		{"email": "anna@example.com", "password": "not the password"},
		{"email": "nobody@example.com", "password": password},
	} {
		f.visitor().refused(http.MethodPost, "/v1/auth/login", wrong, http.StatusUnauthorized, "bad_credentials")
	}
}

func TestARefreshTokenThatComesTwiceEndsTheSession(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	session := f.visitor().post("/v1/auth/register", registration("anna@example.com"), http.StatusCreated)
	first := map[string]any{"refresh_token": text(session, "refresh_token")}
	rotated := f.visitor().post("/v1/auth/token", first, http.StatusOK)
	f.holder(text(rotated, "access_token")).get("/v1/account")
	f.visitor().refused(http.MethodPost, "/v1/auth/token", first, http.StatusUnauthorized, "token_reused")
	second := map[string]any{"refresh_token": text(rotated, "refresh_token")}
	f.visitor().refused(http.MethodPost, "/v1/auth/token", second, http.StatusUnauthorized, "token_invalid")
	f.holder(text(rotated, "access_token")).refused(http.MethodGet, "/v1/account", nil, http.StatusUnauthorized, "token_invalid")
	f.signIn("anna@example.com").get("/v1/account")
}

// linkToken is the token in the link of the newest mail.
var linkToken = regexp.MustCompile(`[?&]token=(?:3D)?([A-Za-z0-9_-]+)`)

func (f *front) mailed(t *testing.T, to string) string {
	t.Helper()
	f.drain()
	letters := f.letters(t)
	for i := len(letters) - 1; i >= 0; i-- {
		plain := strings.ReplaceAll(strings.ReplaceAll(letters[i], "=\r\n", ""), "=\n", "")
		if match := linkToken.FindStringSubmatch(plain); match != nil && strings.Contains(plain, to) {
			return match[1]
		}
	}
	t.Fatalf("no mail to %s has a link", to)
	return ""
}

func TestAPasswordIsResetByMail(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	before := f.customer("anna@example.com")
	unknown := map[string]any{"email": "nobody@example.com"} // nobody learns who has an account
	f.visitor().post("/v1/auth/password-reset", unknown, http.StatusAccepted)
	f.visitor().post("/v1/auth/sign-in-link", unknown, http.StatusAccepted)
	f.drain()
	if n := len(f.letters(t)); n != 0 {
		t.Errorf("%d mails to nobody", n)
	}
	f.visitor().post("/v1/auth/password-reset", map[string]any{"email": "anna@example.com"}, http.StatusAccepted)
	token := f.mailed(t, "anna@example.com")
	reset := map[string]any{"token": token, "password": "another long password"}
	f.visitor().refused(http.MethodPost, "/v1/auth/password-reset/confirm", map[string]any{"token": token, "password": "short"}, http.StatusUnprocessableEntity, "invalid_fields")
	f.visitor().refused(http.MethodPost, "/v1/auth/sign-in", map[string]any{"token": token}, http.StatusUnauthorized, "link_invalid")
	session := f.visitor().post("/v1/auth/password-reset/confirm", reset, http.StatusOK)
	f.holder(text(session, "access_token")).get("/v1/account")
	before.refused(http.MethodGet, "/v1/account", nil, http.StatusUnauthorized, "token_invalid")
	f.visitor().refused(http.MethodPost, "/v1/auth/password-reset/confirm", reset, http.StatusUnauthorized, "link_invalid")
	f.visitor().refused(http.MethodPost, "/v1/auth/login", map[string]any{"email": "anna@example.com", "password": password}, http.StatusUnauthorized, "bad_credentials")
	f.visitor().post("/v1/auth/login", map[string]any{"email": "anna@example.com", "password": "another long password"}, http.StatusOK)
}

func TestACustomerWithoutAPasswordSignsInByMail(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	body := registration("anna@example.com")
	delete(body, "password")
	f.visitor().post("/v1/auth/register", body, http.StatusCreated)
	f.visitor().refused(http.MethodPost, "/v1/auth/login", map[string]any{"email": "anna@example.com", "password": ""}, http.StatusUnauthorized, "bad_credentials")
	ask := map[string]any{"email": "anna@example.com"}
	f.visitor().post("/v1/auth/sign-in-link", ask, http.StatusAccepted)
	token := map[string]any{"token": f.mailed(t, "anna@example.com")}
	session := f.visitor().post("/v1/auth/sign-in", token, http.StatusOK)
	f.holder(text(session, "access_token")).get("/v1/account")
	f.visitor().refused(http.MethodPost, "/v1/auth/sign-in", token, http.StatusUnauthorized, "link_invalid")

	f.pass(time.Minute)
	f.visitor().post("/v1/auth/sign-in-link", ask, http.StatusAccepted)
	late := map[string]any{"token": f.mailed(t, "anna@example.com")}
	f.pass(48 * time.Hour)
	f.visitor().refused(http.MethodPost, "/v1/auth/sign-in", late, http.StatusUnauthorized, "link_invalid")
}

func TestWhoTriesTooOftenIsAskedToWait(t *testing.T) {
	t.Parallel()
	limited := func(_ *app.Config, o *app.Options) { o.UnlimitedTries = false }
	for _, c := range []struct {
		name, method, address, code string
		body                        any
		most                        int
	}{
		{"signing in", http.MethodPost, "/v1/auth/login", "too_many_tries", map[string]any{"email": "anna@example.com", "password": "wrong"}, 12},
		{"asking for links", http.MethodPost, "/v1/auth/password-reset", "too_many_tries", map[string]any{"email": "anna@example.com"}, 5},
		{"registering", http.MethodPost, "/v1/auth/register", "too_many_tries", registration("anna@example.com"), 25},
		{"filling carts", http.MethodPost, "/v1/quotes", "too_many_requests", map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "a-name.nl"}}}, 62},
		{"checking names", http.MethodGet, "/v1/domains/check?" + strings.Repeat("&name=a.nl&name=b.nl&name=c.nl&name=d.nl&name=e.nl", 10)[1:], "check_quota", nil, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := openFront(t, limited)
			for range c.most {
				r := f.visitor().request(c.method, c.address)
				if c.body != nil {
					r = r.WithJSON(c.body)
				}
				response := r.Expect()
				if response.Raw().StatusCode != http.StatusTooManyRequests {
					continue
				}
				response.Header("Retry-After").AsNumber().Ge(1)
				response.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Path("$.code").IsEqual(c.code)
				return
			}
			t.Errorf("%d tries and no end", c.most)
		})
	}
}

func TestOnlyWhatIsMadeCountsAgainstTheCheckoutLimit(t *testing.T) {
	t.Parallel()
	f := openFront(t, func(_ *app.Config, o *app.Options) { o.UnlimitedTries = false })
	buyer := f.customer("anna@example.com")
	order := func(i int) map[string]any {
		body := cart(f.monthly(), fmt.Sprintf("name-%d.nl", i))
		return checkout(text(buyer.post("/v1/quotes", body, http.StatusCreated), "id"), "anna@example.com", "sandbox")
	}
	for i := range 20 {
		buyer.once(fmt.Sprintf("refused %d", i)).refused(http.MethodPost, "/v1/orders", checkout("quo_none", "anna@example.com", "sandbox"), http.StatusNotFound, "not_found")
	}
	first := order(0)
	invoice := ""
	for range 12 {
		invoice = text(buyer.once("the same").post("/v1/orders", first, http.StatusCreated), "invoice.id")
		buyer.post("/v1/invoices/"+invoice+"/pay", map[string]any{"gateway": "sandbox"}, http.StatusOK)
	}
	for i := range 9 {
		buyer.once(fmt.Sprintf("order %d", i)).post("/v1/orders", order(i+1), http.StatusCreated)
	}
	one := buyer.once("one too many").refused(http.MethodPost, "/v1/orders", order(10), http.StatusTooManyRequests, "too_many_requests")
	if one.RequestID == "" {
		t.Error("the refusal has no request id")
	}
	buyer.once("the same").post("/v1/orders", first, http.StatusCreated)
	buyer.post("/v1/invoices/"+invoice+"/pay", map[string]any{"gateway": "sandbox"}, http.StatusOK)
	buyer.refused(http.MethodPost, "/v1/invoices/"+invoice+"/pay", map[string]any{"gateway": "transfer"}, http.StatusTooManyRequests, "too_many_requests")
}

func TestRefusedCheckoutsHaveAWiderLimit(t *testing.T) {
	t.Parallel()
	f := openFront(t, func(_ *app.Config, o *app.Options) { o.UnlimitedTries = false })
	buyer := f.customer("anna@example.com")
	order := checkout("quo_none", "anna@example.com", "sandbox")
	for range 60 {
		buyer.once("order").refused(http.MethodPost, "/v1/orders", order, http.StatusNotFound, "not_found")
	}
	buyer.once("order").refused(http.MethodPost, "/v1/orders", order, http.StatusTooManyRequests, "too_many_requests")
}
