package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/sandbox/ljpc"

	"github.com/gavv/httpexpect/v2"
)

func TestAShopIsReadyWhileOnlyItsUpstreamIsAway(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.visitor().get("/healthz").Path("$.status").IsEqual("ok")
	f.visitor().get("/readyz").Path("$.status").IsEqual("ready")
	f.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultServerError, Times: -1})
	f.pass(26 * time.Hour)
	ready := f.visitor().get("/readyz")
	ready.Path("$.status").IsEqual("ready")
	for _, check := range ready.Path("$.checks").Array().Iter() {
		stale := text(&check, "name") == "catalog"
		check.Path("$.ok").IsEqual(!stale)
		check.Path("$.needed").IsEqual(!stale && text(&check, "name") != "permissions")
	}
	f.visitor().get("/v1/catalog/products").Path("$.items").Array().NotEmpty()
	f.staff().get("/v1/admin/alarms").Path("$.items").Array().NotEmpty()
}

func TestAShopWithoutItsDatabaseIsNotReady(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	if err := f.App.Store.Close(); err != nil {
		t.Fatal(err)
	}
	f.failing = true
	visitor := f.visitor()
	answer := visitor.call(http.MethodGet, "/readyz", nil, http.StatusServiceUnavailable).JSON()
	answer.Path("$.status").IsEqual("not_ready")
	visitor.get("/healthz").Path("$.status").IsEqual("ok")
	visitor.get("/v1/catalog/products").Path("$.items").Array().NotEmpty()
	p := visitor.refused(http.MethodPost, "/v1/auth/login", map[string]any{"email": "a@example.com", "password": password}, http.StatusInternalServerError, "internal")
	if strings.Contains(p.Detail, "sql") {
		t.Errorf("it tells %q", p.Detail)
	}
}

func TestAShopBehindItsDatabaseIsNotReady(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	conn := f.beside(t)
	defer conn.Close()
	f.failing = true
	f.ahead(t)
	answer := f.visitor().call(http.MethodGet, "/readyz", nil, http.StatusServiceUnavailable).JSON()
	answer.Path("$.checks[1].name").IsEqual("migration")
	answer.Path("$.checks[1].ok").IsEqual(false)
}

func TestTheMetricsTellWhatTheIssueAsksFor(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	unpaid := text(p.buyer.post("/v1/quotes", cart(f.monthly(), "unpaid.nl"), http.StatusCreated), "id")
	p.buyer.once("unpaid").post("/v1/orders", checkout(unpaid, p.email, "sandbox"), http.StatusCreated)
	f.visitor().refused(http.MethodGet, "/nowhere", nil, http.StatusNotFound, "not_found")
	body := f.visitor().call(http.MethodGet, "/metrics", nil, http.StatusOK).Body().Raw()
	for _, series := range []string{
		`hostfront_http_request_seconds_count{method="GET",route="/v1/orders/:id",status="200"}`,
		`hostfront_http_request_seconds_count{method="GET",route="none",status="404"}`,
		`hostfront_tasks{kind=`, `hostfront_task_oldest_seconds{kind=`, `hostfront_task_outcomes_total{kind="domain.register",outcome="done"} 1`,
		`hostfront_upstream_call_seconds_count{operation="orders.create",outcome=`,
		`hostfront_catalog_sync_age_seconds`, `hostfront_payments{gateway="sandbox",state="succeeded"} 1`,
		`hostfront_ledger_balance_minor_units 0`, `go_goroutines`, `process_resident_memory_bytes`,
	} {
		if !strings.Contains(body, series) {
			t.Errorf("there is no %s", series)
		}
	}
	if strings.Contains(body, "ord_") || strings.Contains(body, "anna") {
		t.Error("an id or a name is in a label")
	}
}

// loaded finds what a page loads: scripts, styles, pictures, frames, and what its
// styles import.
var loaded = regexp.MustCompile(`(?i)(?:src|href)\s*=\s*["']([^"']+)["']|@import\s+(?:url\()?["']?([^"')\s]+)`)

func TestTheDocsWorkWithoutTheInternet(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	page := f.visitor().call(http.MethodGet, "/docs", nil, http.StatusOK)
	page.Header("Content-Type").HasPrefix("text/html")
	html := page.Body().Raw()
	assets := 0
	for _, match := range loaded.FindAllStringSubmatch(html, -1) {
		address := match[1] + match[2]
		if strings.Contains(address, "//") || !strings.HasPrefix(address, "/docs") {
			t.Errorf("the page loads %s", address)
			continue
		}
		assets++
		asset := f.visitor().request(http.MethodGet, address).Expect().Status(http.StatusOK)
		if strings.HasSuffix(address, ".css") && regexp.MustCompile(`url\(["']?https?:`).MatchString(asset.Body().Raw()) {
			t.Errorf("%s loads something from outside", address)
		}
	}
	if assets < 3 {
		t.Errorf("the page loads %d assets; is this the page?", assets)
	}
	if !regexp.MustCompile(`validatorUrl["']?\s*[:=]\s*["']?(null|none)`).MatchString(html) {
		t.Error("the validator's badge is on: it sends the document to swagger.io")
	}
	if !strings.Contains(html, "/openapi.yaml") {
		t.Error("the page does not show the document")
	}
}

func TestARequestsIdComesBack(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.visitor().request(http.MethodGet, "/healthz").WithHeader("X-Request-Id", "my-id.1").Expect().Header("X-Request-Id").IsEqual("my-id.1")
	for _, id := range []string{"a b", "<script>", strings.Repeat("x", 65)} {
		f.visitor().request(http.MethodGet, "/healthz").WithHeader("X-Request-Id", id).Expect().Header("X-Request-Id").NotEqual(id).NotEmpty()
	}
	r := f.visitor().request(http.MethodGet, "/v1/orders").Expect()
	r.Header("Cache-Control").IsEqual("no-store")
	r.Header("X-Content-Type-Options").IsEqual("nosniff")
}

func TestOnlyTheShopsStorefrontsMayCallFromABrowser(t *testing.T) {
	t.Parallel()
	f := openFront(t, func(c *app.Config, _ *app.Options) { c.Origins = []string{"https://storefront.example"} })
	preflight := func(origin string) *httpexpect.Response {
		return f.visitor().request(http.MethodOptions, "/v1/orders").WithHeader("Origin", origin).
			WithHeader("Access-Control-Request-Method", "POST").
			WithHeader("Access-Control-Request-Headers", "authorization,content-type,idempotency-key").Expect()
	}
	allowed := preflight("https://storefront.example")
	allowed.Status(http.StatusNoContent)
	allowed.Header("Access-Control-Allow-Origin").IsEqual("https://storefront.example")
	allowed.Header("Access-Control-Allow-Headers").Contains("Idempotency-Key")
	preflight("https://evil.example").Headers().NotContainsKey("Access-Control-Allow-Origin")

	problem := f.visitor().request(http.MethodGet, "/v1/orders").WithHeader("Origin", "https://storefront.example").Expect()
	problem.Status(http.StatusUnauthorized)
	problem.Header("Access-Control-Allow-Origin").IsEqual("https://storefront.example")
	problem.Header("Access-Control-Expose-Headers").Contains("Idempotent-Replayed")
	unreadable := f.visitor().request(http.MethodPost, "/v1/quotes").WithHeader("Origin", "https://storefront.example").WithBytes([]byte("\xff")).Expect()
	unreadable.Header("Access-Control-Allow-Origin").IsEqual("https://storefront.example")
}
