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

// mails are each mail there is, by the event that has it sent.
var mails = []struct {
	golden, event string
	data          map[string]any
	change        func(*facts)
}{
	{golden: "order_received", event: "order.received", data: map[string]any{"order_id": "ord_1"}, change: func(f *facts) { f.order.Transfer = nil }},
	{golden: "order_received_transfer", event: "order.received", data: map[string]any{"order_id": "ord_1"}},
	{golden: "payment_received", event: "invoice.paid", data: map[string]any{"invoice_id": "inv_1"}},
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
	{golden: "delivery_failed", event: "line.failed", data: map[string]any{"order_id": "ord_1", "order_line_id": "lin_1", "code": "name_taken", "refund": "auto"}},
	{golden: "delivery_failed_manual", event: "line.failed", data: map[string]any{"order_id": "ord_1", "order_line_id": "lin_1", "code": "name_taken", "refund": "manual"}},
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
