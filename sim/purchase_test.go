package sim_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// purchase is one walk through the shop.
type purchase struct {
	*person
	lines   []map[string]any
	quoteID string
	key     string
	placed  placed
	quotes  int
}

type placed struct {
	Order struct {
		ID string `json:"id"`
	} `json:"order"`
	Invoice struct {
		ID string `json:"id"`
	} `json:"invoice"`
	Payment *paymentSeen `json:"payment"`
}

type paymentSeen struct {
	ID         string `json:"id"`
	State      string `json:"state"`
	NextAction *struct {
		ClientSecret string `json:"client_secret"`
	} `json:"next_action"`
}

// intent is what the browser is to confirm; empty when there is nothing yet.
func (s *paymentSeen) intent() string {
	if s == nil || s.NextAction == nil {
		return ""
	}
	id, _, _ := strings.Cut(s.NextAction.ClientSecret, "_secret_")
	return id
}

// shop buys something.
func (p *person) shop() {
	b := &purchase{person: p, lines: p.basket()}
	p.errand("buy", b.order)
}

// basket is what they want: a name, hosting for a name of theirs, or both.
func (p *person) basket() []map[string]any {
	w, h := p.world, p.world.rates.people
	p.names++
	name := fmt.Sprintf("s%d-p%d-%d.%s", w.seed, p.n, p.names, []string{"nl", "nl", "com", "shop"}[p.dice.IntN(4)])
	register := map[string]any{"action": "register", "domain": name, "years": 1}
	switch p.dice.choice(h.hosting, h.name, h.transfer) {
	case 0:
		return []map[string]any{p.hosting(name)}
	case 1:
		return []map[string]any{register}
	case 2:
		code := "good-code-123"
		if p.dice.happens(200) {
			code = "wrong-code-123"
		}
		return []map[string]any{{"action": "transfer", "domain": name, "auth_code": code}, p.hosting(name)}
	}
	return []map[string]any{register, p.hosting(name)}
}

// hosting is a package for a name.
func (p *person) hosting(name string) map[string]any {
	products, cycles := [][]string{{"month"}, {"month", "year"}}, p.dice.IntN(2)
	cycle := products[cycles][p.dice.IntN(len(products[cycles]))]
	return map[string]any{"product_id": p.world.productOf(cycles), "cycle": cycle, "domain": name}
}

// productOf is the shop's id of a product, by its place on the upstream's list.
func (w *world) productOf(n int) string {
	var page list[struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}]
	s := w.ask(ask{method: http.MethodGet, path: "/v1/catalog/products?kind=hosting&limit=100"})
	if s.ok() {
		w.read(s, &page)
	}
	for _, product := range page.Items {
		if product.Name == products()[n].Name {
			return product.ID
		}
	}
	return ""
}

// order quotes and orders, and goes on to the browser when it knows what to pay.
func (b *purchase) order() verdict {
	w := b.world
	if b.quoteID == "" {
		if b.quotes++; b.quotes > 3 {
			w.seen["not for sale"]++
			return finished
		}
		s := b.ask(http.MethodPost, "/v1/quotes", map[string]any{"country": b.country(), "lines": b.lines}, "")
		if !s.ok() {
			w.seen[fmt.Sprintf("quote refused: %d %s", s.status, s.code())]++
			return again
		}
		var quote struct {
			ID string `json:"id"`
		}
		w.read(s, &quote)
		b.quoteID, b.key = quote.ID, "order-"+quote.ID
	}
	s := b.ask(http.MethodPost, "/v1/orders", b.form(), b.key)
	switch {
	case s.lost() || s.status == http.StatusUnauthorized:
		return again
	case !s.ok():
		b.quoteID = "" // it has expired, or a name has gone meanwhile
		w.seen["order refused: "+s.code()]++
		return again
	}
	w.read(s, &b.placed)
	w.seen["orders"]++
	b.person.pay(b.placed.Invoice.ID, b.placed.Payment)
	if b.dice.happens(w.rates.people.refunds) {
		w.agenda.add(w.Now().Add(b.dice.between(day, 20*day)), "refund", func() { w.staff.refundSoon(b.placed.Invoice.ID) })
	}
	w.agenda.add(w.Now().Add(b.dice.between(time.Hour, 3*day)), "look at the order", func() { b.errand("mend", b.mend) })
	return finished
}

func (b *purchase) form() map[string]any {
	return map[string]any{
		"quote_id": b.quoteID,
		"registrant": map[string]any{
			"type": "person", "first_name": "Anna", "last_name": fmt.Sprintf("Visser %d", b.n), "email": b.email, "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		},
		"consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"payment":  paymentBody(),
	}
}

func paymentBody() map[string]any {
	return map[string]any{"gateway": "stripe", "return_url": shopAddress + "/thanks", "save_method": true}
}

// mend looks whether a line wants its customer, and gives it what it wants: half of
// them do, the others get their money back after a while.
func (b *purchase) mend() verdict {
	s := b.ask(http.MethodGet, "/v1/orders/"+b.placed.Order.ID, nil, "")
	if !s.ok() {
		return again
	}
	var order struct {
		Lines []struct {
			ID     string `json:"id"`
			Kind   string `json:"kind"`
			State  string `json:"state"`
			Code   string `json:"code"`
			Domain string `json:"domain"`
		} `json:"lines"`
	}
	b.world.read(s, &order)
	for _, l := range order.Lines {
		if l.State != "action_required" || b.dice.happens(400) {
			continue
		}
		body := map[string]any{}
		switch l.Kind {
		case "transfer":
			body["auth_code"] = "good-code-456"
		case "hosting":
			b.names++
			body["domain"] = fmt.Sprintf("s%d-p%d-%d.nl", b.world.seed, b.n, b.names)
		}
		said := b.ask(http.MethodPost, "/v1/orders/"+b.placed.Order.ID+"/lines/"+l.ID+"/retry", body, "")
		b.world.seen[fmt.Sprintf("mended %s %s: %d %s", l.Kind, l.Code, said.status, said.code())]++
		if said.lost() {
			return again
		}
	}
	return finished
}
