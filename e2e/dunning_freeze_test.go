package e2e_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"hostfront/db/dbtest"
	"hostfront/sandbox/pay"

	_ "modernc.org/sqlite"
)

// Others suspended while a debit was on its way (H12, PM services_suspended).
func TestNothingIsDunnedWhileAPaymentIsProcessing(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(4 * aDay))
	invoice := c.theRenewal().ID
	c.inTheBooks(`UPDATE payments SET state = 'processing', automatic = FALSE, check_at = 0 WHERE id = (SELECT max(id) FROM payments WHERE invoice_id = '` + invoice + `')`)
	c.until(due.Add(20 * aDay))
	if got := c.dunned(invoice); got.steps() != "reminder_1" || got.Frozen != "payment_processing" {
		t.Fatalf("while a payment is processing: %s, frozen %q", got.steps(), got.Frozen)
	}
	c.inTheBooks(`UPDATE payments SET state = 'failed', automatic = TRUE WHERE state = 'processing'`)
	c.pass(aDay)
	if got := c.dunned(invoice); got.steps() != "reminder_1 reminder_2" {
		t.Errorf("after it failed: %s", got.steps())
	}
}

func TestNothingIsDunnedWhileTheCustomerDisputesAPayment(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.until(due.Add(4 * aDay))
	invoice := c.theRenewal().ID
	c.inTheBooks(`INSERT INTO disputes (id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, reason, opened_at, updated_at)
		SELECT 'dsp_1', 'sandbox', 'dp_1', id, invoice_id, customer_id, 'open', 'EUR', 1, 'fraudulent', 1, 1 FROM payments WHERE state = 'succeeded'`)
	c.until(due.Add(20 * aDay))
	if got := c.dunned(invoice); got.steps() != "reminder_1" || got.Frozen != "dispute_open" {
		t.Fatalf("while a payment is disputed: %s, frozen %q", got.steps(), got.Frozen)
	}
	c.inTheBooks(`DELETE FROM disputes`)
	c.pass(aDay)
	if got := c.dunned(invoice); got.steps() != "reminder_1 reminder_2" {
		t.Errorf("after the dispute: %s", got.steps())
	}
}

