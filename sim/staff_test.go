package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// staff works off what waits for a person, once a day.
type staff struct {
	token string
	// refunds are asked for and not yet made.
	refunds []string
	// gifts are for whom something went wrong; notes counts what was written.
	gifts []*person
	notes int
	// retried counts what was tried again, by task.
	retried map[string]int
	// ended counts how often a subscription was ended for a question, by task.
	ended map[string]int
}

type taskSeen struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	Subject   string          `json:"subject"`
	State     string          `json:"state"`
	ErrorCode string          `json:"error_code"`
	LastError string          `json:"last_error"`
	Payload   json.RawMessage `json:"payload"`
}

// work is the day's round.
func (w *world) work() {
	w.workHeld()
	w.workRefunds()
	w.workGifts()
}

func (w *world) workHeld() {
	s := w.ask(ask{method: http.MethodGet, path: "/v1/admin/tasks?state=held&limit=100", token: w.staff.token})
	if !s.ok() {
		return
	}
	var held list[taskSeen]
	w.read(s, &held)
	for _, t := range held.Items {
		w.seen["held: "+t.Kind+" "+t.ErrorCode]++
		w.decide(t)
	}
}

// decide is what a person does about a held task: a look at the other side, and one
// call.
func (w *world) decide(t taskSeen) {
	switch t.Kind {
	case "hosting.order", "domain.transfer":
		w.decideOrder(t)
	case "service.suspend", "service.unsuspend", "service.terminate", "service.change":
		w.inPanel(t)
	case "domain.keep":
		w.restore(t)
	case "domain.renewal":
		w.giveBack(t)
	case "operator.review":
		w.settleTask(t, map[string]any{"outcome": "done", "note": "looked into"})
	default:
		w.retry(t)
	}
}

// inPanel does in LJPc's panel what its API has no call for.
func (w *world) inPanel(t taskSeen) {
	var about struct {
		ServiceID string `json:"service_id"`
		Product   string `json:"product_ref"`
	}
	w.must(json.Unmarshal(t.Payload, &about), "read the payload of "+t.ID)
	b := w.books()
	defer b.close()
	for _, r := range b.ask(`SELECT site_id FROM services WHERE id = ?`, about.ServiceID) {
		site, err := strconv.ParseInt(r.text("site_id"), 10, 64)
		if err != nil {
			continue // it never had one
		}
		switch t.Kind {
		case "service.terminate":
			w.ljpc.RemoveSite(site)
		case "service.change":
			w.ljpc.ChangeSite(site, about.Product)
		default:
			w.ljpc.SuspendSite(site, t.Kind == "service.suspend")
		}
	}
	w.settleTask(t, map[string]any{"outcome": "done", "note": "done in LJPc's panel"})
}

// restore renews a name in LJPc's panel that was paid after its expiry, and now and then gives
// the money back instead.
func (w *world) restore(t taskSeen) {
	if t.ErrorCode != "restore_by_hand" {
		w.retry(t)
		return
	}
	var about struct {
		ServiceID string `json:"service_id"`
	}
	w.must(json.Unmarshal(t.Payload, &about), "read the payload of "+t.ID)
	b := w.books()
	defer b.close()
	last := b.ask(`SELECT s.name AS name, s.subscription_id AS sub, p.invoice_id AS invoice FROM services s
		JOIN subscription_periods p ON p.subscription_id = s.subscription_id WHERE s.id = ? ORDER BY p.start_at DESC LIMIT 1`, about.ServiceID)
	if len(last) == 0 || w.staff.ended[t.ID] > 3 {
		w.fail("task %s asks to restore what was never billed, or has ended: %s", t.ID, t.LastError)
	}
	s := last[0]
	if len(t.ID)*int(t.ID[len(t.ID)-1])%4 == 0 {
		end := w.ask(ask{method: http.MethodPost, path: "/v1/admin/subscriptions/" + s.text("sub") + "/cancel", body: map[string]any{"at": "now", "rest": "keep"}, token: w.staff.token})
		if !end.ok() {
			return // tomorrow
		}
		if w.staff.ended == nil {
			w.staff.ended = map[string]int{}
		}
		w.staff.ended[t.ID]++ // which puts the question away
		w.staff.refundSoon(s.text("invoice"))
		return
	}
	if !w.ljpc.RenewDomain(s.text("name")) {
		w.fail("%s is paid after its expiry, and not at LJPc any more", s.text("name"))
	}
	w.settleTask(t, map[string]any{"outcome": "done", "note": "renewed in LJPc's panel"})
}

