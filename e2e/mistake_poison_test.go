package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/sandbox/pay"
)

// Others let one row that cannot be dealt with keep everybody from being billed that day. Here
// the database refuses what is written for one customer, who comes first everywhere: the jobs do
// for the next customer what is due, say what they skipped and why, and ring; and when the rows
// are mended, what was skipped is made good.
func TestABrokenRowKeepsNothingElseWaitingInAnyJob(t *testing.T) {
	t.Parallel()
	first, due := unpaid(t)
	next := openBeside(first, "next@example.org")
	next.lines = []map[string]any{next.hosting("next-example.nl")}
	next.through("quote", next.quoting)
	next.through("order", next.ordering)
	if !next.press(next.placed.Payment.NextAction.URL) {
		t.Fatal("the provider's page refuses")
	}
	first.pass(15 * time.Minute)
	next.cardIs(pay.HardDecline)
	both := []*crash{first, next}
	for _, c := range both {
		c.leaves(c.hosting("left-"+c.lines[0]["domain"].(string)), "left")
		c.isGiven("0.50", c.w.App.Now().Add(3*aDay))
	}

	first.isRefused("UPDATE", "subscriptions", "invoices", "credit_grants")
	first.until(due.Add(-3 * aDay))
	for _, job := range []string{"billing.renew", "billing.expire_credit"} {
		first.skips(job)
	}
	if n, state := len(next.renewals()), next.look().State; n != 1 || state != "cancelled" {
		t.Fatalf("behind a broken row: %d renewals, the order that was left is %s", n, state)
	}
	if n, state := len(first.renewals()), first.look().State; n != 0 || state != "pending_payment" {
		t.Fatalf("the broken row was not broken: %d renewals, the order is %s", n, state)
	}

	first.isMended("subscriptions", "invoices", "credit_grants")
	first.pass(2 * time.Hour)
	if n, state := len(first.renewals()), first.look().State; n != 1 || state != "cancelled" {
		t.Fatalf("mended: %d renewals, the order is %s", n, state)
	}
	first.isRefused("UPDATE", "invoices")
	first.until(due.Add(2 * time.Hour))
	first.skips("billing.lapse")
	if f, n := first.theRenewal(), next.theRenewal(); f.Number != "" || n.Number == "" {
		t.Fatalf("the period has begun unpaid: the broken renewal has number %q, the next %q", f.Number, n.Number)
	}
	first.isMended("invoices")
	first.isRefused("INSERT", "dunning_steps")
	first.until(due.Add(15 * aDay))
	first.skips("billing.dunning")
	if f, n := first.dunned(first.theRenewal().ID), next.dunned(next.theRenewal().ID); f.steps() != "" || n.steps() != "reminder_1 reminder_2 suspension" {
		t.Fatalf("steps of the broken renewal: %s; of the next: %s", f.steps(), n.steps())
	}
	first.isMended("dunning_steps")
	first.pass(2 * time.Hour)
	if f := first.theRenewal(); f.Number == "" || first.dunned(f.ID).steps() == "" {
		t.Fatalf("mended: number %q, %s", f.Number, first.dunned(f.ID).steps())
	}
}

// leaves has the customer order something, and not pay.
func (c *crash) leaves(line map[string]any, key string) {
	c.t.Helper()
	q, r := c.buyer.quote(line)
	if !r.ok() {
		c.t.Fatalf("quote: %s", r)
	}
	if c.placed, r = c.buyer.order(q.ID, key, "sandbox"); !r.ok() {
		c.t.Fatalf("order: %s", r)
	}
}

// isGiven has staff give the customer credit.
func (c *crash) isGiven(amount string, until time.Time) {
	c.t.Helper()
	var me struct{ ID string }
	c.read("/v1/account", &me)
	r := c.staff(http.MethodPost, "/v1/admin/customers/"+me.ID+"/credit", map[string]any{
		"amount": map[string]any{"amount": amount, "currency": "EUR"}, "reason": "kindness", "expires_at": until.Format(time.RFC3339),
	}, nil)
	if !r.ok() {
		c.t.Fatalf("give credit: %s", r)
	}
}

// isRefused has the database refuse to write rows of the customer.
func (c *crash) isRefused(what string, tables ...string) {
	c.t.Helper()
	var me struct{ ID string }
	c.read("/v1/account", &me)
	for _, table := range tables {
		c.inTheBooks(`CREATE TRIGGER refuse_` + table + ` BEFORE ` + what + ` ON ` + table + ` WHEN NEW.customer_id = '` + me.ID + `' BEGIN SELECT RAISE(ABORT, 'a row that is beyond writing'); END`)
	}
}

func (c *crash) isMended(tables ...string) {
	c.t.Helper()
	for _, table := range tables {
		c.inTheBooks(`DROP TRIGGER refuse_` + table)
	}
}

// skips holds that the last run of a job was a whole one that told what it skipped, and
// that it rings.
func (c *crash) skips(job string) {
	c.t.Helper()
	var runs list[struct {
		State  string
		Report struct {
			Skipped []struct{ ID, Reason string }
		}
	}]
	c.staff(http.MethodGet, "/v1/admin/jobs/"+job+"/runs?limit=1", nil, &runs)
	last := runs.Items[0]
	if last.State != "done" || len(last.Report.Skipped) == 0 || !strings.Contains(last.Report.Skipped[0].Reason, "beyond writing") {
		c.t.Errorf("the last run of %s: %+v", job, last)
	}
	if !c.alarmed("cron.skipped") {
		c.t.Errorf("nobody is told that %s skips", job)
	}
}
