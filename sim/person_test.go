package sim_test

import (
	"fmt"
	"net/http"
	"time"
)

// person is a customer.
type person struct {
	world *world
	dice  *dice
	n     int
	email string
	token string
	id    string // the shop's, once they are a customer
	// names are those they ever asked for, to make new ones.
	names int
	// wishes are what they asked for with a key of its own.
	wishes int
	// forgetful never pays what is not charged by itself.
	forgetful bool
	// busy is set while an errand that must not be doubled goes on: paying an invoice.
	busy map[string]bool
}

// newcomer is somebody who comes upon the shop within the first month.
func (w *world) newcomer() {
	n := len(w.people)
	p := &person{
		world: w, n: n, dice: newDice(w.seed, uint64(1000+n)), email: fmt.Sprintf("p%d@example.org", n), busy: map[string]bool{},
	}
	p.forgetful = p.dice.happens(w.rates.people.never)
	w.people = append(w.people, p)
	w.agenda.add(w.Now().Add(p.dice.within(30*day)), "first purchase", p.shop)
}

// today is what they do on this day.
func (p *person) today(at func() time.Time) {
	w, h := p.world, p.world.rates.people
	plan := func(chance perMille, what string, do func()) {
		if p.dice.happens(chance) {
			w.agenda.add(at(), what, do)
		}
	}
	if p.token == "" {
		return // not a customer yet
	}
	plan(h.shops, "shop", p.shop)
	plan(h.moods, "mood", p.mood)
	plan(h.soft, "no money", p.runDry)
	plan(h.hard, "card lost", p.loseCard)
	plan(h.expires, "card expires", p.expireCard)
	plan(h.wants, "card wants them", p.strictCard)
	plan(h.saves, "top up", p.topUp)
	plan(h.gifts, "gift", func() { w.staff.gifts = append(w.staff.gifts, p) })
	plan(h.adds, "add a card", p.addCard)
	plan(h.tidies, "tidy cards", p.tidyCards)
	if !p.forgetful {
		plan(h.minds, "look after invoices", p.mind)
	}
}

// verdict is how far an errand came.
type verdict int

const (
	finished verdict = iota
	again            // nobody can tell, or it cannot be done now
)

// errand is something that takes several tries: when the shop does not answer, people
// try again some minutes later, and give up after a day or two.
func (p *person) errand(what string, try func() verdict) {
	w := p.world
	tries := 0
	var next func()
	next = func() {
		if try() == finished {
			return
		}
		if tries++; tries > 14 {
			w.seen["given up: "+what]++
			return
		}
		w.agenda.add(w.Now().Add(time.Minute<<min(tries, 8)+p.dice.within(time.Minute)), what, next)
	}
	next()
}

// ask is a call as this customer, who signs in when that is needed.
func (p *person) ask(method, path string, body any, key string) said {
	what := ask{method: method, path: path, body: body, key: key, token: p.token}
	if p.token != "" {
		if s := p.world.ask(what); s.status != http.StatusUnauthorized {
			return s
		}
	}
	if s := p.signIn(); !s.ok() {
		return s
	}
	what.token = p.token
	return p.world.ask(what)
}

// signIn opens the account, or a session of the one that is there.
func (p *person) signIn() said {
	const password = "a long enough password"
	s := p.world.ask(ask{method: http.MethodPost, path: "/v1/auth/login", body: map[string]any{"email": p.email, "password": password}})
	if s.status == http.StatusUnauthorized {
		s = p.world.ask(ask{method: http.MethodPost, path: "/v1/auth/register", body: map[string]any{
			"email": p.email, "password": password, "first_name": "Anna", "last_name": fmt.Sprintf("Visser %d", p.n), "country": p.country(),
		}})
	}
	if s.ok() {
		var tokens struct {
			AccessToken string `json:"access_token"`
			Customer    struct {
				ID string `json:"id"`
			} `json:"customer"`
		}
		p.world.read(s, &tokens)
		p.token, p.id = tokens.AccessToken, tokens.Customer.ID
	}
	return s
}

// country: most are at home, some elsewhere in the union, a few outside.
func (p *person) country() string { return []string{"NL", "NL", "NL", "NL", "DE", "BE", "US"}[p.n%7] }
