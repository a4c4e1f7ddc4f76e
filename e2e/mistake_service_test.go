package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"
)

// Others suspended all that a customer had when one thing was not paid.
func TestOnlyWhatIsNotPaidForIsSuspended(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(-10 * aDay))
	for i, line := range []map[string]any{c.hosting("paid-example.nl"), registration("paid-example.nl")} {
		c.leaves(line, fmt.Sprint("more-", i))
		if !c.press(c.placed.Payment.NextAction.URL) {
			t.Fatal("the provider's page refuses")
		}
		c.pass(15 * time.Minute)
	}
	c.cardIs(pay.HardDecline)
	c.until(due.Add(15 * aDay)) // the second site is paid for until three days later
	held := c.heldTasks()
	if len(held) != 1 || !strings.Contains(held[0].LastError, c.domain) {
		t.Fatalf("held are %+v", held)
	}
	c.byHand("service.suspend")
	var page list[serviceSeen]
	c.read("/v1/services", &page)
	if len(page.Items) != 3 {
		t.Fatalf("services %+v", page.Items)
	}
	for _, s := range page.Items {
		if want := map[bool]string{true: "suspended", false: "active"}[s.Name == c.domain]; s.State != want {
			t.Errorf("the %s %s is %s, want %s", s.Kind, s.Name, s.State, want)
		}
	}
}

// Others suspended though no invoice had ever been made: what cannot be billed is told to
// the operator, and the customer keeps what they have.
func TestNothingIsSuspendedThatNoInvoiceAsksFor(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.inTheBooks(`UPDATE subscriptions SET renew_task_kind = 'nothing.known'`)
	c.until(due.Add(50 * aDay))
	if got := c.subscription("month").State; got != "active" || len(c.renewals()) != 0 {
		t.Errorf("never billed, the subscription is %s, invoices %+v", got, c.renewals())
	}
	c.wantsService("hosting", "active")
	if held := c.heldTasks(); len(held) != 0 || c.mailed("suspended")+c.mailed("reminder") > 0 {
		t.Errorf("held are %+v", held)
	}
	c.inTheBooks(`UPDATE subscriptions SET renew_task_kind = ''`)
	c.pass(2 * aDay)
	for _, i := range c.renewals() { // billed now, and the ladder begins at its foot
		if steps := c.dunned(i.ID).steps(); strings.Contains(steps, "suspension") {
			t.Errorf("billed for the first time two days ago: %s", steps)
		}
	}
	c.wantsService("hosting", "active")
}

// Others extended a name that the registry had not renewed.
func TestAPaidRenewalThatTheUpstreamDoesNotMakeExtendsNothing(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought(registration("not-renewed.nl"))
	before, cost := c.subscription("year"), c.standsOn("upstream_cost")
	c.until(before.CurrentPeriodEnd.Add(-2 * aDay))
	if got := c.theRenewal(); got.State != "paid" {
		t.Fatalf("the renewal is %+v", got)
	}
	// The registry is told to renew it, and does not.
	c.w.LJPC.ChangeDomain("not-renewed.nl", func(d *ljpc.Domain) { d.AutoRenew = false })
	c.until(before.CurrentPeriodEnd.Add(3 * aDay))
	if got := c.subscription("year"); !got.CurrentPeriodEnd.Equal(before.CurrentPeriodEnd) || c.standsOn("upstream_cost") != cost {
		t.Errorf("paid until %s, it was %s; the upstream's cost went from %s to %s", got.CurrentPeriodEnd, before.CurrentPeriodEnd, cost, c.standsOn("upstream_cost"))
	}
	held := c.heldTasks()
	if len(held) != 1 || held[0].ErrorCode != "domain_expired" {
		t.Fatalf("the operator is asked %+v", held)
	}
	// The operator restores it.
	c.w.LJPC.ChangeDomain("not-renewed.nl", func(d *ljpc.Domain) { d.AutoRenew, d.ExpiresAt = true, d.ExpiresAt.AddDate(1, 0, 0) })
	c.pass(2 * aDay)
	if got := c.subscription("year"); !got.CurrentPeriodEnd.Equal(before.CurrentPeriodEnd.AddDate(1, 0, 0)) {
		t.Errorf("restored, it is paid until %s", got.CurrentPeriodEnd)
	}
	nothingIsLeft(t, c.w)
	booksBalance(t, c.w)
}

// Others kept the money for a year that a name never had.
func TestMoneyIsNotKeptInSilenceForAYearThatANameNeverHad(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought(registration("never-had.nl"))
	before := c.subscription("year")
	c.until(before.CurrentPeriodEnd.Add(-2 * aDay))
	c.w.LJPC.ChangeDomain("never-had.nl", func(d *ljpc.Domain) { d.AutoRenew = false })
	c.until(before.CurrentPeriodEnd.Add(2 * aDay))
	if r := c.staff(http.MethodPost, "/v1/admin/subscriptions/"+before.ID+"/cancel", map[string]any{"at": "now"}, nil); !r.ok() {
		t.Fatalf("cancel: %s", r)
	}
	c.byHand("operator.review")
	c.until(before.CurrentPeriodEnd.Add(48 * aDay))
	c.wantsService("domain", "cancelled")
	held := c.heldTasks()
	if len(held) != 1 || held[0].Kind != "domain.renewal" || held[0].ErrorCode != "paid_not_renewed" {
		t.Fatalf("held are %+v", held)
	}
	// The operator gives it back.
	if r := c.staff(http.MethodPost, "/v1/admin/invoices/"+c.theRenewal().ID+"/refund", map[string]any{"reason": "not renewed"}, nil); !r.ok() {
		t.Fatalf("refund: %s", r)
	}
	if r := c.staff(http.MethodPost, "/v1/admin/tasks/"+held[0].ID+"/retry", nil, nil); !r.ok() {
		t.Fatalf("retry: %s", r)
	}
	c.pass(aDay)
	nothingIsLeft(t, c.w)
	booksBalance(t, c.w)
}
