package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/sandbox/pay"
)

const aDay = 24 * time.Hour

// Others extended what a customer has though its renewal had failed.
func TestADeclinedRenewalMovesNoPeriod(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	before := c.subscription("month")
	c.cardIs(pay.Decliner)
	c.until(before.CurrentPeriodEnd.Add(2 * aDay))
	after := c.subscription("month")
	if !after.CurrentPeriodEnd.Equal(before.CurrentPeriodEnd) || after.State != "past_due" {
		t.Errorf("nothing was paid, and the period ends %s instead of %s; the subscription is %s", after.CurrentPeriodEnd, before.CurrentPeriodEnd, after.State)
	}
	if i := c.theRenewal(); i.State != "open" || !i.Paid.IsZero() {
		t.Errorf("the renewal is %+v", i)
	}
	if c.charged() != c.quote.Gross {
		t.Errorf("the provider took %s, want the order's %s alone", c.charged(), c.quote.Gross)
	}
}

// Others gave whoever paid late a new anchor, and free days with it.
func TestALatePaymentKeepsTheAnchor(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	before := c.subscription("month")
	c.cardIs(pay.HardDecline)
	c.until(before.CurrentPeriodEnd.Add(5 * aDay))
	c.paysByHand(c.theRenewal().ID)
	want := time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC)
	after := c.subscription("month")
	if got := after.CurrentPeriodEnd.Truncate(aDay); !got.Equal(want) || after.State != "active" {
		t.Errorf("paid on %s, the period ends on %s, want %s; the subscription is %s", c.w.App.Now(), got, want, after.State)
	}
}

// Others billed what the catalogue said on the day, not what the customer had agreed to.
func TestARenewalIsBilledAtTheAgreedPrice(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	before := c.subscription("month")
	r := c.staff(http.MethodPut, "/v1/admin/price-rules", map[string]any{"rules": []map[string]any{
		{"scope": "shop", "method": "percent", "value": "95", "floor": "0.50"},
	}}, nil)
	if !r.ok() {
		t.Fatalf("dearer prices: %s", r)
	}
	c.until(before.CurrentPeriodEnd.Add(aDay))
	renewal := c.theRenewal()
	if renewal.Net != before.Price || renewal.State != "paid" {
		t.Errorf("agreed were %s a month, the renewal is %+v", before.Price, renewal)
	}
	if q, _ := c.buyer.quote(c.hosting("another-example.nl")); q.Net.Cmp(before.Price) <= 0 {
		t.Errorf("the catalogue asks %s: the test raised nothing", q.Net)
	}
}

// Others renewed again when the same payment was told of again: at once, through another
// channel, or after whatever time they looked for doubles in.
func TestAPaymentToldAgainAtAnyTimeRenewsNothing(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	before := c.subscription("month")
	c.until(before.CurrentPeriodEnd.Add(time.Hour))
	after, charged := c.subscription("month"), c.charged()
	for _, wait := range []time.Duration{0, 11 * time.Minute, aDay, 10 * aDay} {
		c.pass(wait)
		for i, p := range c.w.Pay.Payments() {
			c.tells(pay.Event{ID: wait.String() + p.ID, Type: "payment.paid", Payment: p.ID})
			if i == 0 {
				c.runs("billing.reconcile")
			}
		}
		c.pass(time.Minute)
	}
	if got := c.subscription("month"); got.CurrentPeriodEnd != after.CurrentPeriodEnd || c.charged() != charged {
		t.Errorf("paid until %s, then told again: until %s", after.CurrentPeriodEnd, got.CurrentPeriodEnd)
	}
	var all list[subscriptionSeen]
	c.read("/v1/subscriptions", &all)
	if len(all.Items) != len(c.order.Lines) {
		t.Errorf("%d subscriptions for %d lines", len(all.Items), len(c.order.Lines))
	}
	booksBalance(t, c.w)
}

