package sim_test

import (
	"fmt"
	"net/http"
	"time"
)

// subscriptionSeen is a subscription as the storefront shows it.
type subscriptionSeen struct {
	ID        string     `json:"id"`
	State     string     `json:"state"`
	ProductID string     `json:"product_id"`
	Cycle     string     `json:"cycle"`
	EndsAt    *time.Time `json:"ends_at"`
}

// moods are what customers do with a subscription: each says whether it is for that
// one, and how.
var moods = []struct {
	what string
	fits func(subscriptionSeen) bool
	do   func(*person, subscriptionSeen) said
}{
	{"cancel", goesOn, func(p *person, s subscriptionSeen) said {
		return p.act(s, "cancel", map[string]any{"at": "period_end"})
	}},
	{"cancel now", goesOn, func(p *person, s subscriptionSeen) said { return p.act(s, "cancel", map[string]any{"at": "now"}) }},
	{"uncancel", func(s subscriptionSeen) bool { return s.EndsAt != nil }, func(p *person, s subscriptionSeen) said { return p.act(s, "uncancel", nil) }},
	{"pause", hosts, func(p *person, s subscriptionSeen) said { return p.act(s, "pause", nil) }},
	{"resume", func(s subscriptionSeen) bool { return s.State == "paused" }, func(p *person, s subscriptionSeen) said { return p.act(s, "resume", nil) }},
	{"change", hosts, (*person).change},
	{"change", hosts, (*person).change},
}

func goesOn(s subscriptionSeen) bool { return s.State != "cancelled" && s.EndsAt == nil }
func hosts(s subscriptionSeen) bool  { return goesOn(s) && s.ProductID != "" && s.State != "paused" }

// mood has a customer do something with one of their subscriptions; whoever has paused
// one is likelier to think of it again.
func (p *person) mood() {
	p.errand("mood", func() verdict {
		s := p.ask(http.MethodGet, "/v1/subscriptions?limit=50", nil, "")
		if !s.ok() {
			return again
		}
		var page list[subscriptionSeen]
		p.world.read(s, &page)
		if len(page.Items) == 0 {
			return finished
		}
		first := p.dice.IntN(len(page.Items))
		for i := range page.Items {
			sub := page.Items[(first+i)%len(page.Items)]
			chosen := moods[p.dice.IntN(len(moods))]
			if !chosen.fits(sub) {
				continue
			}
			if answer := chosen.do(p, sub); answer.lost() {
				return again
			} else {
				p.world.seen[fmt.Sprintf("%s: %d %s", chosen.what, answer.status, answer.code())]++
			}
			return finished
		}
		return finished
	})
}

func (p *person) act(s subscriptionSeen, what string, body any) said {
	return p.ask(http.MethodPost, "/v1/subscriptions/"+s.ID+"/"+what, body, "")
}

// change is another product or cycle: looked at first, and taken up as it was shown.
func (p *person) change(s subscriptionSeen) said {
	w := p.world
	body := map[string]any{"product_id": w.productOf(p.dice.IntN(len(products()))), "cycle": []string{"month", "year"}[p.dice.IntN(2)]}
	if p.dice.happens(300) {
		body["at"] = "period_end"
	}
	shown := p.act(s, "change/preview", body)
	if !shown.ok() {
		return shown
	}
	var preview struct {
		AsOf  time.Time `json:"as_of"`
		Token string    `json:"token"`
	}
	w.read(shown, &preview)
	body["as_of"], body["token"] = preview.AsOf, preview.Token
	p.wishes++
	key := fmt.Sprintf("change-%d", p.wishes)
	made := p.ask(http.MethodPost, "/v1/subscriptions/"+s.ID+"/change", body, key)
	for tries := 0; made.lost() && tries < 3 && !w.power.dead(); tries++ {
		made = p.ask(http.MethodPost, "/v1/subscriptions/"+s.ID+"/change", body, key)
	}
	if made.ok() {
		var change struct {
			InvoiceID string `json:"invoice_id"`
		}
		w.read(made, &change)
		if change.InvoiceID != "" && p.dice.happens(800) {
			w.agenda.add(w.Now().Add(p.dice.within(6*time.Hour)), "pay the change", func() { p.pay(change.InvoiceID, nil) })
		}
	}
	return made
}
