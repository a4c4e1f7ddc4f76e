package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/mail"
	"hostfront/money"
	"hostfront/sandbox/pay"
	"hostfront/task"
)

// What must hold of a purchase, however it was cut.

// aDayLater gives everything that might still happen the time to happen.
func (c *crash) aDayLater() {
	c.t.Helper()
	c.w.Steady.Advance(time.Hour)
	c.must(c.w.Move(25 * time.Hour))
}

func (c *crash) holds() {
	c.t.Helper()
	c.boughtAndPaid()
	nothingIsLeft(c.t, c.w)
	mailsArrived(c.t, c.w)
	c.mails = sentMails(c.t, c.w)
	booksBalance(c.t, c.w)
}

// boughtAndPaid: what was ordered was bought, paid, billed and delivered, each once.
func (c *crash) boughtAndPaid() {
	c.t.Helper()
	c.boughtOnce()
	c.paidOnce()
	c.documentsAgree()
	c.hasWhatWasBought()
}

// sameAs holds a cut purchase against a whole one: the same road up to the cut, and
// the same mails at its end.
func (c *crash) sameAs(whole *crash, road []string) {
	c.t.Helper()
	if !slices.Equal(c.trace, road) {
		c.t.Fatalf("the road to the cut was another one: %d points up to %q, want %d up to %q",
			len(c.trace), c.trace[len(c.trace)-1], len(road), road[len(road)-1])
	}
	if !slices.Equal(c.mails, whole.mails) {
		c.t.Errorf("mails %q, want %q", c.mails, whole.mails)
	}
}

func (c *crash) boughtOnce() {
	c.t.Helper()
	l := c.w.LJPC
	if len(l.Domains()) != 1 || len(l.Contacts()) != 1 || len(l.Orders()) != 1 || len(l.Sites()) != 1 {
		c.t.Errorf("%d names, %d contacts, %d orders, %d sites upstream; want one each",
			len(l.Domains()), len(l.Contacts()), len(l.Orders()), len(l.Sites()))
	}
	for _, line := range c.order.Lines {
		want := 0
		if line.Kind == "hosting" {
			want = 1
		}
		if n := len(l.OrdersOf(line.ID)); n != want {
			c.t.Errorf("%d upstream orders for the %s line, want %d", n, line.Kind, want)
		}
	}
	registrations := 0
	for _, e := range l.Effects() {
		if e.Op == "domains.register" {
			registrations++
		}
	}
	if registrations != 1 {
		c.t.Errorf("%d registrations: %v", registrations, l.Effects())
	}
}

func (c *crash) paidOnce() {
	c.t.Helper()
	payments := c.w.Pay.Payments()
	if len(payments) != 1 || payments[0].State != pay.Paid || payments[0].Amount != c.quote.Gross || len(c.w.Pay.Refunds()) != 0 {
		c.t.Errorf("the provider has payments %+v and refunds %+v, want one payment of %s", payments, c.w.Pay.Refunds(), c.quote.Gross)
	}
}

// documentsAgree: what the customer was quoted, ordered, was billed and paid.
func (c *crash) documentsAgree() {
	c.t.Helper()
	var invoices list[invoiceSeen]
	c.read("/v1/invoices", &invoices)
	if len(invoices.Items) != 1 {
		c.t.Fatalf("%d invoices: %+v", len(invoices.Items), invoices.Items)
	}
	i := invoices.Items[0]
	if i.State != "paid" || i.Number == "" || i.Gross != c.quote.Gross || i.Net != c.quote.Net || i.VAT != c.quote.VAT ||
		i.Paid != i.Gross || i.ID != c.order.InvoiceID || c.order.Gross != i.Gross {
		c.t.Errorf("invoice %+v of order %+v, quoted %+v", i, c.order, c.quote)
	}
	lines := money.Zero(i.Gross.Currency)
	for _, l := range c.order.Lines {
		lines = lines.Add(l.Gross)
	}
	if lines != i.Gross {
		c.t.Errorf("the lines come to %s, the invoice to %s", lines, i.Gross)
	}
	var pdf []byte
	c.read("/v1/invoices/"+i.ID+"/pdf", &pdf)
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		c.t.Errorf("the PDF begins with %q", pdf[:min(8, len(pdf))])
	}
}

