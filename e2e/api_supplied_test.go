package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestHostingThatBeginsUnpaidHasItsLegalInvoice(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.staff().put("/v1/admin/customers/"+text(p.buyer.get("/v1/account"), "id")+"/flags",
		map[string]any{"no_automatic_payment": true, "no_invoicing": false, "no_suspension": false}, http.StatusOK)
	renewal := func() string {
		f.t.Helper()
		buyer := f.signIn("anna@example.com")
		for _, i := range buyer.get("/v1/invoices").Path("$.items").Array().Iter() {
			if text(&i, "kind") == "renewal" {
				return text(&i, "id")
			}
		}
		return ""
	}
	f.pass(25 * 24 * time.Hour)
	id := renewal()
	f.signIn("anna@example.com").get("/v1/invoices/" + id).Path("$.number").IsEqual("")
	f.pass(7 * 24 * time.Hour)
	buyer := f.signIn("anna@example.com")
	inv := buyer.get("/v1/invoices/" + id)
	inv.Path("$.state").IsEqual("open")
	number := inv.Path("$.number").String().NotEmpty().Raw()
	mailed := false
	for _, m := range f.staff().get("/v1/admin/mails?limit=100").Path("$.items").Array().Iter() {
		mailed = mailed || text(&m, "event") == "invoice.supplied" && strings.Contains(text(&m, "title"), number)
	}
	if !mailed {
		t.Errorf("nobody was sent invoice %s", number)
	}
	note := f.staff().once("waived").post("/v1/admin/invoices/"+id+"/refund", map[string]any{"reason": "It was down all week."}, http.StatusCreated)
	note.Path("$.corrects_id").IsEqual(id)
	buyer.get("/v1/invoices/" + id).Path("$.state").IsEqual("paid")
}
