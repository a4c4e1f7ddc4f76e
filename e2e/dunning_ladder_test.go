package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/sandbox/pay"
)

// dunningSeen is how far an invoice has come, as staff sees it.
type dunningSeen struct {
	InvoiceID string `json:"invoice_id"`
	State     string `json:"invoice_state"`
	Frozen    string `json:"frozen"`
	Taken     []struct {
		Step   string    `json:"step"`
		Passed bool      `json:"passed"`
		At     time.Time `json:"at"`
	} `json:"taken"`
	Next *struct {
		Step string    `json:"step"`
		At   time.Time `json:"at"`
	} `json:"next"`
}

func (d dunningSeen) steps() string {
	names := make([]string, 0, len(d.Taken))
	for _, s := range d.Taken {
		if s.Passed {
			s.Step = "(" + s.Step + ")"
		}
		names = append(names, s.Step)
	}
	return strings.Join(names, " ")
}

func (c *crash) dunned(invoiceID string) dunningSeen {
	c.t.Helper()
	var d dunningSeen
	if r := c.staff(http.MethodGet, "/v1/admin/invoices/"+invoiceID+"/dunning", nil, &d); !r.ok() {
		c.t.Fatalf("dunning of %s: %s", invoiceID, r)
	}
	return d
}

// unpaid is a shop whose customer has hosting, and a card that takes nothing any more.
func unpaid(t *testing.T) (c *crash, due time.Time) {
	t.Helper()
	c = openMistake(t)
	c.bought(c.hosting(c.domain))
	c.cardIs(pay.HardDecline)
	return c, c.subscription("month").CurrentPeriodEnd
}

// serviceOf is the state of the customer's service of a kind.
func (c *crash) serviceOf(kind string) serviceSeen {
	c.t.Helper()
	var page list[serviceSeen]
	c.read("/v1/services", &page)
	for _, s := range page.Items {
		if s.Kind == kind {
			return s
		}
	}
	c.t.Fatalf("the customer has no %s", kind)
	return serviceSeen{}
}

func (c *crash) heldTasks() []taskSeen {
	c.t.Helper()
	var held list[taskSeen]
	c.staff(http.MethodGet, "/v1/admin/tasks?state=held", nil, &held)
	return held.Items
}

// byHand is staff doing the one thing that waits for them.
func (c *crash) byHand(kind string) {
	c.t.Helper()
	held := c.heldTasks()
	if len(held) != 1 || held[0].Kind != kind {
		c.t.Fatalf("held are %+v, want one %s", held, kind)
	}
	r := c.staff(http.MethodPost, "/v1/admin/tasks/"+held[0].ID+"/settle", map[string]any{"outcome": "done", "note": "done in the panel"}, nil)
	if !r.ok() {
		c.t.Fatalf("settle %s: %s", kind, r)
	}
	c.pass(time.Minute)
}

func (c *crash) wantsService(kind, state string) {
	c.t.Helper()
	if got := c.serviceOf(kind); got.State != state {
		c.t.Fatalf("on %s the %s is %s, want %s\n%s", c.w.App.Now(), kind, got.State, state, c.tasks())
	}
}

// TestTheWholeLadderOfUnpaidHosting: two reminders, suspended, a last notice, ended; each step
// once, each mail once, and in the books a bad debt with its VAT apart.
func TestTheWholeLadderOfUnpaidHosting(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(13 * aDay))
	invoice := c.theRenewal()
	if got := c.dunned(invoice.ID); got.steps() != "reminder_1 reminder_2" || got.Next == nil || got.Next.Step != "suspension" {
		t.Fatalf("before the suspension: %s, next %+v", got.steps(), got.Next)
	}
	c.wantsService("hosting", "active")
	c.until(due.Add(15 * aDay))
	if state := c.subscription("month").State; state != "suspended" {
		t.Fatalf("the subscription is %s", state)
	}
	c.byHand("service.suspend")
	c.wantsService("hosting", "suspended")
	c.until(due.Add(43 * aDay))
	c.wantsService("hosting", "suspended")
	if n := len(c.renewals()); n != 1 {
		t.Errorf("a suspended subscription ran up %d invoices", n)
	}
	c.until(due.Add(46 * aDay))
	c.byHand("service.terminate")
	c.wantsService("hosting", "terminated")
	if got := c.dunned(invoice.ID); got.steps() != "reminder_1 reminder_2 suspension final_notice termination" || got.Next != nil {
		t.Errorf("the ladder: %s, next %+v", got.steps(), got.Next)
	}
	after := c.theRenewal()
	if after.State != "uncollectible" || after.Number == "" || c.subscription("month").State != "cancelled" {
		t.Errorf("the invoice is %+v, the subscription %s", after, c.subscription("month").State)
	}
	if c.standsOn("bad_debt") != after.Net || c.standsOn("bad_debt_vat") != after.VAT || !c.standsOn("receivable").IsZero() {
		t.Errorf("bad debt %s and %s of VAT for an invoice of %s and %s; receivable %s",
			c.standsOn("bad_debt"), c.standsOn("bad_debt_vat"), after.Net, after.VAT, c.standsOn("receivable"))
	}
	for template, n := range map[string]int{"reminder": 2, "suspended": 1, "final_notice": 1, "terminated": 1, "late_fee": 0} {
		if got := c.mailed(template); got != n {
			t.Errorf("%d mails %s, want %d", got, template, n)
		}
	}
	c.w.Time.Advance(60 * aDay)
	c.pass(time.Hour)
	if n := len(c.renewals()); n != 1 {
		t.Errorf("%d renewal invoices after the end", n)
	}
	booksBalance(t, c.w)
}

