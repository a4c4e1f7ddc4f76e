package audit_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"hostfront/audit"
	"hostfront/db"
	"hostfront/db/dbtest"

	_ "modernc.org/sqlite"
)

// books are a small shop in good order: one order of one line, paid and delivered.
const books = `
INSERT INTO customers (id, email, email_lower, first_name, last_name, country, vat_status, created_at, updated_at) VALUES ('cus_1', 'a@example.com', 'a@example.com', 'A', 'B', 'NL', 'none', 1, 1);
INSERT INTO invoices (id, document, kind, state, customer_id, subject, series, number, number_text, currency, net, vat, gross, paid, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at, numbered_at, paid_at)
    VALUES ('inv_1', 'invoice', 'sale', 'paid', 'cus_1', 'ord_1', 'INV2026', 1, 'INV2026-000001', 'EUR', 100, 21, 121, 121, 'domestic', 'NL', '21', '{}', '{}', 1, 1, 1, 1);
INSERT INTO invoice_lines (id, invoice_id, position, description, subject, net, vat, vat_rate, cost) VALUES ('inl_1', 'inv_1', 0, 'x', 'oln_1', 100, 21, '21', 50);
INSERT INTO number_series (series, last_number) VALUES ('INV2026', 1);
INSERT INTO payments (id, invoice_id, customer_id, gateway, state, automatic, save_method, currency, amount, received, code, created_at, updated_at)
    VALUES ('pay_1', 'inv_1', 'cus_1', 'sandbox', 'succeeded', FALSE, FALSE, 'EUR', 121, 121, 'A', 1, 1);
INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, invoice_id, booked_at) VALUES
    ('led_1', 'invoice', 'inv_1', 0, 'receivable', 'EUR', 121, 'cus_1', 'inv_1', 1), ('led_2', 'invoice', 'inv_1', 1, 'revenue', 'EUR', -100, 'cus_1', 'inv_1', 1),
    ('led_3', 'invoice', 'inv_1', 2, 'vat', 'EUR', -21, 'cus_1', 'inv_1', 1), ('led_4', 'payment', 'pay_1', 0, 'clearing:sandbox', 'EUR', 121, 'cus_1', 'inv_1', 1),
    ('led_5', 'payment', 'pay_1', 1, 'receivable', 'EUR', -121, 'cus_1', 'inv_1', 1);
INSERT INTO deliveries (id, order_id, invoice_id, customer_id, upstream, kind, domain, description, cycle, currency, net_minor, cost_minor, renew_net_minor, renew_cost_minor, state, created_at, updated_at)
    VALUES ('oln_1', 'ord_1', 'inv_1', 'cus_1', 'ljpc', 'hosting', 'a.nl', 'x', 'month', 'EUR', 100, 50, 100, 50, 'delivered', 1, 1);
INSERT INTO services (id, customer_id, order_line_id, subscription_id, upstream, kind, name, description, state, created_at, updated_at)
    VALUES ('svc_1', 'cus_1', 'oln_1', 'sub_1', 'ljpc', 'hosting', 'a.nl', 'x', 'active', 1, 1);
INSERT INTO subscriptions (id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost, anchor_at, next_number, current_start_at, lead_days, created_at, updated_at)
    VALUES ('sub_1', 'cus_1', 'svc_1', 'oln_1', 'hosting', 'x', 'active', 'month', 1, 'EUR', 100, 50, 1, 2, 1, 7, 1, 1);
INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state) VALUES ('sub_1', 1, 100, 'inv_1', 'paid'), ('sub_1', 100, 200, '', 'billed');
`

// aNameThatExpires has the notices looked at when the clock stood at 10000000000; the expiry is
// to be added.
const aNameThatExpires = `INSERT INTO cron_jobs (name, spec, due_at) VALUES ('domain.notices', 'x', 1);
INSERT INTO cron_runs (id, job, asked, state, slot_at, started_at, ended_at) VALUES ('run_1', 'domain.notices', FALSE, 'done', 1, 10000000000, 10000000000);
INSERT INTO domain_notices (id, service_id, customer_id, name, kind, expires_at, address, created_at) VALUES ('ntc_1', 'svc_1', 'cus_1', 'a.shop', 'month', 10000000000, 'a@example.com', 1);
UPDATE services SET kind = 'domain', name = 'a.shop', expires_at = `

