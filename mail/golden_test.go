package mail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hostfront/db/dbtest"
	"hostfront/mail"
)

var update = flag.Bool("update", false, "write the golden mails anew")

var aboutSub = map[string]any{"subscription_id": "sub_1", "service_id": "svc_1", "kind": "hosting"}

var aboutDispute = map[string]any{"dispute_id": "dsp_1", "invoice_id": "inv_1", "amount": eur(1814)}

// mails are each mail there is, by the event that has it sent.
var mails = []struct {
	golden, event string
	data          map[string]any
	change        func(*facts)
}{
	{golden: "order_received", event: "order.received", data: map[string]any{"order_id": "ord_1"}, change: func(f *facts) { f.order.Transfer = nil }},
	{golden: "order_received_transfer", event: "order.received", data: map[string]any{"order_id": "ord_1"}},
	{golden: "payment_received", event: "invoice.paid", data: map[string]any{"invoice_id": "inv_1"}},
	{golden: "carried_on", event: "invoice.paid", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) { f.invoice.Later = eur(15) }},
	{golden: "carried_paid", event: "invoice.paid", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) {
		f.invoice.Earlier, f.invoice.With = eur(15), eur(1829)
	}},
	{golden: "credit_received", event: "invoice.paid", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.Credit = "RC2026-000001", true
	}},
	{golden: "credit_given", event: "credit.given", data: map[string]any{
		"amount": map[string]string{"amount": "10.00", "currency": "EUR"}, "reason": "For the trouble you had.", "expires_at": "2027-01-31T00:00:00Z",
	}},
	{golden: "invoice_issued", event: "invoice.issued", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.Transfer = "", f.order.Transfer
	}},
	{golden: "renewal_invoice", event: "invoice.issued", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) { f.invoice.Renewal = true }},
	{golden: "supplied_invoice", event: "invoice.supplied", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) { f.invoice.Renewal, f.invoice.Due = true, f.invoice.Gross }},
	{golden: "payment_failed", event: "payment.failed", data: map[string]any{"invoice_id": "inv_1", "payment_id": "pay_1", "code": "insufficient_funds"}},
	{golden: "payment_failed_retried", event: "payment.failed", data: map[string]any{
		"invoice_id": "inv_1", "class": "soft", "code": "do_not_honor", "method": "Visa •••• 4242", "retry_at": dbtest.Start().AddDate(0, 0, 3),
	}},
	{golden: "payment_failed_hard", event: "payment.failed", data: map[string]any{"invoice_id": "inv_1", "class": "hard", "code": "lost_card", "method": "Visa •••• 4242"}},
	{golden: "payment_failed_next", event: "payment.failed", data: map[string]any{
		"invoice_id": "inv_1", "class": "hard", "code": "expired_card", "method": "Visa •••• 4242", "retry_at": dbtest.Start(),
	}},
	{golden: "payment_failed_confirm", event: "payment.failed", data: map[string]any{
		"invoice_id": "inv_1", "class": "authentication", "code": "authentication_required", "method": "Visa •••• 4242", "retry_at": dbtest.Start().AddDate(0, 0, 1),
	}},
	{golden: "payment_failed_ours", event: "payment.failed", data: map[string]any{
		"invoice_id": "inv_1", "class": "transport", "code": "amount_too_small", "retry_at": dbtest.Start().AddDate(0, 0, 1),
	}},
	{golden: "direct_debit", event: "debit.announced", data: map[string]any{
		"invoice_id": "inv_1", "method_id": "pme_1", "amount": eur(1814), "debit_at": dbtest.Start().AddDate(0, 0, 14),
	}, change: func(f *facts) { f.method.Label = "SEPA NL •••• 4300" }},
	{golden: "method_expiring", event: "method.expiring", data: map[string]any{"method_id": "pme_1", "days": 15, "ends_at": dbtest.Start().AddDate(0, 0, 15)}},
	{golden: "refund", event: "refund.sent", data: map[string]any{"invoice_id": "inv_2"}, change: func(f *facts) {
		f.invoice.ID, f.invoice.Number, f.invoice.Corrects, f.invoice.Open = "inv_2", "CN-2026-0001", "2026-0001", false
		f.invoice.Reason = "name_taken"
	}},
	{golden: "refund_with_reason", event: "refund.sent", data: map[string]any{"invoice_id": "inv_2"}, change: func(f *facts) {
		f.invoice.ID, f.invoice.Number, f.invoice.Corrects, f.invoice.Open = "inv_2", "CN-2026-0001", "2026-0001", false
		f.invoice.Reason, f.pdf = "A gift, for the trouble you had.", nil
	}},
	{golden: "refund_by_hand", event: "refund.sent", data: map[string]any{"invoice_id": "inv_2", "by_hand": true}, change: func(f *facts) {
		f.invoice.ID, f.invoice.Number, f.invoice.Corrects, f.invoice.Open, f.pdf = "inv_2", "CN-2026-0001", "2026-0001", false, nil
	}},
	{golden: "dispute_opened", event: "dispute.opened", data: aboutDispute, change: func(f *facts) { f.dispute.Open = true }},
	{golden: "dispute_opened_untold", event: "dispute.opened", data: aboutDispute, change: func(f *facts) { f.dispute.Open, f.dispute.Amount = true, eur(0) }},
	{golden: "dispute_won", event: "dispute.won", data: aboutDispute, change: func(f *facts) { f.dispute.Won, f.invoice.Open = true, false }},
	{golden: "dispute_won_untold", event: "dispute.won", data: aboutDispute, change: func(f *facts) { f.dispute.Won, f.dispute.Amount, f.invoice.Open = true, eur(0), false }},
	{golden: "dispute_lost", event: "dispute.lost", data: aboutDispute, change: func(f *facts) { f.dispute.Amount, f.invoice.Due, f.invoice.Renewal = eur(1000), eur(1000), true }},
	{golden: "dispute_lost_written_off", event: "dispute.lost", data: aboutDispute, change: func(f *facts) { f.invoice.Open = false }},
	{golden: "delivered_hosting", event: "service.delivered", data: map[string]any{"service_id": "svc_1"}},
	{golden: "delivered_domain", event: "service.delivered", data: map[string]any{"service_id": "svc_1"}, change: func(f *facts) {
		f.service = mail.Service{ID: "svc_1", Name: "example.com", Domain: true, VerifyRegistrant: true, RegistrantEmail: "whois@example.com", PaidUntil: f.service.PaidUntil}
	}},
	{golden: "domain_held_verification", event: "domain.held", data: map[string]any{"service_id": "svc_1", "code": "verification"}, change: func(f *facts) {
		f.service = mail.Service{ID: "svc_1", Name: "example.com", Domain: true, RegistrantEmail: "whois@example.com"}
	}},
	{golden: "domain_held_registry", event: "domain.held", data: map[string]any{"service_id": "svc_1", "code": "registry"}, change: func(f *facts) {
		f.service = mail.Service{ID: "svc_1", Name: "example.com", Domain: true}
	}},
	{golden: "domain_released", event: "domain.released", data: map[string]any{"service_id": "svc_1", "code": "verification"}, change: func(f *facts) {
		f.service = mail.Service{ID: "svc_1", Name: "example.com", Domain: true}
	}},
	{golden: "action_required", event: "line.action_required", data: map[string]any{
		"order_id": "ord_1", "order_line_id": "lin_1", "code": "registrant_refused",
		"fields": []map[string]string{{"field": "registrant.postcode", "code": "invalid", "message": "The postcode is not one of the Netherlands."}},
	}},
	{golden: "action_required_auth_code", event: "line.action_required", data: map[string]any{"order_id": "ord_1", "order_line_id": "lin_1", "code": "auth_code_refused"}},
	{golden: "reminder", event: "invoice.reminded", data: map[string]any{"invoice_id": "inv_1", "next": "suspend", "next_at": "2026-03-17T00:00:00Z"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.Renewal = "", true
	}},
	{golden: "reminder_name", event: "invoice.reminded", data: map[string]any{"invoice_id": "inv_1", "next": "lapse", "next_at": "2026-03-17T00:00:00Z"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.Renewal, f.invoice.Transfer = "", true, f.order.Transfer
	}},
	{golden: "final_notice", event: "invoice.final_notice_sent", data: map[string]any{"invoice_id": "inv_1", "next": "terminate", "next_at": "2026-03-17T00:00:00Z"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.Renewal = "", true
	}},
	{golden: "late_fee", event: "invoice.late_fee_charged", data: map[string]any{"invoice_id": "inv_1"}, change: func(f *facts) {
		f.invoice.Number, f.invoice.VATNote, f.invoice.Lines = "", "Compensation for late payment: outside the scope of VAT.", []mail.Line{{Description: "Late payment of Hosting 10 GB", Price: eur(500)}}
		f.invoice.Net, f.invoice.VAT, f.invoice.Gross = eur(500), eur(0), eur(500)
	}},
	{golden: "suspended", event: "service.suspended", data: map[string]any{"service_id": "svc_1", "code": "unpaid"}},
	{golden: "suspended_written_off", event: "service.suspended", data: map[string]any{"service_id": "svc_1", "code": "written_off"}},
	{golden: "unsuspended", event: "service.unsuspended", data: map[string]any{"service_id": "svc_1"}},
	{golden: "terminated", event: "service.terminated", data: map[string]any{"service_id": "svc_1", "code": "unpaid"}},
	{golden: "terminated_cancelled", event: "service.terminated", data: map[string]any{"service_id": "svc_1", "code": "cancelled"}},
	{golden: "domain_lapsing", event: "domain.left_to_lapse", data: map[string]any{"service_id": "svc_1", "code": "unpaid"}},
	{golden: "domain_notice_month", event: "domain.expiry_noticed", data: notice("month", true)},
	{golden: "domain_notice_week", event: "domain.expiry_noticed", data: notice("week", false)},
	{golden: "domain_notice_expired", event: "domain.expiry_noticed", data: notice("expired", false)},
	{golden: "subscription_cancelled", event: "subscription.cancelled", data: aboutSub, change: func(f *facts) { f.subscription.EndsAt = f.subscription.PaidUntil }},
	{golden: "subscription_cancelled_domain", event: "subscription.cancelled", data: aboutSub, change: func(f *facts) {
		f.subscription.EndsAt, f.subscription.Domain, f.subscription.Description = f.subscription.PaidUntil, true, "Registration of example.com"
	}},
	{golden: "subscription_ended", event: "subscription.cancelled", data: aboutSub, change: func(f *facts) {
		f.subscription.EndsAt, f.subscription.Ended = f.subscription.PaidUntil, true
	}},
	{golden: "subscription_continued", event: "subscription.uncancelled", data: aboutSub},
	{golden: "subscription_resumed", event: "subscription.resumed", data: aboutSub},
	{golden: "subscription_paused", event: "subscription.paused", data: aboutSub, change: func(f *facts) { f.subscription.Paused = true }},
	{golden: "subscription_changed", event: "subscription.changed", data: aboutSub},
	{golden: "price_announced", event: "subscription.price_announced", data: map[string]any{
		"subscription_id": "sub_1", "old_net": eur(500), "new_net": eur(650), "from_at": 1772496000000,
	}},
	{golden: "price_announced_lower", event: "subscription.price_announced", data: map[string]any{
		"subscription_id": "sub_1", "old_net": eur(500), "new_net": eur(450), "from_at": 1772496000000,
	}},
	{golden: "price_withdrawn", event: "subscription.price_withdrawn", data: aboutSub},
	{golden: "delivery_failed", event: "line.failed", data: map[string]any{"order_id": "ord_1", "order_line_id": "lin_1", "code": "name_taken", "refund": "auto"}},
	{golden: "delivery_failed_manual", event: "line.failed", data: map[string]any{"order_id": "ord_1", "order_line_id": "lin_1", "code": "name_taken", "refund": "manual"}},
}