// Others never switched on again what had been paid for (PM #854), or gave free days (H7).
func TestALatePaymentLiftsTheSuspensionAndKeepsTheAnchor(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(15 * aDay))
	c.byHand("service.suspend")
	c.until(due.Add(40 * aDay))
	c.paysByHand(c.theRenewal().ID)
	c.byHand("service.unsuspend")
	c.wantsService("hosting", "active")
	if n := c.mailed("unsuspended"); n != 1 {
		t.Errorf("%d mails that it is switched on", n)
	}
	c.pass(aDay)
	// Bought on 31 January, due on 28 February, paid on 9 April: March is paid, the period
	// from 31 March on is billed whole.
	bills := c.renewals()
	if len(bills) != 2 || bills[0].State != "paid" {
		t.Fatalf("the bills are %+v; the second is paid by the card that paid the first", bills)
	}
	want := time.Date(2026, time.April, 30, 0, 0, 0, 0, time.UTC)
	if got := c.subscription("month"); !got.CurrentPeriodEnd.Truncate(aDay).Equal(want) || got.State != "active" {
		t.Errorf("paid until %s (%s), want %s", got.CurrentPeriodEnd, got.State, want)
	}
	booksBalance(t, c.w)
}

// A period that went by while the site was switched off was not supplied: it is not billed.
func TestAPeriodThatWentByInASuspensionIsNotBilled(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.ladder(t, []map[string]any{
		{"name": "reminder_1", "action": "remind", "after_days": 3, "notice_days": 0},
		{"name": "suspension", "action": "suspend", "after_days": 14, "notice_days": 7},
	}, nil)
	c.until(due.Add(15 * aDay))
	c.byHand("service.suspend")
	c.until(time.Date(2026, time.July, 10, 12, 0, 0, 0, time.UTC))
	c.paysByHand(c.theRenewal().ID)
	c.byHand("service.unsuspend")
	c.pass(aDay)
	bills := c.renewals()
	if len(bills) != 2 {
		t.Fatalf("%d bills: %+v", len(bills), bills)
	}
	want := time.Date(2026, time.July, 31, 0, 0, 0, 0, time.UTC)
	if got := c.subscription("month"); !got.CurrentPeriodEnd.Truncate(aDay).Equal(want) {
		t.Errorf("paid until %s, want %s", got.CurrentPeriodEnd, want)
	}
}

// ladder has staff set the hosting's ladder, with changes to the rest of the policy.
func (c *crash) ladder(t *testing.T, hosting []map[string]any, changes map[string]any) {
	t.Helper()
	var policy map[string]any
	c.staff(http.MethodGet, "/v1/admin/dunning/policy", nil, &policy)
	if hosting != nil {
		policy["hosting"] = hosting
	}
	for name, value := range changes {
		policy[name] = value
	}
	if r := c.staff(http.MethodPut, "/v1/admin/dunning/policy", policy, nil); !r.ok() {
		t.Fatalf("set the ladder: %s", r)
	}
}

func TestALateFeeIsChargedOnceAndOutsideVAT(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.ladder(t, []map[string]any{
		{"name": "reminder_1", "action": "remind", "after_days": 3, "notice_days": 0},
		{"name": "fee", "action": "late_fee", "after_days": 5, "notice_days": 1},
	}, map[string]any{"late_fee": map[string]any{"amount": "7.50", "currency": "EUR"}})
	c.until(due.Add(20 * aDay))
	var fees []invoiceSeen
	for _, i := range c.renewals() {
		if i.Gross.String() == "7.50 EUR" {
			fees = append(fees, i)
		}
	}
	if len(fees) != 1 || !fees[0].VAT.IsZero() || fees[0].State != "open" {
		t.Fatalf("the fees are %+v", fees)
	}
	if n := c.mailed("late_fee"); n != 1 {
		t.Errorf("%d mails of a fee", n)
	}
	c.paysByHand(fees[0].ID)
	if got := c.standsOn("late_fees"); got != fees[0].Gross.Neg() {
		t.Errorf("the late fees stand on %s", got)
	}
	booksBalance(t, c.w)
}

// Others caught up after a downtime by doing everything at once: reminded, suspended and ended
// on one day.
func TestStepsDoNotFallOnOneDayAfterADowntime(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(aDay))
	c.w.Time.Advance(60 * aDay) // the shop is away
	c.pass(aDay)
	got := c.dunned(c.renewals()[len(c.renewals())-1].ID)
	if got.steps() != "(reminder_1) reminder_2" {
		t.Fatalf("on the first day back: %s", got.steps())
	}
	back := got.Taken[1].At
	c.pass(5 * aDay)
	c.wantsService("hosting", "active")
	c.pass(3 * aDay)
	c.byHand("service.suspend")
	c.pass(15 * aDay)
	got = c.dunned(got.InvoiceID)
	if got.steps() != "(reminder_1) reminder_2 suspension final_notice" {
		t.Fatalf("later: %s", got.steps())
	}
	at := func(step string) time.Time {
		i := slices.IndexFunc(got.Taken, func(s struct {
			Step   string    `json:"step"`
			Passed bool      `json:"passed"`
			At     time.Time `json:"at"`
		}) bool {
			return s.Step == step
		})
		return got.Taken[i].At
	}
	if at("suspension").Before(back.Add(7*aDay)) || at("final_notice").Before(at("suspension").Add(7*aDay)) || got.Next.At.Before(at("final_notice").Add(14*aDay)) {
		t.Errorf("the notices did not stand: %+v, next %+v", got.Taken, got.Next)
	}
}