func (c *crash) hasWhatWasBought() {
	c.t.Helper()
	var orders list[orderSeen]
	c.read("/v1/orders", &orders)
	if len(orders.Items) != 1 || orders.Items[0].State != "completed" {
		c.t.Errorf("orders %+v", orders.Items)
	}
	var services list[serviceSeen]
	c.read("/v1/services", &services)
	var subscriptions list[subscriptionSeen]
	c.read("/v1/subscriptions", &subscriptions)
	has := map[string]int{}
	for _, s := range services.Items {
		if s.State == "active" && s.Name == c.domain {
			has[s.Kind]++
		}
	}
	for _, s := range subscriptions.Items {
		if s.State == "active" {
			has[s.Cycle]++
		}
	}
	if len(services.Items) != 2 || len(subscriptions.Items) != 2 ||
		has["domain"] != 1 || has["hosting"] != 1 || has["month"] != 1 || has["year"] != 1 {
		c.t.Errorf("services %+v, subscriptions %+v", services.Items, subscriptions.Items)
	}
}

// nothingIsLeft: no task waits, runs or is with a person, and no alarm is open.
func nothingIsLeft(t *testing.T, w *apptest.World) {
	t.Helper()
	nothingIsLeftBut(t, w)
}

// nothingIsLeftBut is nothingIsLeft with states that are meant to be there.
func nothingIsLeftBut(t *testing.T, w *apptest.World, meant ...task.State) {
	t.Helper()
	ended := append(meant, task.Done, task.Cancelled)
	stats, err := w.App.Tasks.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stats.States {
		if !slices.Contains(ended, s.State) && s.Tasks > 0 {
			t.Errorf("%d tasks are %s", s.Tasks, s.State)
		}
	}
	alarms, err := w.App.Events.OpenAlarms(t.Context(), "", 100)
	if err != nil || len(alarms) > 0 {
		t.Errorf("alarms %+v, %v", alarms, err)
	}
}

// booksBalance: the ledger sums to zero, nobody owes or is owed, and what was
// invoiced is what came in.
func booksBalance(t *testing.T, w *apptest.World) {
	t.Helper()
	sum, err := w.App.Billing.LedgerBalance(t.Context())
	if err != nil || sum != 0 {
		t.Errorf("the ledger is off by %d: %v", sum, err)
	}
	trial, err := w.App.Billing.Trial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range trial {
		if (b.Account == "receivable" || b.Account == "suspense" || b.Account == "credit") && !b.Balance.IsZero() {
			t.Errorf("%s stands on %s", b.Account, b.Balance)
		}
	}
}

// mailsArrived: each mail that the shop calls sent was taken on by the mail server
// at least once, and whatever was is one of these, under one Message-ID.
func mailsArrived(t *testing.T, w *apptest.World) {
	t.Helper()
	arrived := map[string]int{}
	for _, l := range w.Post.Letters() {
		arrived[l.MessageID]++
	}
	for _, m := range mailsOf(t, w) {
		id := strings.ToLower(m.ID) + "@shop.example"
		if m.State != "sent" || arrived[id] == 0 {
			t.Errorf("mail %s (%s) is %s and arrived %d times", m.ID, m.Template, m.State, arrived[id])
		}
		delete(arrived, id)
	}
	if len(arrived) > 0 {
		t.Errorf("mails arrived that the shop does not know: %v", arrived)
	}
}

func mailsOf(t *testing.T, w *apptest.World) []mail.Mail {
	t.Helper()
	mails, _, err := w.App.Mailer.Mails(t.Context(), "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

// sentMails are the templates of the mails that were sent, sorted.
func sentMails(t *testing.T, w *apptest.World) []string {
	t.Helper()
	var sent []string
	for _, m := range mailsOf(t, w) {
		sent = append(sent, m.Template)
	}
	slices.Sort(sent)
	return sent
}

func (b *buyer) decode(r reply, into any) {
	b.t.Helper()
	b.must(json.Unmarshal(r.Body, into))
}

// tasks shows what the engine has, for a test that fails.
func (b *buyer) tasks() string {
	var page list[taskSeen]
	r := b.staff("GET", "/v1/admin/tasks?limit=100", nil, nil)
	_ = json.Unmarshal(r.Body, &page)
	show := ""
	for _, t := range page.Items {
		show += fmt.Sprintf("%-18s %-16s %s %s\n", t.Kind, t.State, t.ErrorCode, t.LastError)
	}
	return show
}
