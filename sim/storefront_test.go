package sim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// storefront is a client of the program over loopback. The program may be gone at any
// time.
type storefront struct {
	program *program
	token   string
	// address is where its user sits, as the proxy in front of the program says.
	address string
	// last is what it was answered last, for a test that fails.
	last said
}

var browser = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

func (s said) into(v any) { _ = json.Unmarshal(s.body, v) }

// ask makes one request; nothing is what a program that has gone says.
func (f *storefront) ask(method, path string, body any, key string) said {
	content, err := json.Marshal(body)
	if err != nil {
		return said{}
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(content)
	}
	r, err := http.NewRequestWithContext(f.program.t.Context(), method, "http://"+f.program.address+path, reader)
	if err != nil {
		return said{}
	}
	r.Header.Set("X-Forwarded-For", f.address)
	for name, value := range map[string]string{"Content-Type": "application/json", "Idempotency-Key": key} {
		if value != "" && body != nil {
			r.Header.Set(name, value)
		}
	}
	if f.token != "" {
		r.Header.Set("Authorization", "Bearer "+f.token)
	}
	response, err := browser.Do(r)
	if err != nil {
		return said{}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return said{}
	}
	f.program.answers.Add(1)
	f.last = said{response.StatusCode, answer}
	return f.last
}

// load is customers that buy one thing after the other.
type load struct {
	program *program
	enough  chan struct{}
	buying  sync.WaitGroup
}

// customers begins n of them.
func (p *program) customers(n int) *load {
	l := &load{program: p, enough: make(chan struct{})}
	for i := range n {
		l.buying.Go(func() { l.customer(i) })
	}
	return l
}

// finish lets everybody end what they began, and waits for them.
func (l *load) finish() {
	close(l.enough)
	l.buying.Wait()
}

func (l *load) customer(i int) {
	b := &buyer{storefront: storefront{program: l.program, address: fmt.Sprintf("192.0.2.%d", i+1)}, n: i}
	for bought := 0; ; bought++ {
		select {
		case <-l.enough:
			return
		case <-l.program.t.Context().Done():
			return
		default:
		}
		b.buy(bought)
		l.program.wait(200 * time.Millisecond)
	}
}

// buyer is one customer.
type buyer struct {
	storefront
	n       int
	refresh string
}

// another is the next customer, at another address.
func (b *buyer) another() {
	b.n += 100
	b.token, b.refresh, b.address = "", "", fmt.Sprintf("198.51.100.%d", b.n%250)
}

// insist repeats a step until it has an answer that it can use.
func (b *buyer) insist(what string, try func() bool) bool {
	for range 3000 {
		if try() {
			return true
		}
		if b.program.t.Context().Err() != nil {
			return false
		}
		b.program.wait(20 * time.Millisecond)
	}
	b.program.t.Errorf("customer %d gives up: %s; the last answer was %s", b.n, what, b.last)
	return false
}

// buy registers a name with hosting for it and pays.
func (b *buyer) buy(bought int) {
	name := fmt.Sprintf("k%d-%d.nl", b.n, bought)
	var products list[struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}]
	var quote struct {
		ID string `json:"id"`
	}
	var placed placed
	if !b.insist("products", func() bool {
		s := b.ask(http.MethodGet, "/v1/catalog/products?kind=hosting", nil, "")
		s.into(&products)
		return s.ok() && len(products.Items) > 0
	}) || !b.insist("sign in", func() bool { return b.token != "" || b.signIn() }) || !b.insist("quote", func() bool {
		s := b.ask(http.MethodPost, "/v1/quotes", map[string]any{"country": "NL", "lines": []map[string]any{
			{"action": "register", "domain": name, "years": 1}, {"product_id": products.Items[0].ID, "cycle": "month", "domain": name},
		}}, "")
		s.into(&quote)
		return b.heard(s)
	}) || !b.insist("order", func() bool {
		s := b.ask(http.MethodPost, "/v1/orders", b.form(quote.ID), "order-"+quote.ID)
		if s.status == http.StatusUnprocessableEntity || s.status == http.StatusConflict || s.status == http.StatusGone {
			b.program.count("order refused: " + s.code()) // its quote ran out while the program was away
			return true
		}
		if s.status == http.StatusTooManyRequests {
			b.program.count("enough ordered for one customer")
			b.another()
			return true
		}
		s.into(&placed)
		return b.heard(s)
	}) || placed.Invoice.ID == "" {
		return
	}
	b.pay(placed)
}

// heard says whether an answer is one to go on with; a session that ended is renewed.
func (b *buyer) heard(s said) bool {
	if s.status == http.StatusUnauthorized {
		b.signIn()
	}
	return s.ok()
}

// signIn renews the session, or begins one. A renewal whose answer is lost ends the
// session: the token is spent.
func (b *buyer) signIn() bool {
	const password = "a long enough password"
	email := fmt.Sprintf("k%d@example.org", b.n)
	b.token = ""
	if b.refresh != "" {
		spent := b.refresh
		b.refresh = ""
		if s := b.ask(http.MethodPost, "/v1/auth/token", map[string]any{"refresh_token": spent}, ""); s.ok() {
			return b.session(s)
		}
	}
	s := b.ask(http.MethodPost, "/v1/auth/login", map[string]any{"email": email, "password": password}, "")
	if s.status == http.StatusUnauthorized {
		s = b.ask(http.MethodPost, "/v1/auth/register", map[string]any{
			"email": email, "password": password, "first_name": "Anna", "last_name": "Visser", "country": "NL",
		}, "")
	}
	return b.session(s)
}

func (b *buyer) session(s said) bool {
	var tokens struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	s.into(&tokens)
	b.token, b.refresh = tokens.AccessToken, tokens.RefreshToken
	return s.ok()
}

func (b *buyer) form(quoteID string) map[string]any {
	return map[string]any{
		"quote_id": quoteID, "payment": paymentBody(),
		"consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"registrant": map[string]any{
			"type": "person", "first_name": "Anna", "last_name": "Visser", "email": fmt.Sprintf("k%d@example.org", b.n), "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		},
	}
}

// pay confirms at Stripe what the shop says is to be paid. An order that has lapsed
// meanwhile is not paid any more.
func (b *buyer) pay(placed placed) {
	payment := placed.Payment
	b.insist("pay", func() bool {
		if intent := payment.intent(); intent != "" {
			if b.program.stripe.Confirm(intent, "pm_card_visa") == nil {
				b.program.count("orders paid")
			}
			return true
		}
		s := b.ask(http.MethodPost, "/v1/invoices/"+placed.Invoice.ID+"/pay", paymentBody(), "")
		if s.status == http.StatusConflict || s.status == http.StatusTooManyRequests {
			return true
		}
		if b.heard(s) {
			payment = &paymentSeen{}
			s.into(payment)
			return payment.State == "succeeded"
		}
		return false
	})
}
