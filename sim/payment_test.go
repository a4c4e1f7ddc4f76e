package sim_test

import (
	"net/http"
	"time"
)

// pay goes to the browser with an invoice, when it is known what to confirm there.
func (p *person) pay(invoiceID string, s *paymentSeen) {
	if p.busy[invoiceID] || s != nil && s.State == "succeeded" {
		return
	}
	p.busy[invoiceID] = true
	p.errand("pay", func() verdict {
		if intent := s.intent(); intent != "" {
			p.world.agenda.add(p.world.Now().Add(p.dice.between(5*time.Second, 3*time.Minute)), "browser", func() { p.browse(invoiceID, intent) })
			return finished
		}
		answer := p.ask(http.MethodPost, "/v1/invoices/"+invoiceID+"/pay", paymentBody(), "")
		switch {
		case answer.lost() || answer.status == http.StatusTooManyRequests:
			return again
		case !answer.ok():
			// It is paid, void, or a payment is processing: nothing to do.
			p.world.seen["pay refused: "+answer.code()]++
			p.busy[invoiceID] = false
			return finished
		}
		s = &paymentSeen{}
		p.world.read(answer, s)
		if s.State == "succeeded" || s.State == "processing" {
			p.busy[invoiceID] = false
			return finished
		}
		return again
	})
}

// browse is the customer before Stripe's form: a card that works, one that does not,
// their bank's question, or lunch.
func (p *person) browse(invoiceID, intent string) {
	w, h := p.world, p.world.rates.people
	p.busy[invoiceID] = false
	switch p.dice.choice(h.leaves, h.declined, h.asked, h.ideal) {
	case 0:
		w.seen["browser left"]++
	case 1:
		w.seen["browser declined"]++
		if w.stripe.Confirm(intent, "pm_card_chargeDeclined") == nil || p.dice.happens(300) {
			return
		}
		w.agenda.add(w.Now().Add(p.dice.between(10*time.Second, 5*time.Minute)), "second card", func() { p.confirm(intent, "pm_card_visa") })
	case 2:
		p.confirm(intent, "pm_card_threeDSecure2Required")
		p.answerBank(intent)
	case 3:
		p.confirm(intent, "ideal")
		p.answerBank(intent)
	default:
		p.confirm(intent, "pm_card_visa")
	}
}

// confirm is the browser's call. An intent that was cancelled or paid meanwhile
// refuses it, as it should.
func (p *person) confirm(intent, method string) {
	if err := p.world.stripe.Confirm(intent, method); err != nil {
		p.world.seen["confirm refused"]++
		return
	}
	p.world.seen["confirmed "+method]++
}

// answerBank is the customer at their bank.
func (p *person) answerBank(intent string) {
	w := p.world
	agreed := p.dice.happens(900)
	if p.dice.happens(100) {
		return // they never come back
	}
	w.agenda.add(w.Now().Add(p.dice.between(10*time.Second, 20*time.Minute)), "bank", func() {
		if err := w.stripe.Authenticate(intent, agreed); err != nil {
			w.seen["bank too late"]++
		}
	})
}

// mind looks after invoices that are open: they were not charged, or the charge was
// declined.
func (p *person) mind() {
	p.errand("mind", func() verdict {
		s := p.ask(http.MethodGet, "/v1/invoices?limit=20", nil, "")
		if !s.ok() {
			return again
		}
		var page list[struct {
			ID    string    `json:"id"`
			State string    `json:"state"`
			Kind  string    `json:"kind"`
			DueAt time.Time `json:"due_at"`
		}]
		p.world.read(s, &page)
		for _, i := range page.Items {
			if i.State == "open" && i.Kind == "renewal" && i.DueAt.Before(p.world.Now()) {
				if p.dice.happens(200) && p.useCredit(i.ID).lost() {
					return again
				}
				p.world.seen["paid by hand"]++
				p.pay(i.ID, nil)
			}
		}
		return finished
	})
}
