package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/pay"
)

// The files mistake_*_test.go hold the mistakes that others made with money and
// deliveries, on the whole road; docs/testing.md says where each class is proven.

// openMistake is a shop on whose customer's road something is going to go wrong. Nothing
// is bought yet.
func openMistake(t *testing.T, options ...apptest.Option) *crash {
	t.Helper()
	c := newCrash(t, apptest.NewSmall(t, apptest.Outside{}, options...))
	if !c.register() {
		t.Fatal("anna cannot register")
	}
	return c
}

// bought has the customer buy and get lines; none are a name and its hosting.
func (c *crash) bought(lines ...map[string]any) {
	c.t.Helper()
	if len(lines) > 0 {
		c.lines = lines
	}
	c.pay()
	c.pass(15 * time.Minute)
	if state := c.look().State; state != "completed" {
		c.t.Fatalf("the order is %s\n%s", state, c.tasks())
	}
}

// cardIs says how the saved card behaves from now on.
func (c *crash) cardIs(b pay.Behaviour) {
	c.t.Helper()
	for _, m := range c.w.Pay.Methods() {
		c.must(c.w.Pay.SetMethod(m.ID, b))
	}
}

// until lets time pass up to an instant, with all that falls due on the way.
func (c *crash) until(at time.Time) {
	c.t.Helper()
	c.pass(at.Sub(c.w.App.Now()))
}

// renewals are the invoices of periods after the first, newest first.
func (c *crash) renewals() []invoiceSeen {
	c.t.Helper()
	var all list[invoiceSeen]
	c.read("/v1/invoices?limit=100", &all)
	var renewals []invoiceSeen
	for _, i := range all.Items {
		if i.Kind == "renewal" {
			renewals = append(renewals, i)
		}
	}
	return renewals
}

// theRenewal is the one renewal invoice that there must be.
func (c *crash) theRenewal() invoiceSeen {
	c.t.Helper()
	all := c.renewals()
	if len(all) != 1 {
		c.t.Fatalf("%d renewal invoices: %+v\n%s", len(all), all, c.tasks())
	}
	return all[0]
}

// paysByHand pays an invoice on the provider's page.
func (c *crash) paysByHand(invoiceID string) {
	c.t.Helper()
	r := c.ask(http.MethodPost, "/v1/invoices/"+invoiceID+"/pay", paymentBody("sandbox"), "by-hand-"+invoiceID)
	if !r.ok() {
		c.t.Fatalf("pay: %s", r)
	}
	var p struct {
		NextAction *struct {
			URL string `json:"url"`
		} `json:"next_action"`
	}
	c.decode(r, &p)
	if p.NextAction == nil || !c.press(p.NextAction.URL) {
		c.t.Fatalf("the customer is not sent to a page that takes the money: %s", r)
	}
	c.pass(time.Minute)
}

// mailed counts the mails of a template that were sent.
func (c *crash) mailed(template string) int {
	n := 0
	for _, m := range mailsOf(c.t, c.w) {
		if m.Template == template && m.State == "sent" {
			n++
		}
	}
	return n
}

// runs has staff run a job.
func (c *crash) runs(job string) {
	c.t.Helper()
	if r := c.staff(http.MethodPost, "/v1/admin/jobs/"+job+"/run", nil, nil); !r.ok() {
		c.t.Fatalf("run %s: %s", job, r)
	}
}

// forgetsCards has the customer remove what they pay with.
func (c *crash) forgetsCards() {
	c.t.Helper()
	var methods list[struct {
		ID string `json:"id"`
	}]
	c.read("/v1/payment-methods", &methods)
	for _, m := range methods.Items {
		if r := c.ask(http.MethodDelete, "/v1/payment-methods/"+m.ID, nil, ""); !r.ok() {
			c.t.Fatalf("forget the card: %s", r)
		}
	}
}

// tells is a webhook that the provider signs now.
func (c *crash) tells(e pay.Event) {
	c.t.Helper()
	body, err := json.Marshal(e)
	c.must(err)
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.w.URL+"/v1/webhooks/sandbox", bytes.NewReader(body))
	c.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(pay.SignatureHeader, pay.Sign(apptest.WebhookSecret, body, c.w.App.Now()))
	response, err := c.http.Do(r)
	c.must(err)
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		c.t.Fatalf("the webhook was answered %d", response.StatusCode)
	}
}
