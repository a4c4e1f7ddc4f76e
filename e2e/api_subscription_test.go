package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/gavv/httpexpect/v2"
)

const month = 31 * 24 * time.Hour

func TestACancelledSubscriptionRunsToItsEndAndIsNotBilledAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("cancels@example.com", "cancelled-later.nl")
	invoices := len(p.buyer.get("/v1/invoices").Path("$.items").Array().Raw())
	stranger := f.customer("stranger@example.com")
	for _, sub := range p.buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		address := "/v1/subscriptions/" + text(&sub, "id") + "/cancel"
		stranger.refused(http.MethodPost, address, nil, http.StatusNotFound, "not_found")
		for range 2 {
			p.buyer.post(address, nil, http.StatusOK).Path("$.ends_at").String().NotEmpty()
		}
	}
	f.pass(62 * 24 * time.Hour)
	buyer := f.signIn("cancels@example.com")
	if got := len(buyer.get("/v1/invoices").Path("$.items").Array().Raw()); got != invoices {
		t.Fatalf("after the cancellation %d invoices became %d", invoices, got)
	}
	buyer.get("/v1/subscriptions").Path("$.items[*].state").Array().ContainsAny("cancelled")
	f.held(t, "service.terminate")
}

// hosting is the subscription of a purchase's site.
func (p purchase) hosting() string {
	p.t.Helper()
	for _, s := range p.buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		if text(&s, "service_id") == p.site {
			return text(&s, "id")
		}
	}
	p.t.Fatal("the site has no subscription")
	return ""
}

func TestACustomerDecidesAboutTheirHosting(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	sub := "/v1/subscriptions/" + p.hosting()
	p.buyer.refused(http.MethodPost, sub+"/uncancel", nil, http.StatusConflict, "not_cancelled")
	p.buyer.post(sub+"/cancel", map[string]any{"at": "period_end"}, http.StatusOK).Path("$.next_invoice_at").IsNull()
	p.buyer.refused(http.MethodGet, sub+"/next-invoice", nil, http.StatusConflict, "nothing_to_bill")
	p.buyer.post(sub+"/uncancel", nil, http.StatusOK).Path("$.ends_at").IsNull()
	next := p.buyer.get(sub + "/next-invoice")
	next.Path("$.document.lines[0].description").IsEqual(p.buyer.get(sub).Path("$.description").Raw())

	p.buyer.refused(http.MethodPost, sub+"/resume", nil, http.StatusConflict, "not_paused")
	p.buyer.post(sub+"/pause", nil, http.StatusOK).Path("$.state").IsEqual("paused")
	f.pass(2 * month)
	f.held(t, "service.suspend")
	buyer := f.signIn("anna@example.com")
	buyer.post(sub+"/resume", nil, http.StatusOK).Path("$.state").IsEqual("active")
	f.pass(time.Hour)
	buyer = f.signIn("anna@example.com")
	buyer.get(sub).Path("$.next_invoice_at").String().NotEmpty()
	ended := buyer.post(sub+"/cancel", map[string]any{"at": "now"}, http.StatusOK)
	ended.Path("$.state").IsEqual("cancelled")
	f.held(t, "service.terminate")
	for _, name := range buyer.get("/v1/subscriptions").Path("$.items").Array().Iter() {
		if text(&name, "service_id") == p.name {
			buyer.refused(http.MethodPost, "/v1/subscriptions/"+text(&name, "id")+"/cancel", map[string]any{"at": "now"}, http.StatusConflict, "domain_runs_on")
		}
	}
}

// dearer is a product of the same kind as the monthly one that costs more.
func (f *front) dearer() string {
	f.t.Helper()
	for _, p := range f.visitor().get("/v1/catalog/products?kind=hosting&limit=100").Path("$.items").Array().Iter() {
		if text(&p, "category") == "hosting_25gb" {
			return text(&p, "id")
		}
	}
	f.t.Fatal("no larger product is sold")
	return ""
}

// same holds a previewed document against the one that was issued.
func same(t *testing.T, previewed, issued *httpexpect.Value) {
	t.Helper()
	for _, field := range []string{"$.net", "$.vat", "$.gross"} {
		issued.Path(field).IsEqual(previewed.Path(field).Raw())
	}
	lines := previewed.Path("$.lines").Array()
	issued.Path("$.lines").Array().Length().IsEqual(len(lines.Raw()))
	for i, line := range lines.Iter() {
		other := issued.Path("$.lines").Array().Value(i)
		for _, field := range []string{"$.description", "$.net", "$.vat"} {
			was, err := json.Marshal(line.Path(field).Raw())
			if err != nil {
				t.Fatal(err)
			}
			is, err := json.Marshal(other.Path(field).Raw())
			if err != nil || string(was) != string(is) {
				t.Errorf("line %d: %s was previewed as %s and issued as %s", i, field, was, is)
			}
		}
	}
}

func TestAChangeOfProductIsJustWhatItsPreviewShowed(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	sub := "/v1/subscriptions/" + p.hosting()
	f.pass(10 * 24 * time.Hour)
	buyer := f.signIn("anna@example.com")
	wish := map[string]any{"product_id": f.dearer()}
	preview := buyer.post(sub+"/change/preview", wish, http.StatusOK)
	f.pass(5 * time.Minute)
	wish["as_of"], wish["token"] = text(preview, "as_of"), text(preview, "token")
	made := buyer.once("grow").post(sub+"/change", wish, http.StatusCreated)
	again := buyer.once("grow").post(sub+"/change", wish, http.StatusCreated)
	again.Path("$.id").IsEqual(text(made, "id"))
	same(t, preview.Path("$.documents[0]"), buyer.get("/v1/invoices/"+text(made, "invoice_id")))
	task := f.held(t, "service.change")
	buyer.get(sub).Path("$.product_id").IsEqual(f.dearer())
	buyer.get("/v1/services/" + p.site).Path("$.product_id").IsEqual(f.monthly())
	f.staff().post("/v1/admin/tasks/"+task+"/settle", map[string]any{"outcome": "done", "note": "changed in the panel"}, http.StatusOK)
	f.drain()
	buyer.get("/v1/services/" + p.site).Path("$.product_id").IsEqual(f.dearer())

	less := map[string]any{"product_id": f.monthly()}
	buyer.refused(http.MethodPost, sub+"/change", wish, http.StatusConflict, "nothing_changes")
	preview = buyer.post(sub+"/change/preview", less, http.StatusOK)
	less["as_of"], less["token"] = text(preview, "as_of"), text(preview, "token")
	made = buyer.post(sub+"/change", less, http.StatusCreated)
	made.Path("$.state").IsEqual("done")
	same(t, preview.Path("$.documents[0]"), buyer.get("/v1/invoices/"+text(made, "credit_note_id")))
	later := buyer.post(sub+"/change", map[string]any{"product_id": f.dearer(), "at": "period_end"}, http.StatusCreated)
	later.Path("$.state").IsEqual("scheduled")
	buyer.get(sub + "/changes").Path("$.items").Array().Length().IsEqual(3)
	f.pass(month)
	f.signIn("anna@example.com").get(sub).Path("$.product_id").IsEqual(f.dearer())
}