// breaks are what each rule must see, and nothing but that rule.
var breaks = map[string]string{
	"ledger_unbalanced":             `INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, booked_at) VALUES ('led_9', 'fee', 'x', 0, 'fees:sandbox', 'EUR', 1, 1)`,
	"lines_off":                     `UPDATE invoice_lines SET net = 101 WHERE id = 'inl_1'`,
	"numbers_off":                   `UPDATE number_series SET last_number = 2`,
	"numbers_without_series":        `DELETE FROM number_series`,
	"receivable_off":                `UPDATE ledger_entries SET invoice_id = '' WHERE id = 'led_5'`,
	"void_receivable":               `INSERT INTO invoices (id, document, kind, state, customer_id, subject, currency, net, vat, gross, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at) VALUES ('inv_9', 'invoice', 'sale', 'void', 'cus_1', 'x', 'EUR', 0, 0, 0, 'domestic', 'NL', '21', '{}', '{}', 1, 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, invoice_id, booked_at) VALUES ('led_8', 'v', 'x', 0, 'receivable', 'EUR', 1, 'inv_9', 1), ('led_9', 'v', 'x', 1, 'suspense', 'EUR', -1, '', 1)`,
	"succeeded_without_money":       `INSERT INTO payments (id, invoice_id, customer_id, gateway, state, automatic, save_method, currency, amount, received, code, created_at, updated_at) VALUES ('pay_9', 'inv_1', 'cus_1', 'sandbox', 'succeeded', FALSE, FALSE, 'EUR', 121, 0, 'B', 1, 1)`,
	"refunds_over":                  `UPDATE invoices SET purpose = 'credit'; INSERT INTO refunds (id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, reason, created_at) VALUES ('ref_1', 'pay_1', 'inv_1', 'cus_1', 'sandbox', 'pending', 'auto', 'EUR', 122, 'x', 1)`,
	"refunds_beyond_invoice":        `UPDATE payments SET received = 200 WHERE id = 'pay_1'; INSERT INTO refunds (id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, reason, created_at) VALUES ('ref_1', 'pay_1', 'inv_1', 'cus_1', 'sandbox', 'pending', 'auto', 'EUR', 122, 'x', 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, booked_at) VALUES ('led_6', 'payment', 'x', 0, 'clearing:sandbox', 'EUR', 79, 'cus_1', 1), ('led_7', 'payment', 'x', 1, 'credit', 'EUR', -79, 'cus_1', 1)`,
	"given_off":                     `INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, invoice_id, lot_id, booked_at) VALUES ('led_6', 'credit_given', 'crg_1', 0, 'credit', 'EUR', -122, 'cus_1', '', 'crg_1', 1), ('led_7', 'credit_given', 'crg_1', 1, 'goodwill', 'EUR', 122, 'cus_1', '', '', 1), ('led_8', 'x', 'x', 0, 'credit', 'EUR', 122, 'cus_1', 'inv_1', 'crg_1', 1), ('led_9', 'x', 'x', 1, 'credit', 'EUR', -122, 'cus_1', 'inv_1', '', 1)`,
	"lines_credited_off":            `UPDATE invoice_lines SET credited_net = 1 WHERE id = 'inl_1'`,
	"credit_below_zero":             `INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, booked_at) VALUES ('led_8', 'c', 'x', 0, 'credit', 'EUR', 1, 'cus_1', 1), ('led_9', 'c', 'x', 1, 'suspense', 'EUR', -1, '', 1)`,
	"disputes_off":                  `INSERT INTO disputes (id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee, reason, opened_at, updated_at) VALUES ('dsp_1', 'sandbox', 'dp_1', 'pay_1', 'inv_1', 'cus_1', 'won', 'EUR', 10, 0, 'x', 1, 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, booked_at) VALUES ('led_8', 'dispute_opened', 'dsp_1', 0, 'disputed:sandbox', 'EUR', 10, 1), ('led_9', 'dispute_opened', 'dsp_1', 1, 'bad_debt', 'EUR', -10, 1)`,
	"payments_disputed_off":         `UPDATE payments SET disputed = 1`,
	"carried_below_zero":            `INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, booked_at) VALUES ('led_8', 'c', 'x', 0, 'carried', 'EUR', -1, 'cus_1', 1), ('led_9', 'c', 'x', 1, 'suspense', 'EUR', 1, '', 1)`,
	"notes_off":                     `INSERT INTO invoices (id, document, kind, state, customer_id, subject, currency, net, vat, gross, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at) VALUES ('crn_9', 'credit_note', 'correction', 'open', 'cus_1', 'x', 'EUR', 0, 0, 0, 'domestic', 'NL', '21', '{}', '{}', 1, 1)`,
	"clearing_off":                  `INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, booked_at) VALUES ('led_8', 'fee', 'x', 0, 'fees:sandbox', 'EUR', 1, 1), ('led_9', 'fee', 'x', 1, 'clearing:sandbox', 'EUR', -1, 1)`,
	"payouts_off":                   `INSERT INTO payouts (id, gateway, reference, state, automatic, booked, currency, amount, fee, made_at, created_at, updated_at) VALUES ('pot_1', 'sandbox', 'po_1', 'failed', TRUE, TRUE, 'EUR', 100, 0, 1, 1, 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, booked_at) VALUES ('led_8', 'payout', 'pot_1', 0, 'transit:sandbox', 'EUR', 100, 1), ('led_9', 'payout', 'pot_1', 1, 'bad_debt', 'EUR', -100, 1)`,
	"payout_lines_off":              `INSERT INTO payouts (id, gateway, reference, state, automatic, booked, currency, amount, fee, made_at, created_at, updated_at, lines_at) VALUES ('pot_1', 'sandbox', 'po_1', 'pending', TRUE, FALSE, 'EUR', 100, 0, 1, 1, 1, 1); INSERT INTO payout_lines (id, payout_id, gateway, reference, kind, state, currency, gross, fee, net, payment_id, fee_booked, moved_at) VALUES ('pol_1', 'pot_1', 'sandbox', 'txn_1', 'fee', 'matched', 'EUR', 99, 0, 99, '', 0, 1)`,
	"payout_lines_booked_off":       `INSERT INTO payouts (id, gateway, reference, state, automatic, booked, currency, amount, fee, made_at, created_at, updated_at) VALUES ('pot_1', 'sandbox', 'po_1', 'pending', TRUE, FALSE, 'EUR', 100, 0, 1, 1, 1); INSERT INTO payout_lines (id, payout_id, gateway, reference, kind, state, currency, gross, fee, net, payment_id, fee_booked, moved_at) VALUES ('pol_1', 'pot_1', 'sandbox', 'txn_1', 'fee', 'matched', 'EUR', -1, 0, -1, '', 0, 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, booked_at) VALUES ('led_8', 'payout_fee', 'pol_1', 0, 'fees:sandbox', 'EUR', 1, 1), ('led_9', 'payout_fee', 'pol_1', 1, 'bad_debt', 'EUR', -1, 1)`,
	"paid_out_off":                  `INSERT INTO payouts (id, gateway, reference, state, automatic, booked, currency, amount, fee, made_at, created_at, updated_at) VALUES ('pot_1', 'sandbox', 'po_1', 'pending', TRUE, FALSE, 'EUR', 100, 0, 1, 1, 1); INSERT INTO payout_lines (id, payout_id, gateway, reference, kind, state, currency, gross, fee, net, payment_id, fee_booked, moved_at) VALUES ('pol_1', 'pot_1', 'sandbox', 'txn_1', 'charge', 'matched', 'EUR', 120, 0, 120, 'pay_1', 0, 1); UPDATE payments SET paid_out = TRUE`,
	"periods_off":                   `UPDATE subscription_periods SET end_at = 99 WHERE start_at = 1`,
	"tasks_not_released":            `INSERT INTO tasks (id, queue, kind, subject, seq, state, phase, payload, invoice_id, run_at, dedupe_key, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'x', 'x', 1, 'blocked', 'do', '{}', 'inv_1', 1, 'x', 1, 1)`,
	"tasks_waiting_for_nothing":     `INSERT INTO tasks (id, queue, kind, subject, seq, state, phase, payload, run_at, dedupe_key, waits_for, after_task_id, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'x', 'x', 1, 'done', 'do', '{}', 1, 'x', '', '', 1, 1), ('tsk_2', 'ljpc', 'x', 'y', 1, 'ready', 'do', '{}', 1, 'y', 'tsk_1', 'tsk_1', 1, 1)`,
	"tasks_twice":                   `INSERT INTO tasks (id, queue, kind, subject, seq, state, phase, payload, run_at, dedupe_key, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'hosting.order', 'oln_1', 1, 'held', 'do', '{}', 1, 'x', 1, 1), ('tsk_2', 'ljpc', 'hosting.order', 'oln_1', 2, 'ready', 'do', '{}', 1, 'y', 1, 1)`,
	"service_disagrees":             `INSERT INTO customers (id, email, email_lower, first_name, last_name, country, vat_status, created_at, updated_at) VALUES ('cus_2', 'b@example.com', 'b@example.com', 'A', 'B', 'NL', 'none', 1, 1); UPDATE subscriptions SET customer_id = 'cus_2'`,
	"webhooks_dropped":              `INSERT INTO webhook_inbox (id, gateway, event_id, kind, payments, refunds, received_at) VALUES ('whk_1', 'sandbox', 'evt_1', 'x', '[]', '[]', 1)`,
	"paid_without_task":             `UPDATE deliveries SET state = 'pending'`,
	"lines_without_delivery":        `INSERT INTO order_lines (order_id, position, id, kind, description, cycle, domain, net_minor, vat_minor, cost_minor) VALUES ('ord_9', 0, 'oln_9', 'hosting', 'x', 'month', 'a.nl', 1, 1, 1)`,
	"delivered_without_service":     `UPDATE services SET order_line_id = 'oln_9'`,
	"delivered_unpaid":              `UPDATE invoices SET state = 'open'`,
	"services_without_subscription": `UPDATE services SET subscription_id = ''`,
	"ended_still_billed":            `UPDATE services SET state = 'terminated'`,
	"over_and_running":              `UPDATE subscriptions SET state = 'cancelled'`,
	"owed_by_nobody":                `INSERT INTO invoices (id, document, kind, state, customer_id, subject, series, number, number_text, currency, net, vat, gross, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at, numbered_at) VALUES ('crn_9', 'credit_note', 'correction', 'open', 'cus_1', 'x', 'CRN2026', 1, 'CRN2026-000001', 'EUR', -1, 0, -1, 'domestic', 'NL', '21', '{}', '{}', 1, 1, 1); INSERT INTO invoice_lines (id, invoice_id, position, description, subject, net, vat, vat_rate, cost) VALUES ('inl_9', 'crn_9', 0, 'x', 'x', -1, 0, '21', 0); INSERT INTO number_series (series, last_number) VALUES ('CRN2026', 1); INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, invoice_id, booked_at) VALUES ('led_8', 'credit_note', 'crn_9', 0, 'receivable', 'EUR', -1, 'cus_1', 'crn_9', 1), ('led_9', 'credit_note', 'crn_9', 1, 'revenue', 'EUR', 1, 'cus_1', 'crn_9', 1)`,
	"suspension_disagrees":          `UPDATE services SET state = 'suspended'`,
	"suspended_without_debt":        `UPDATE services SET state = 'suspended'; UPDATE subscriptions SET state = 'suspended'`,
	"steps_without_debt":            `UPDATE invoices SET kind = 'renewal'; INSERT INTO dunning_steps (invoice_id, step, action, customer_id, subscription_id, outcome, done_at) VALUES ('inv_1', 'reminder_1', 'remind', 'cus_1', 'sub_1', 'done', 2)`,
	"supplied_unnumbered":           `UPDATE subscriptions SET state = 'past_due'; INSERT INTO invoices (id, document, kind, state, customer_id, subject, currency, net, vat, gross, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at, overdue_at) VALUES ('inv_9', 'invoice', 'renewal', 'open', 'cus_1', 'sub_1', 'EUR', 100, 21, 121, 'domestic', 'NL', '21', '{}', '{}', 1, 100, 100); INSERT INTO invoice_lines (id, invoice_id, position, description, subject, subscription_id, net, vat, vat_rate, cost, start_at, end_at) VALUES ('inl_9', 'inv_9', 0, 'x', 'sub_1', 'sub_1', 100, 21, '21', 50, 100, 200); UPDATE subscription_periods SET invoice_id = 'inv_9' WHERE start_at = 100`,
	"renewed_by_nothing":            `UPDATE subscriptions SET renew_task_kind = 'domain.renewal'; UPDATE invoices SET kind = 'renewal'; INSERT INTO tasks (id, queue, kind, subject, seq, invoice_id, dedupe_key, state, error_code, payload, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'domain.renewal', 'svc_1', 1, 'inv_9', 'renew:sub_1:1:inv_9', 'cancelled', 'invoice_voided', '{}', 1, 1)`,
	"active_with_debt":              `UPDATE invoice_lines SET subscription_id = 'sub_1'; UPDATE invoices SET kind = 'renewal', subject = 'sub_1', state = 'open', paid = 0, overdue_at = 1, reopened_at = 1; UPDATE payments SET disputed = 121; INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, invoice_id, booked_at) VALUES ('led_8', 'c', 'x', 0, 'receivable', 'EUR', 121, 'inv_1', 1), ('led_9', 'c', 'x', 1, 'clearing:sandbox', 'EUR', -121, '', 1); INSERT INTO disputes (id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee, reason, opened_at, updated_at) VALUES ('dsp_1', 'sandbox', 'dp_1', 'pay_1', 'inv_1', 'cus_1', 'lost', 'EUR', 121, 0, 'x', 1, 1)`,
	"notices_missing":               aNameThatExpires + `10000000000 + 86400000`,
	"subscriptions_without_service": `UPDATE services SET id = 'svc_9'; UPDATE services SET state = 'terminated'`,
}