// giveBack refunds a year that a name has not had, and looks at the question again the next day.
func (w *world) giveBack(t taskSeen) {
	var about struct {
		InvoiceID string `json:"invoice_id"`
	}
	w.must(json.Unmarshal(t.Payload, &about), "read the payload of "+t.ID)
	if t.ErrorCode == "paid_not_renewed" && w.staff.retried[t.ID] == 0 {
		w.staff.refundSoon(about.InvoiceID)
	}
	if w.staff.retried[t.ID] > 3 { // the refund is refused
		w.settleTask(t, map[string]any{"outcome": "failed", "note": "the money is kept"})
		return
	}
	w.retry(t)
}

// decideOrder looks for the order in LJPc's panel: the last one for the line, since a
// former one may have failed and been mended.
func (w *world) decideOrder(t taskSeen) {
	orders := w.ljpc.OrdersOf(t.Subject)
	if len(orders) == 0 {
		w.retry(t)
		return
	}
	w.settleTask(t, map[string]any{
		"outcome": "placed", "result": map[string]any{"order_id": fmt.Sprint(orders[len(orders)-1].ID)}, "note": "seen in LJPc's panel",
	})
}

func (w *world) settleTask(t taskSeen, body map[string]any) {
	s := w.ask(ask{method: http.MethodPost, path: "/v1/admin/tasks/" + t.ID + "/settle", body: body, token: w.staff.token})
	if strings.Contains(string(s.body), `"order_failed"`) {
		w.retry(t) // the last order is the one that failed before: the new one never arrived
		return
	}
	if !s.ok() && !s.lost() && s.code() != "task_state" {
		w.fail("settle %s %s: %s", t.Kind, t.ID, s)
	}
	w.seen["settled"]++
}

func (w *world) retry(t taskSeen) {
	if w.staff.retried == nil {
		w.staff.retried = map[string]int{}
	}
	if w.staff.retried[t.ID]++; w.staff.retried[t.ID] > 10 {
		w.fail("task %s (%s, about %s) is held again and again: %s %s", t.ID, t.Kind, t.Subject, t.ErrorCode, t.LastError)
	}
	s := w.ask(ask{method: http.MethodPost, path: "/v1/admin/tasks/" + t.ID + "/retry", token: w.staff.token})
	if !s.ok() && !s.lost() && s.code() != "task_state" {
		w.fail("retry %s %s: %s", t.Kind, t.ID, s)
	}
	w.seen["retried"]++
}

// refundSoon is a customer's letter.
func (s *staff) refundSoon(invoiceID string) { s.refunds = append(s.refunds, invoiceID) }

// workRefunds gives back what was asked for; what was never paid is refused, and that
// is the end of it.
func (w *world) workRefunds() {
	asked := w.staff.refunds
	w.staff.refunds = nil
	for _, id := range asked {
		to := []string{"method", "method", "credit"}[len(id)*int(id[len(id)-1])%3]
		s := w.ask(ask{
			method: http.MethodPost, path: "/v1/admin/invoices/" + id + "/refund", body: map[string]any{"reason": "asked for by the customer", "to": to},
			token: w.staff.token, key: "refund-" + id,
		})
		if s.lost() {
			w.staff.refunds = append(w.staff.refunds, id)
			continue
		}
		w.seen[fmt.Sprintf("refund %d %s", s.status, s.code())]++
	}
}