// Others went on billing what had been cancelled, and left its open invoice to be dunned.
func TestACancelledServiceKeepsNoOpenInvoiceAndIsNotCharged(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	before, charged := c.subscription("month"), c.charged()
	c.until(before.NextInvoiceAt.Add(time.Hour))
	if c.theRenewal().State != "open" {
		t.Fatalf("a week ahead the renewal is %+v", c.theRenewal())
	}
	if r := c.ask(http.MethodPost, "/v1/subscriptions/"+before.ID+"/cancel", nil, "cancel"); !r.ok() {
		t.Fatalf("cancel: %s", r)
	}
	c.until(before.CurrentPeriodEnd.Add(20 * aDay))
	if i := c.theRenewal(); i.State != "void" || i.Number != "" {
		t.Errorf("the invoice of a month that is not wanted is %+v", i)
	}
	if c.charged() != charged {
		t.Errorf("%s was charged for what had been cancelled", c.charged().Sub(charged))
	}
	if state := c.subscription("month").State; state != "cancelled" {
		t.Errorf("the subscription is %s", state)
	}
}

// Others sent the same mail on every run of the schedule.
func TestARenewalIsMailedOnceHoweverOftenTheJobRuns(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	c.forgetsCards()
	before := c.subscription("month")
	c.until(before.NextInvoiceAt.Add(time.Minute))
	for range 5 {
		c.runs("billing.renew")
		c.pass(time.Hour)
	}
	if n := c.mailed("renewal_invoice"); n != 1 {
		t.Errorf("%d mails for one invoice", n)
	}
	if n := len(c.renewals()); n != 1 {
		t.Errorf("%d invoices for one month", n)
	}
}

// Others took an amount of nothing for no amount, and gave or took all of it.
func TestAnAmountOfNothingIsNotAll(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	var me struct {
		ID string `json:"id"`
	}
	c.read("/v1/account", &me)
	for _, what := range []request{
		{path: "/v1/admin/invoices/" + c.order.InvoiceID + "/refund", token: c.w.AdminToken},
		{path: "/v1/admin/customers/" + me.ID + "/credit/refund", token: c.w.AdminToken},
		{path: "/v1/admin/invoices/" + c.order.InvoiceID + "/apply-credit", token: c.w.AdminToken},
		{path: "/v1/invoices/" + c.order.InvoiceID + "/apply-credit", token: c.token},
	} {
		for _, amount := range []string{"0.00", "-1.00"} {
			what.method, what.key = http.MethodPost, "nothing-"+amount
			body := map[string]any{"amount": map[string]any{"amount": amount, "currency": "EUR"}}
			if strings.HasSuffix(what.path, "/refund") {
				body["reason"] = "a slip of the hand"
			}
			what.body = body
			if r := c.send(what); r.Status != http.StatusUnprocessableEntity || !strings.Contains(r.String(), `"amount"`) {
				t.Errorf("%s of %s was answered %s", what.path, amount, r)
			}
		}
	}
	c.pass(time.Hour)
	if n := len(c.w.Pay.Refunds()) + len(c.creditNotes()); n > 0 {
		t.Errorf("%d refunds and credit notes of nothing", n)
	}
}

// A name whose next year is paid, and that is cancelled before the registry has renewed it, is
// renewed for that year: it lapses after it.
func TestANameThatIsCancelledAfterItsNextYearIsPaidHasThatYear(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought(registration("paid-ahead.nl"))
	before := c.subscription("year")
	c.until(before.CurrentPeriodEnd.Add(-2 * aDay))
	if got := c.theRenewal(); got.State != "paid" {
		t.Fatalf("the renewal is %+v", got)
	}
	if r := c.ask(http.MethodPost, "/v1/subscriptions/"+before.ID+"/cancel", nil, "cancel"); !r.ok() {
		t.Fatalf("cancel: %s", r)
	}
	c.pass(aDay)
	if d := c.w.LJPC.Domains()[0]; !d.AutoRenew {
		t.Fatal("the upstream was told not to renew the year that is paid for")
	}
	c.until(before.CurrentPeriodEnd.Add(10 * aDay))
	if d := c.w.LJPC.Domains()[0]; !d.ExpiresAt.After(before.CurrentPeriodEnd.Add(300 * aDay)) {
		t.Errorf("it expires on %s", d.ExpiresAt)
	}
	c.wantsService("domain", "active")
}

// Others showed a name as expired long after it was paid and renewed.
func TestAPaidNameIsNotShownAsExpiredOnceTheUpstreamHasRenewedIt(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	ends := c.subscription("year").CurrentPeriodEnd
	c.until(ends.Add(65 * time.Minute))
	if after := c.subscription("year"); !after.CurrentPeriodEnd.After(ends.Add(360 * aDay)) {
		t.Errorf("an hour after its expiry the name is said to end on %s", after.CurrentPeriodEnd)
	}
}