func TestEachInvariantSeesWhatBreaksIt(t *testing.T) {
	t.Parallel()
	if dbtest.OnPostgres() {
		t.Skip("the rows are broken through a second SQLite connection; the statements are prepared on PostgreSQL in package db")
	}
	conn, err := sql.Open("sqlite", strings.TrimPrefix(dbtest.URL(t), "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Exec(books); err != nil {
		t.Fatalf("write the books: %v", err)
	}
	ctx := context.Background()
	whole, err := audit.Run(ctx, db.New(conn))
	if err != nil || len(whole.Findings) > 0 {
		t.Fatalf("books in good order: %s, %v", whole, err)
	}
	if whole.Rules != len(breaks) {
		t.Fatalf("%d rules are asked and %d are tried here", whole.Rules, len(breaks))
	}
	for rule, breakIt := range breaks {
		t.Run(rule, func(t *testing.T) { seesOnly(t, conn, rule, breakIt) })
	}
	for what, change := range fine {
		t.Run(what, func(t *testing.T) {
			if report := reportOn(t, conn, change); len(report.Findings) > 0 {
				t.Fatalf("found %s", report)
			}
		})
	}
}

// fine is what looks broken and is not.
var fine = map[string]string{
	"a suspension that a task is to carry out":      `UPDATE subscriptions SET state = 'suspended'; INSERT INTO invoices (id, document, kind, state, customer_id, subject, currency, net, vat, gross, vat_kind, vat_country, vat_rate, seller, buyer, issued_at, due_at) VALUES ('inv_9', 'invoice', 'renewal', 'open', 'cus_1', 'sub_1', 'EUR', 0, 0, 0, 'domestic', 'NL', '21', '{}', '{}', 1, 1); INSERT INTO tasks (id, queue, kind, subject, seq, state, phase, payload, run_at, dedupe_key, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'service.suspend', 'svc_1', 1, 'held', 'do', '{}', 1, 'x', 1, 1)`,
	"hosting that is over and waits to be ended":    `UPDATE subscriptions SET state = 'cancelled'; INSERT INTO tasks (id, queue, kind, subject, seq, state, phase, payload, run_at, dedupe_key, created_at, updated_at) VALUES ('tsk_1', 'ljpc', 'service.terminate', 'svc_1', 1, 'held', 'do', '{}', 1, 'x', 1, 1)`,
	"kept hosting of a customer who is written off": `UPDATE subscriptions SET state = 'cancelled'; UPDATE customers SET written_off = TRUE`,
	"a reminder before the money came":              `UPDATE invoices SET kind = 'renewal'; INSERT INTO dunning_steps (invoice_id, step, action, customer_id, subscription_id, outcome, done_at) VALUES ('inv_1', 'reminder_1', 'remind', 'cus_1', 'sub_1', 'done', 1)`,
	"a name that was told a month ahead":            aNameThatExpires + `10000000000 + 8 * 86400000`,
	"a name that expires later":                     aNameThatExpires + `10000000000 + 31 * 86400000`,
	"a name that may still be renewed":              aNameThatExpires + `10000000000 - 3 * 86400000`,
	"a country-code name":                           aNameThatExpires + `10000000000 + 86400000, name = 'a.nl'`,
	"a withdrawn period where a change put another": `INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state) VALUES ('sub_1', 150, 250, 'inv_1', 'void')`,
	"a withdrawn period that was passed over":       `UPDATE subscription_periods SET state = 'void' WHERE start_at = 100; INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state) VALUES ('sub_1', 200, 300, '', 'billed')`,
}

func seesOnly(t *testing.T, conn *sql.DB, rule, breakIt string) {
	t.Helper()
	report := reportOn(t, conn, breakIt)
	if len(report.Findings) != 1 || report.Findings[0].Rule != rule {
		t.Fatalf("found %s", report)
	}
}

// reportOn is the audit's of the books as they are after a change, which is taken back.
func reportOn(t *testing.T, conn *sql.DB, change string) audit.Report {
	t.Helper()
	tx, err := conn.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec(change); err != nil {
		t.Fatalf("change the books: %v", err)
	}
	report, err := audit.Run(context.Background(), db.New(tx))
	if err != nil {
		t.Fatal(err)
	}
	return report
}
