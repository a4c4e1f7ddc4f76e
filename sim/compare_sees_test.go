package sim_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// falsified are changes of the books that break one agreement with the outside each,
// and a word of what the comparison says of it.
var falsified = map[string]struct{ change, complaint string }{
	"a charge is not booked":        {`DELETE FROM ledger_entries WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'payment' AND account = 'clearing:stripe')`, "charge pi_"},
	"a charge is booked too high":   {`UPDATE ledger_entries SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'payment' AND account = 'clearing:stripe')`, "Stripe moved"},
	"money without an intent":       {`UPDATE payments SET provider_reference = 'pi_other' WHERE id = (SELECT min(id) FROM payments WHERE received > 0)`, "the books say"},
	"a refund is booked too low":    {`UPDATE ledger_entries SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'refund' AND account = 'clearing:stripe')`, "refund re_"},
	"a payout is booked too high":   {`UPDATE ledger_entries SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'payout_paid' AND account = 'bank')`, "payout po_"},
	"a payout leaves no clearing":   {`UPDATE ledger_entries SET account = 'bank' WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'payout' AND account = 'clearing:stripe')`, "the balance at Stripe"},
	"a movement fits nothing":       {`UPDATE payout_lines SET state = 'unmatched' WHERE id = (SELECT min(id) FROM payout_lines)`, "is unmatched"},
	"a method is kept that is gone": {`UPDATE payment_methods SET reference = 'pm_other' WHERE id = (SELECT min(id) FROM payment_methods WHERE removed_at = 0)`, "saved method"},
	"a site is another":             {`UPDATE services SET site_id = '1' WHERE id = (SELECT min(id) FROM services WHERE kind = 'hosting' AND state = 'active')`, "site"},
	"a name is not shown":           {`UPDATE services SET name = 'other.nl' WHERE id = (SELECT min(id) FROM services WHERE kind = 'domain')`, "domain"},
	"an expiry is off":              {`UPDATE services SET expires_at = expires_at + 1 WHERE id = (SELECT min(id) FROM services WHERE kind = 'domain' AND state = 'active')`, "domain"},
	"a delivery is not known":       {`UPDATE deliveries SET state = 'failed' WHERE id = (SELECT min(id) FROM deliveries WHERE kind = 'hosting' AND state = 'delivered')`, "order oln_"},
	"a line is paid and lost":       {`DELETE FROM services WHERE id = (SELECT min(id) FROM services WHERE kind = 'domain')`, "line oln_"},
	"a period is too long":          {`UPDATE subscription_periods SET end_at = end_at + 1 WHERE subscription_id = (SELECT min(id) FROM subscriptions WHERE kind = 'hosting')`, "period 0 of"},
	"a period overlaps":             {`INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state) SELECT subscription_id, start_at + 1, end_at, invoice_id, 'paid' FROM subscription_periods WHERE subscription_id = (SELECT min(id) FROM subscriptions)`, "gap or an overlap"},
	"a period is nobody's":          {`UPDATE subscription_periods SET invoice_id = 'inv_other' WHERE subscription_id = (SELECT min(id) FROM subscriptions)`, "its invoice is"},
	"somebody has it for nothing":   {`UPDATE subscriptions SET current_end_at = 1 WHERE id = (SELECT u.id FROM subscriptions u JOIN services s ON s.id = u.service_id WHERE u.state = 'active' AND s.state = 'active' ORDER BY u.id LIMIT 1)`, "nothing is owed"},
	"somebody pays for nothing":     {`UPDATE services SET state = 'terminated' WHERE id = (SELECT s.id FROM subscriptions u JOIN services s ON s.id = u.service_id WHERE u.state = 'active' ORDER BY u.id LIMIT 1)`, "its subscription active"},
	"money came and no success":     {`UPDATE payments SET received = received + 1 WHERE id = (SELECT min(id) FROM payments WHERE gateway = 'stripe' AND state <> 'succeeded') OR id = (SELECT min(id) FROM payments WHERE gateway = 'stripe'); UPDATE payments SET state = 'failed' WHERE id = (SELECT min(id) FROM payments WHERE received > 0)`, "and brought"},
	"a site is two customers'":      {`UPDATE services SET site_id = (SELECT min(site_id) FROM services WHERE kind = 'hosting' AND state = 'active') WHERE kind = 'hosting' AND state = 'active'`, "two services have the site"},
	"one invoice for two periods":   {`INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state) SELECT subscription_id, end_at, end_at + 1, invoice_id, 'paid' FROM subscription_periods WHERE subscription_id = (SELECT min(id) FROM subscriptions WHERE kind = 'domain')`, "is for two periods"},
	"a task is left lying":          {`UPDATE tasks SET state = 'ready', created_at = 1 WHERE id = (SELECT min(id) FROM tasks)`, "since months"},
	"a task waits for a person":     {`UPDATE tasks SET state = 'held' WHERE id = (SELECT min(id) FROM tasks)`, "is held"},
}

// TestTheComparisonSeesWhatDoesNotAgree lives some weeks in which nothing goes wrong,
// and falsifies the books in each way that the comparison must see.
func TestTheComparisonSeesWhatDoesNotAgree(t *testing.T) {
	t.Parallel()
	fine := rates{people: habits{refunds: 1000}}
	w := openWorld(t, scenario{seed: 11, customers: 8, days: 35, rates: fine})
	w.years()
	conn, err := sql.Open("sqlite", "file:"+w.path+"?_pragma=busy_timeout(10000)")
	w.must(err, "open the books")
	defer conn.Close()
	for name, f := range falsified {
		t.Run(name, func(t *testing.T) {
			tx, err := conn.BeginTx(w.ctx, nil)
			w.must(err, "begin")
			defer tx.Rollback()
			done, err := tx.ExecContext(w.ctx, f.change)
			w.must(err, "falsify the books")
			if n, err := done.RowsAffected(); err != nil || n == 0 {
				t.Fatalf("nothing was falsified: %v", err)
			}
			b := &books{ctx: w.ctx, conn: tx, must: w.must}
			c := &comparison{books: b, ljpc: w.ljpc, stripe: w.stripe, now: w.Now(), seen: tally{}}
			if wrong := c.all(); !strings.Contains(wrong, f.complaint) {
				t.Fatalf("it says %q, want something about %q", wrong, f.complaint)
			}
		})
	}
	w.ljpc.GiveDomain("nobodys.nl")
	site := w.ljpc.GiveSite("nobodys.nl")
	dispute, err := w.stripe.Dispute(w.stripe.Charges()[0].Intent, 0)
	w.must(err, "dispute a charge")
	b := w.books()
	defer b.close()
	c := &comparison{books: b, ljpc: w.ljpc, stripe: w.stripe, now: w.Now(), seen: tally{}}
	wrong := c.all()
	for _, complaint := range []string{"domain nobodys.nl: outside it is", fmt.Sprintf("site %d: outside it is", site), "the dispute " + dispute + " is still"} {
		if !strings.Contains(wrong, complaint) {
			t.Errorf("of what is outside it says %q, want %q", wrong, complaint)
		}
	}
}
