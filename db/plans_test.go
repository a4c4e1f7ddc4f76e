package db_test

import (
	"context"
	"strings"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

// What is asked every minute finds what it is after among all that is over, however much
// that is: by an index of the open ones alone. The planner of SQLite would rather walk
// through a whole table by its ids, and says so when it is asked.
func TestWhatIsAskedAllTheTimeReadsNoWholeTable(t *testing.T) {
	if dbtest.OnPostgres() {
		t.Skip("about SQLite's planner")
	}
	t.Parallel()
	s := dbtest.Open(t)
	all := statements(t)
	for name, index := range map[string]string{
		"tasksClaimable":              "tasks_claimable (waits_for=? AND queue=? AND run_at<?)",
		"taskNextRun":                 "tasks_claimable (waits_for=? AND queue=?)",
		"taskFirstQueue":              "tasks_claimable (waits_for=?)",
		"tasksExpired":                "tasks_leased (state=? AND lease_until<?)",
		"cronJobsDue":                 "cron_jobs_due (due_at<?)",
		"webhooksUnprocessed":         "webhook_inbox_unprocessed (processed_at=? AND id>?)",
		"invoicesOverdue":             "invoices_overdue (overdue_at=? AND id>?)",
		"invoicesSupplied":            "invoices_unnumbered (number=? AND id>?)",
		"dunningUpcoming":             "invoices_overdue (overdue_at=? AND id>?)",
		"setupsToCheck":               "method_setups_open (id>?)",
		"subscriptionsPriced":         "quote_lines_premium",
		"auditPaidOutOff":             "payout_lines_payment (payment_id=?)",
		"auditTasksWaitingForNothing": "tasks_following",
		"auditNoticesMissing":         "cron_runs_of_job (job=?)",
	} {
		plan := planOf(t, s, all[name])
		if !strings.Contains(plan, "USING INDEX "+index) && !strings.Contains(plan, "USING COVERING INDEX "+index) {
			t.Errorf("%s does not use %s:\n%s", name, index, plan)
		}
	}
}

// planOf is how the engine would answer a query. What is bound to it plays no part.
func planOf(t *testing.T, s *db.Store, query string) string {
	t.Helper()
	var bound []any
	for n := 1; strings.Contains(query, "?"+string(rune('0'+n))); n++ {
		bound = append(bound, 1)
	}
	rows, err := s.Read().Conn().QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, bound...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	plan := ""
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		plan += line + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}
