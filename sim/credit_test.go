package sim_test

import (
	"fmt"
	"net/http"

	"hostfront/money"
)

// topUp buys credit, which later renewals take first.
func (p *person) topUp() {
	p.wishes++
	key, amount := fmt.Sprintf("top-up-%d", p.wishes), money.New(int64(500+p.dice.IntN(5000)), money.EUR)
	p.errand("top up", func() verdict {
		s := p.ask(http.MethodPost, "/v1/credit/top-ups", map[string]any{"amount": amount, "payment": paymentBody()}, key)
		if s.lost() || s.status == http.StatusTooManyRequests {
			return again
		}
		if !s.ok() {
			p.world.seen["top-up refused: "+s.code()]++
			return finished
		}
		var bought placed
		p.world.read(s, &bought)
		p.world.seen["credit bought"]++
		p.pay(bought.Invoice.ID, bought.Payment)
		return finished
	})
}

// useCredit pays an open invoice from the credit, as far as it goes.
func (p *person) useCredit(invoiceID string) said {
	p.wishes++
	s := p.ask(http.MethodPost, "/v1/invoices/"+invoiceID+"/apply-credit", map[string]any{}, fmt.Sprintf("credit-%d", p.wishes))
	p.world.seen[fmt.Sprintf("credit used: %d %s", s.status, s.code())]++
	return s
}

// workGifts is staff being kind: some credit runs out, some is paid out again.
func (w *world) workGifts() {
	gifts := w.staff.gifts
	w.staff.gifts = nil
	for _, p := range gifts {
		if p.id == "" {
			continue
		}
		path, body := "/v1/admin/customers/"+p.id+"/credit", map[string]any{"amount": money.New(int64(100+w.dice.IntN(900)), money.EUR), "reason": "a bad week"}
		if w.dice.happens(500) {
			body["expires_at"] = w.Now().Add(w.dice.between(5*day, 60*day))
		}
		if w.dice.happens(200) {
			path, body = path+"/refund", map[string]any{"reason": "asked for by the customer"}
		}
		w.staff.notes++
		s := w.ask(ask{method: http.MethodPost, path: path, body: body, token: w.staff.token, key: fmt.Sprintf("gift-%d", w.staff.notes)})
		if s.lost() {
			w.staff.gifts = append(w.staff.gifts, p)
			continue
		}
		w.seen[fmt.Sprintf("gift %d %s", s.status, s.code())]++
	}
}