func notice(kind string, renews bool) map[string]any {
	return map[string]any{
		"service_id": "svc_1", "notice": kind, "name": "example.com", "name_expires_at": "2026-03-17T00:00:00Z",
		"address": "whois@example.com", "first_name": "Ada", "renews": renews,
	}
}

func TestEveryMailReadsAsItShould(t *testing.T) {
	t.Parallel()
	for _, tt := range mails {
		t.Run(tt.golden, func(t *testing.T) {
			t.Parallel()
			r := open(t)
			if tt.change != nil {
				tt.change(&r.facts)
			}
			r.happen(t, tt.event, tt.data)
			r.work(t)
			if len(r.outbox.sent) != 1 {
				t.Fatalf("%d mails were sent; the last is %+v", len(r.outbox.sent), r.last(t))
			}
			msg := r.outbox.sent[0]
			compare(t, tt.golden+".txt", "Subject: "+msg.Subject+"\n"+attached(msg)+"\n"+msg.Text)
			compare(t, tt.golden+".html", msg.HTML)
			if got := r.last(t); got.Recipient != msg.To || got.MessageID != msg.ID {
				t.Errorf("recorded as sent to %q as %q", got.Recipient, got.MessageID)
			}
			if got := r.last(t); got.State != "sent" || got.Title != msg.Subject || got.Template != msg.Template || got.SentAt.IsZero() {
				t.Errorf("recorded as %+v", got)
			}
			if strings.Contains(msg.HTML, "ZgotmplZ") || strings.Contains(msg.Text, "&amp;") {
				t.Error("a form of the mail is escaped as the other should be")
			}
		})
	}
}

func attached(msg mail.Message) string {
	text := ""
	for _, a := range msg.Attachments {
		text += "Attached: " + a.Name + "\n"
	}
	return text
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if got != string(want) {
		t.Errorf("%s is not what the golden file holds (run with -update and look at the difference):\n%s", name, got)
	}
}
