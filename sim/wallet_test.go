package sim_test

import (
	"fmt"
	"net/http"
	"time"
)

// methodSeen is a saved method as the storefront shows it.
type methodSeen struct {
	ID      string `json:"id"`
	Default bool   `json:"default"`
}

// addCard saves a new card without a payment; it is charged from then on, and what is
// open at once.
func (p *person) addCard() {
	p.wishes++
	key := fmt.Sprintf("card-%d", p.wishes)
	p.errand("add a card", func() verdict {
		s := p.ask(http.MethodPost, "/v1/payment-methods", map[string]any{"gateway": "stripe", "return_url": shopAddress + "/cards"}, key)
		if s.lost() || s.status == http.StatusTooManyRequests {
			return again
		}
		if !s.ok() {
			p.world.seen["card refused: "+s.code()]++
			return finished
		}
		setup := &paymentSeen{}
		p.world.read(s, setup)
		intent := setup.intent()
		if intent == "" {
			if setup.State == "pending" {
				return again
			}
			return finished
		}
		p.world.agenda.add(p.world.Now().Add(p.dice.between(5*time.Second, 2*time.Minute)), "card form", func() { p.enterCard(intent) })
		return finished
	})
}

// enterCard is the customer before Stripe's form for a card.
func (p *person) enterCard(intent string) {
	w := p.world
	card := []string{"pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail", "pm_card_authenticationRequiredOnSetup", "pm_card_chargeDeclined"}[p.dice.choice(500, 200, 100, 100)]
	if err := w.stripe.ConfirmSetup(intent, card); err != nil {
		w.seen["card not taken"]++
		return
	}
	w.seen["card added: "+card]++
	if card == "pm_card_authenticationRequiredOnSetup" && w.stripe.AuthenticateSetup(intent) == nil {
		w.seen["card authenticated"]++
	}
}

// tidyCards makes another saved method the default, or forgets one.
func (p *person) tidyCards() {
	p.errand("tidy cards", func() verdict {
		s := p.ask(http.MethodGet, "/v1/payment-methods", nil, "")
		if !s.ok() {
			return again
		}
		var page list[methodSeen]
		p.world.read(s, &page)
		if len(page.Items) == 0 {
			return finished
		}
		chosen := page.Items[p.dice.IntN(len(page.Items))]
		method, path, what := http.MethodPost, "/v1/payment-methods/"+chosen.ID+"/default", "card chosen"
		if p.dice.happens(400) {
			method, path, what = http.MethodDelete, "/v1/payment-methods/"+chosen.ID, "card removed"
		}
		if s := p.ask(method, path, nil, ""); s.lost() {
			return again
		}
		p.world.seen[what]++
		return finished
	})
}
