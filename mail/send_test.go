package mail_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/mail"
	"hostfront/task"
)

func TestWhatHasLostItsReasonIsNotMailed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, event string
		change      func(*room)
	}{
		{"an invoice that was paid meanwhile", "invoice.issued", func(r *room) { r.facts.invoice.Open = false }},
		{"a decline after which it was paid", "payment.failed", func(r *room) { r.facts.invoice.Open = false }},
		{"a line that was mended meanwhile", "line.action_required", func(r *room) { r.facts.line.Deadline = time.Time{} }},
		{"an order that is gone", "order.received", func(r *room) { r.facts.err = fault.Missing("order", "ord_1") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := open(t)
			r.happen(t, tt.event, map[string]any{"order_id": "ord_1", "invoice_id": "inv_1"})
			tt.change(r)
			r.work(t)
			if got := r.last(t); len(r.outbox.sent) != 0 || got.State != "dropped" || got.ErrorCode != "not_needed" {
				t.Errorf("%d were sent, recorded as %+v", len(r.outbox.sent), got)
			}
		})
	}
}

func TestEventThatConcernsNobodyOrIsUndoneHasNoMail(t *testing.T) {
	t.Parallel()
	r := open(t)
	undone := errors.New("undone")
	err := r.store.Tx(ctx, func(q *db.Queries) error {
		must(t, r.events.Emit(ctx, q, event.Params{Kind: "invoice.paid", Subject: "inv_1", CustomerID: r.customer.ID}))
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	must(t, r.store.Tx(ctx, func(q *db.Queries) error {
		must(t, r.events.Emit(ctx, q, event.Params{Kind: "account.unheard_of", Subject: "x", CustomerID: r.customer.ID}))
		return r.events.Emit(ctx, q, event.Params{Kind: "invoice.paid", Subject: "inv_1"})
	}))
	r.work(t)
	all, _, err := r.Mails(ctx, "", "", 0)
	if err != nil || len(all) != 0 || len(r.outbox.sent) != 0 {
		t.Errorf("mails are %+v, %v", all, err)
	}
}

var tokenInLink = regexp.MustCompile(`https://shop\.example/(sign-in|reset-password)\?token=(\S+)`)

func TestLinkIsMailedAndWorks(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(t, r.accounts.RequestSignIn(ctx, "customer@example.com", ""))
	r.work(t)
	must(t, r.accounts.RequestReset(ctx, "CUSTOMER@example.com", ""))
	must(t, r.accounts.RequestReset(ctx, "nobody@example.com", ""))
	r.work(t)
	if len(r.outbox.sent) != 2 {
		t.Fatalf("%d mails were sent", len(r.outbox.sent))
	}
	tokens := map[string]string{}
	for _, msg := range r.outbox.sent {
		found := tokenInLink.FindStringSubmatch(msg.Text)
		if found == nil || !strings.Contains(msg.HTML, found[0]) || strings.Contains(msg.Subject, found[2]) {
			t.Fatalf("the link is not where it should be:\n%s", msg.Text)
		}
		compare(t, msg.Template+".txt", "Subject: "+msg.Subject+"\n\n"+strings.ReplaceAll(msg.Text, found[2], "TOKEN"))
		compare(t, msg.Template+".html", strings.ReplaceAll(msg.HTML, found[2], "TOKEN"))
		token, err := url.QueryUnescape(found[2])
		must(t, err)
		tokens[found[1]] = token
	}
	_, _, err := r.accounts.SignIn(ctx, tokens["sign-in"], "")
	must(t, err)
	_, _, err = r.accounts.Reset(ctx, tokens["reset-password"], "battery staple", "")
	must(t, err)

	for _, m := range r.outbox.sent {
		tasks, err := r.engine.BySubject(ctx, r.store.Read(), strings.ToUpper(m.ID))
		must(t, err)
		if strings.Contains(about(t, tasks), "@example.com") {
			t.Error("a task holds the customer's address")
		}
	}
	_, err = r.resend(r.last(t).ID)
	if !fault.Is(err, "mail_not_resendable") {
		t.Errorf("a link is mailed again: %v", err)
	}
}

func (r *room) resend(id string) (again string, err error) {
	err = r.store.Tx(ctx, func(q *db.Queries) (err error) {
		again, err = r.Resend(ctx, q, id)
		return err
	})
	return again, err
}

func TestLinkThatHasExpiredIsNotMailed(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(t, r.accounts.RequestSignIn(ctx, "customer@example.com", ""))
	r.clock.Advance(time.Hour)
	r.work(t)
	if got := r.last(t); len(r.outbox.sent) != 0 || got.State != "dropped" || got.Event != account.EventSignInLink {
		t.Errorf("recorded as %+v", got)
	}
}

func TestMailIsTriedAgainUnderTheSameMessageID(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.outbox.fail = []error{unavailable(), nil}
	lost := 0
	r2 := open(t, func(c *mail.Config) {
		c.Cut = func(point string) error {
			if point == mail.CutAfter && lost == 0 {
				lost++
				return errors.New("cut")
			}
			return nil
		}
	})
	for _, r := range []*room{r, r2} {
		r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
		r.work(t)
		if got := r.last(t); got.State != "sent" {
			t.Errorf("recorded as %+v", got)
		}
	}
	if len(r.outbox.sent) != 1 {
		t.Errorf("after a refused connection %d were sent", len(r.outbox.sent))
	}
	sent := r2.outbox.sent
	if len(sent) != 2 || sent[0].ID != sent[1].ID || !sent[0].Date.Equal(sent[1].Date) {
		t.Errorf("after a lost answer %d were sent", len(sent))
	}
}

func TestCutBeforeASendSendsNothing(t *testing.T) {
	t.Parallel()
	cut := true
	r := open(t, func(c *mail.Config) {
		c.Cut = func(point string) error {
			if point == mail.CutBefore && cut {
				return errors.New("cut")
			}
			return nil
		}
	})
	r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
	if _, err := r.engine.Step(ctx); err != nil || len(r.outbox.sent) != 0 {
		t.Fatalf("%d were sent, %v", len(r.outbox.sent), err)
	}
	cut = false
	r.work(t)
	if len(r.outbox.sent) != 1 {
		t.Errorf("%d were sent after the restart", len(r.outbox.sent))
	}
}

func TestALinkDoesNotWaitBehindInvoices(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
	r.happen(t, "account.password_reset", map[string]any{"customer_id": r.customer.ID})
	for queue, kind := range map[string]string{mail.Queue: "invoice.paid", mail.QueueLinks: "account.password_reset"} {
		waiting, _, err := r.engine.List(ctx, task.Filter{Queue: queue})
		must(t, err)
		if len(waiting) != 1 {
			t.Errorf("%d mails wait in %s, want that of %s", len(waiting), queue, kind)
		}
	}
}

func TestRefusedMailIsRecordedAsFailedAndCanBeSentAgain(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.outbox.fail = []error{fault.Came(fault.Rejected, "smtp_rejected", "550")}
	r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
	r.work(t)
	first := r.last(t)
	if first.State != "failed" || first.ErrorCode != "smtp_rejected" {
		t.Fatalf("recorded as %+v", first)
	}
	again, err := r.resend(first.ID)
	must(t, err)
	r.work(t)
	second := r.last(t)
	if second.ID != again || second.State != "sent" || second.ResentOf != first.ID || len(r.outbox.sent) != 1 {
		t.Errorf("resent as %+v", second)
	}
	if _, err := r.resend("mail_none"); !fault.Is(err, "not_found") {
		t.Errorf("a mail there is not is sent again: %v", err)
	}
	page, next, err := r.Mails(ctx, r.customer.ID, "", 1)
	if err != nil || len(page) != 1 || next != second.ID {
		t.Fatalf("first page is %+v, next %q, %v", page, next, err)
	}
	page, next, err = r.Mails(ctx, r.customer.ID, next, 1)
	if err != nil || len(page) != 1 || page[0].ID != first.ID || next != "" {
		t.Errorf("second page is %+v, next %q, %v", page, next, err)
	}
}

func TestLogNamesNoAddressAndTheFolderKeepsEachMailOnce(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	path := t.TempDir()
	folder, err := mail.NewFolder(filepath.Join(path, "mails"))
	must(t, err)
	r := open(t, func(c *mail.Config) { c.Sender = folder })
	r.happen(t, "invoice.paid", map[string]any{"invoice_id": "inv_1"})
	r.work(t)
	log := mail.Log{Log: slog.New(slog.NewTextHandler(&logged, nil))}
	msg := mail.Message{
		ID: "mail_1@shop.example", Date: r.clock.Now(), Template: "sign_in_link", Subject: "Sign in", From: "shop@shop.example",
		To: "customer@example.com", ToName: "Grace", Text: "token=SECRET", HTML: "token=SECRET",
	}
	for range 2 {
		must(t, log.Send(ctx, msg))
		must(t, folder.Send(ctx, msg))
	}
	if text := logged.String(); strings.Contains(text, "example.com") || strings.Contains(text, "SECRET") || !strings.Contains(text, "sign_in_link") {
		t.Errorf("logged %s", text)
	}
	files, err := filepath.Glob(filepath.Join(path, "mails", "*"))
	must(t, err)
	if len(files) != 2 {
		t.Fatalf("the folder holds %v", files)
	}
	content, err := os.ReadFile(files[1])
	must(t, err)
	if !strings.Contains(string(content), "To: \"Grace\" <customer@example.com>") || !strings.HasSuffix(files[1], "-sign_in_link-mail_1.eml") {
		t.Errorf("%s holds\n%s", files[1], content)
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	good := mail.Config{
		Store: r.store, Clock: r.clock, Tasks: task.New(task.Config{Store: r.store, Clock: r.clock}), Events: event.New(r.store, r.clock),
		Facts: r.read(), Sender: r.outbox, Shop: mail.Shop{From: "shop@shop.example"}, Links: mail.Links{BaseURL: "https://shop.example"},
	}
	for name, change := range map[string]func(*mail.Config){
		"a sender with a name":   func(c *mail.Config) { c.Shop.From = "Shop <shop@shop.example>" },
		"a sender with a header": func(c *mail.Config) { c.Shop.From = "shop@shop.example\r\nBcc: x@y.example" },
		"no base URL":            func(c *mail.Config) { c.Links.BaseURL = "" },
		"a bad reply address":    func(c *mail.Config) { c.Shop.ReplyTo = "nobody" },
		"no sender":              func(c *mail.Config) { c.Sender = nil },
		"a fact is missing":      func(c *mail.Config) { c.Facts.Service = nil },
	} {
		bad := good
		change(&bad)
		if _, err := mail.New(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
