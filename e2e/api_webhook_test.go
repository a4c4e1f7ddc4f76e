package e2e

import (
	"net/http"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/pay"

	"github.com/gavv/httpexpect/v2"
)

// notify sends an event as the provider does.
func (f *front) notify(body, signature string) *httpexpect.Response {
	return f.visitor().request(http.MethodPost, "/v1/webhooks/sandbox").
		WithHeader(pay.SignatureHeader, signature).WithBytes([]byte(body)).Expect()
}

func (f *front) signed(body string, at time.Time) string {
	return pay.Sign(apptest.WebhookSecret, []byte(body), at)
}

func TestAWebhookThatTheProviderDidNotSendIsRefusedAndNothingHappens(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	now := f.App.Now()
	body := `{"id":"evt_1","type":"payment.paid","payment":"sbp_1","created_at":1}`
	for _, c := range []struct {
		name, body, signature string
		status                int
		code                  string
	}{
		{"no signature", body, "", 400, "webhook_signature"},
		{"a garbage signature", body, "t=1,v1=zz", 400, "webhook_signature"},
		{"another secret", body, pay.Sign("another-secret", []byte(body), now), 400, "webhook_signature"},
		{"another body", body + " ", f.signed(body, now), 400, "webhook_signature"},
		{"a replay that is too old", body, f.signed(body, now.Add(-time.Hour)), 400, "webhook_signature"},
		{"one that is dated in the future", body, f.signed(body, now.Add(time.Hour)), 400, "webhook_signature"},
		{"what cannot be read", `{"id":`, f.signed(`{"id":`, now), 400, "webhook_unreadable"},
		{"nothing", "", f.signed("", now), 400, "malformed"},
		{"what is not UTF-8", "\xff\xfe", f.signed("\xff\xfe", now), 400, "invalid_utf8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.still(t, func() {
				var p problem
				r := f.notify(c.body, c.signature)
				r.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
				if p.Status != c.status || p.Code != c.code {
					t.Errorf("the problem is %+v, want %d %s", p, c.status, c.code)
				}
			})
		})
	}
	f.visitor().refused(http.MethodPost, "/v1/webhooks/unknown", map[string]any{"id": "1"}, http.StatusNotFound, "not_found")
	f.visitor().refused(http.MethodPost, "/v1/webhooks/transfer", map[string]any{"id": "1"}, http.StatusNotFound, "not_found")
}

func TestAWebhookThatComesTwiceIsStoredOnce(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	provider := f.Pay.Payments()[0].ID
	body := `{"id":"evt_again","type":"payment.paid","payment":"` + provider + `","created_at":1}`
	before := f.count(t, "webhook_inbox")
	for range 3 {
		f.notify(body, f.signed(body, f.App.Now())).Status(http.StatusNoContent)
	}
	if n := f.count(t, "webhook_inbox"); n != before+1 {
		t.Errorf("%d events stored, want 1", n-before)
	}
	f.drain()
	f.staff().get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
	f.staff().get("/v1/admin/invoices/" + p.invoice).Path("$.paid").IsEqual(f.staff().get("/v1/admin/invoices/" + p.invoice).Path("$.gross").Raw())
}

// count counts the rows of a table.
func (f *front) count(t *testing.T, table string) int {
	t.Helper()
	conn := f.beside(t)
	defer conn.Close()
	n := 0
	each(t, conn, "SELECT * FROM "+table, func([]any) { n++ })
	return n
}

func TestTheInboxShowsWhatBecameOfEachEventAndDoesItAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.bought("anna@example.com", "anna-visser.nl")
	staff := f.staff()
	send := func(id, object string) string {
		body := `{"id":"` + id + `","type":"payment.paid",` + object + `"client_secret":"sec_1","email":"anna@example.com","created_at":1}`
		f.notify(body, f.signed(body, f.App.Now())).Status(http.StatusNoContent)
		return text(staff.get("/v1/admin/webhooks?limit=1"), "items[0].id")
	}
	known := send("evt_known", `"payment":"`+f.Pay.Payments()[0].ID+`",`)
	foreign := send("evt_foreign", `"payment":"sbp_unknown",`)
	empty := send("evt_empty", "")
	staff.get("/v1/admin/webhooks/" + known).Path("$.state").IsEqual("pending")
	f.drain()
	for id, state := range map[string]string{known: "processed", foreign: "ignored", empty: "ignored"} {
		w := staff.get("/v1/admin/webhooks/" + id)
		w.Path("$.state").IsEqual(state)
		w.Path("$.payload.client_secret").IsEqual("[removed]")
		w.Path("$.payload.email").IsEqual("[removed]")
		w.Path("$.payload.type").IsEqual("payment.paid")
	}
	staff.post("/v1/admin/webhooks/"+known+"/replay", nil, http.StatusOK).Path("$.replays").IsEqual(1)
	f.audited(t, known, "webhook.replay")
	f.drain()
	staff.get("/v1/admin/webhooks/" + known).Path("$.state").IsEqual("processed")
	staff.refused(http.MethodPost, "/v1/admin/webhooks/"+empty+"/replay", nil, http.StatusConflict, "webhook_empty")
	staff.refused(http.MethodPost, "/v1/admin/webhooks/none/replay", nil, http.StatusNotFound, "not_found")
	staff.get("/v1/admin/webhooks?gateway=none").Path("$.items").Array().IsEmpty()
	staff.get("/v1/admin/ledger").Path("$.balance.amount").IsEqual("0.00")
}

func TestEventsThatAreStuckAreTakenUpAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.bought("anna@example.com", "anna-visser.nl")
	staff := f.staff()
	body := `{"id":"evt_stuck","type":"payment.paid","payment":"` + f.Pay.Payments()[0].ID + `","created_at":1}`
	f.notify(body, f.signed(body, f.App.Now())).Status(http.StatusNoContent)
	id := text(staff.get("/v1/admin/webhooks?limit=1"), "items[0].id")
	task := text(staff.get("/v1/admin/webhooks/"+id), "task_id")
	staff.post("/v1/admin/tasks/"+task+"/cancel", map[string]any{"note": "by mistake"}, http.StatusOK)
	staff.get("/v1/admin/webhooks/" + id).Path("$.state").IsEqual("failed")
	report := staff.post("/v1/admin/webhooks/replay", map[string]any{"since": f.App.Now().Add(-time.Minute)}, http.StatusOK)
	report.Path("$.done").IsEqual(1)
	f.audits(t, "webhook.replay")
	task = text(staff.get("/v1/admin/webhooks/"+id), "task_id")
	staff.post("/v1/admin/tasks/"+task+"/cancel", nil, http.StatusOK)
	f.pass(3 * time.Hour)
	f.staff().get("/v1/admin/webhooks/" + id).Path("$.state").IsEqual("processed")
}

func TestAShopThatNobodyDisputesListsNoDisputes(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.staff().get("/v1/admin/disputes").Path("$.items").Array().IsEmpty()
}