// inTheBooks makes something true beside the shop, for which these tests have no road.
func (c *crash) inTheBooks(statement string) {
	c.t.Helper()
	if dbtest.OnPostgres() {
		c.t.Skip("it writes through a second SQLite connection")
	}
	beside, err := sql.Open("sqlite", strings.TrimPrefix(c.w.App.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(5000)")
	c.must(err)
	defer beside.Close()
	_, err = beside.Exec(statement)
	c.must(err)
}

// flag has staff set a customer's flags.
func (c *crash) flag(flags map[string]any) {
	c.t.Helper()
	var customers list[struct {
		ID string `json:"id"`
	}]
	c.staff(http.MethodGet, "/v1/admin/customers?email="+c.email, nil, &customers)
	all := map[string]any{"no_automatic_payment": false, "no_invoicing": false, "no_suspension": false}
	for name, value := range flags {
		all[name] = value
	}
	if r := c.staff(http.MethodPut, "/v1/admin/customers/"+customers.Items[0].ID+"/flags", all, nil); !r.ok() {
		c.t.Fatalf("flags: %s", r)
	}
}

func TestACustomerWhoIsNotToBeSuspendedIsOnlyReminded(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.flag(map[string]any{"no_suspension": true})
	c.until(due.Add(60 * aDay))
	got := c.dunned(c.renewals()[len(c.renewals())-1].ID)
	if got.steps() != "reminder_1 reminder_2" || got.Frozen != "no_suspension" {
		t.Errorf("%s, frozen %q", got.steps(), got.Frozen)
	}
	c.wantsService("hosting", "active")
	if len(c.heldTasks()) != 0 {
		t.Errorf("held: %+v", c.heldTasks())
	}
}

func TestACustomerWhoIsNotToBeInvoicedIsNeitherBilledNorReminded(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.flag(map[string]any{"no_invoicing": true})
	c.until(due.Add(20 * aDay))
	if n := len(c.renewals()); n != 0 {
		t.Errorf("%d bills", n)
	}
	if c.alarmed("cron.skipped") {
		t.Error("an exemption that staff made rings")
	}
	c.flag(map[string]any{})
	c.pass(aDay)
	invoice := c.renewals()[0].ID
	c.flag(map[string]any{"no_invoicing": true})
	c.pass(10 * aDay)
	if got := c.dunned(invoice); got.steps() != "" || got.Frozen != "no_invoicing" {
		t.Errorf("%s, frozen %q", got.steps(), got.Frozen)
	}
}

func TestACardIsNotChargedForACustomerWhoPaysByHand(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought(c.hosting(c.domain))
	c.flag(map[string]any{"no_automatic_payment": true})
	due := c.subscription("month").CurrentPeriodEnd
	c.until(due.Add(2 * aDay))
	if i := c.theRenewal(); i.State != "open" || c.charged() != c.quote.Gross {
		t.Errorf("the renewal is %+v, the provider took %s", i, c.charged())
	}
	if c.mailed("renewal_invoice") != 1 {
		t.Error("the customer is not told what to pay")
	}
}

func TestAWrittenOffCustomerIsGivenUpWhole(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought()
	c.cardIs(pay.HardDecline)
	due := c.subscription("month").CurrentPeriodEnd
	c.until(due.Add(5 * aDay))
	invoice := c.theRenewal()
	c.flag(map[string]any{"written_off": true})
	c.flag(map[string]any{"written_off": true})
	c.pass(aDay)
	after := c.theRenewal()
	if after.ID != invoice.ID || after.State != "uncollectible" || after.Number == "" {
		t.Errorf("what was open is %+v", after)
	}
	if c.standsOn("bad_debt") != after.Net || c.standsOn("bad_debt_vat") != after.VAT {
		t.Errorf("bad debt %s and %s of VAT", c.standsOn("bad_debt"), c.standsOn("bad_debt_vat"))
	}
	c.byHand("service.terminate")
	c.wantsService("hosting", "terminated")
	c.wantsService("domain", "active")
	for _, d := range c.w.LJPC.Domains() {
		if d.AutoRenew {
			t.Errorf("%s is still renewed", d.Name)
		}
	}
	c.w.Time.Advance(420 * aDay)
	c.pass(aDay)
	if n := len(c.renewals()); n != 1 {
		t.Errorf("%d bills of a customer who is written off", n)
	}
	c.wantsService("domain", "cancelled")
	booksBalance(t, c.w)
}

// A customer is given up and their site is not: its data stays, as the shop has chosen.
func TestTheHostingOfAWrittenOffCustomerIsSuspendedOrKeptWhereThatIsThePolicy(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"suspend", "keep"} {
		c := openMistake(t)
		c.bought()
		stand := map[string]any{}
		c.staff(http.MethodGet, "/v1/admin/dunning/policy", nil, &stand)
		stand["written_off"] = policy
		c.staff(http.MethodPut, "/v1/admin/dunning/policy", stand, nil)
		c.flag(map[string]any{"written_off": true})
		c.pass(aDay)
		asked := ""
		for _, held := range c.heldTasks() {
			asked += held.Kind
		}
		if want := map[string]string{"suspend": "service.suspend"}[policy]; asked != want {
			t.Errorf("%s: the operator is asked for %q, want %q", policy, asked, want)
		}
	}
}

// TestSkippedRenewalsRing: what a run had to leave out does not stand in its report alone.
func TestSkippedRenewalsRing(t *testing.T) {
	t.Parallel()
	c, due := unpaid(t)
	c.inTheBooks(`UPDATE subscriptions SET renew_task_kind = 'nothing.known'`)
	c.until(due.Add(aDay))
	if !c.alarmed("cron.skipped") {
		t.Error("nobody is told that a subscription cannot be billed")
	}
	c.inTheBooks(`UPDATE subscriptions SET renew_task_kind = ''`)
	c.pass(aDay)
	if c.alarmed("cron.skipped") {
		t.Error("it rings though all is billed")
	}
}
