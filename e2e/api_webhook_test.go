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
	f.staff().get("/v1/admin/ledger").Path("$.balance").IsEqual(0)
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
