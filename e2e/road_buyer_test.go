package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

const password = "a long enough password"

// buyer is a customer with a browser and a storefront. The process it talks to may
// be gone when it asks next.
type buyer struct {
	t     *testing.T
	w     *apptest.World
	email string
	token string
	http  *http.Client
}

func newBuyer(t *testing.T, w *apptest.World, email string) *buyer {
	t.Helper()
	return &buyer{t: t, w: w, email: email, http: &http.Client{
		Timeout:       time.Minute,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// reply is what the shop said; Status is 0 when it said nothing.
type reply struct {
	Status int
	Body   []byte
}

func (r reply) ok() bool { return r.Status >= 200 && r.Status < 300 }

// code is the stable code of a problem.
func (r reply) code() string {
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(r.Body, &problem)
	return problem.Code
}

func (r reply) String() string { return fmt.Sprintf("%d %s", r.Status, r.Body) }

// send makes one request with a token and an Idempotency-Key, both of which may be
// empty.
func (b *buyer) send(what request) reply {
	var body io.Reader
	if what.body != nil {
		content, err := json.Marshal(what.body)
		b.must(err)
		body = bytes.NewReader(content)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), what.method, b.w.URL+what.path, body)
	b.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if what.token != "" {
		r.Header.Set("Authorization", "Bearer "+what.token)
	}
	if what.key != "" {
		r.Header.Set("Idempotency-Key", what.key)
	}
	response, err := b.http.Do(r)
	if err != nil {
		return reply{}
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}
	}
	return reply{response.StatusCode, content}
}

type request struct {
	method, path string
	body         any
	token, key   string
}

func (b *buyer) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// ask makes a request as the customer, signing in again when the session has ended.
func (b *buyer) ask(method, path string, body any, key string) reply {
	b.t.Helper()
	what := request{method: method, path: path, body: body, key: key, token: b.token}
	r := b.send(what)
	if r.Status == http.StatusUnauthorized && b.signIn() {
		what.token = b.token
		r = b.send(what)
	}
	return r
}

// read is a GET that must be answered.
func (b *buyer) read(path string, into any) {
	b.t.Helper()
	r := b.ask(http.MethodGet, path, nil, "")
	if !r.ok() {
		b.t.Fatalf("GET %s: %s", path, r)
	}
	if raw, is := into.(*[]byte); is {
		*raw = r.Body
		return
	}
	b.must(json.Unmarshal(r.Body, into))
}

// staff makes a request as the operator.
func (b *buyer) staff(method, path string, body, into any) reply {
	b.t.Helper()
	r := b.send(request{method: method, path: path, body: body, token: b.w.AdminToken})
	if into != nil {
		if !r.ok() {
			b.t.Fatalf("%s %s: %s", method, path, r)
		}
		b.must(json.Unmarshal(r.Body, into))
	}
	return r
}

// register opens the account, or signs in when a former try had opened it.
func (b *buyer) register() bool {
	r := b.send(request{method: http.MethodPost, path: "/v1/auth/register", body: map[string]any{
		"email": b.email, "password": password, "first_name": "Anna", "last_name": "Visser", "country": "NL",
	}})
	if r.code() == "email_taken" {
		return b.signIn()
	}
	return b.session(r)
}

func (b *buyer) signIn() bool {
	return b.session(b.send(request{method: http.MethodPost, path: "/v1/auth/login", body: map[string]any{
		"email": b.email, "password": password,
	}}))
}

func (b *buyer) session(r reply) bool {
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	if !r.ok() || json.Unmarshal(r.Body, &tokens) != nil {
		return false
	}
	b.token = tokens.AccessToken
	return true
}

// quote asks what lines cost.
func (b *buyer) quote(lines ...map[string]any) (quoted, reply) {
	b.t.Helper()
	r := b.ask(http.MethodPost, "/v1/quotes", map[string]any{"country": "NL", "lines": lines}, "")
	var q quoted
	if r.ok() {
		b.must(json.Unmarshal(r.Body, &q))
	}
	return q, r
}

// order places an order for a quote.
func (b *buyer) order(quoteID, key, gateway string) (placed, reply) {
	b.t.Helper()
	r := b.ask(http.MethodPost, "/v1/orders", map[string]any{
		"quote_id": quoteID,
		"registrant": map[string]any{
			"type": "person", "first_name": "Anna", "last_name": "Visser", "email": b.email, "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		},
		"consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"payment":  paymentBody(gateway),
	}, key)
	var p placed
	if r.ok() {
		b.must(json.Unmarshal(r.Body, &p))
	}
	return p, r
}

func paymentBody(gateway string) map[string]any {
	if gateway == "transfer" {
		return map[string]any{"gateway": gateway}
	}
	return map[string]any{"gateway": gateway, "return_url": "http://shop.example/thanks", "save_method": true}
}

// press presses the pay button of the provider's page, as a browser does. What
// the shop does about it is waited for.
func (b *buyer) press(page string) bool {
	b.t.Helper()
	form := url.Values{"choice": {string(pay.ChoosePay)}}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, page, strings.NewReader(form.Encode()))
	b.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := b.http.Do(r)
	b.must(err)
	response.Body.Close()
	b.must(b.w.Pay.Quiet(b.t.Context()))
	return response.StatusCode == http.StatusSeeOther
}

// registration and hosting are lines of a quote.
func registration(name string) map[string]any {
	return map[string]any{"action": "register", "domain": name, "years": 1}
}

func (b *buyer) hosting(name string) map[string]any {
	b.t.Helper()
	var page list[struct {
		ID     string `json:"id"`
		Cycles []struct {
			Cycle string `json:"cycle"`
		} `json:"cycles"`
	}]
	b.read("/v1/catalog/products?kind=hosting&limit=100", &page)
	for _, p := range page.Items {
		for _, c := range p.Cycles {
			if c.Cycle == "month" {
				return map[string]any{"product_id": p.ID, "cycle": "month", "domain": name}
			}
		}
	}
	b.t.Fatal("nothing is sold by the month")
	return nil
}

// The answers of the API, as far as these tests look at them.

type list[T any] struct {
	Items []T `json:"items"`
}

type quoted struct {
	ID    string       `json:"id"`
	Net   money.Amount `json:"net"`
	VAT   money.Amount `json:"vat"`
	Gross money.Amount `json:"gross"`
}

type placed struct {
	Order   orderSeen   `json:"order"`
	Invoice invoiceSeen `json:"invoice"`
	Payment struct {
		ID         string       `json:"id"`
		State      string       `json:"state"`
		Amount     money.Amount `json:"amount"`
		NextAction *struct {
			Type string `json:"type"`
			URL  string `json:"url"`
		} `json:"next_action"`
	} `json:"payment"`
}

type orderSeen struct {
	ID        string       `json:"id"`
	Number    string       `json:"number"`
	State     string       `json:"state"`
	InvoiceID string       `json:"invoice_id"`
	Gross     money.Amount `json:"gross"`
	Lines     []lineSeen   `json:"lines"`
}

type lineSeen struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind"`
	State     string       `json:"state"`
	Code      string       `json:"code"`
	ServiceID string       `json:"service_id"`
	Gross     money.Amount `json:"gross"`
}

type invoiceSeen struct {
	ID         string       `json:"id"`
	Kind       string       `json:"kind"`
	Number     string       `json:"number"`
	State      string       `json:"state"`
	Subject    string       `json:"subject"`
	CorrectsID string       `json:"corrects_id"`
	Net        money.Amount `json:"net"`
	VAT        money.Amount `json:"vat"`
	Gross      money.Amount `json:"gross"`
	Paid       money.Amount `json:"paid"`
	DueAt      time.Time    `json:"due_at"`
}

type serviceSeen struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	State string `json:"state"`
}

type subscriptionSeen struct {
	ID               string       `json:"id"`
	ServiceID        string       `json:"service_id"`
	Cycle            string       `json:"cycle"`
	State            string       `json:"state"`
	Price            money.Amount `json:"price"`
	CurrentPeriodEnd time.Time    `json:"current_period_end"`
	NextInvoiceAt    time.Time    `json:"next_invoice_at"`
}

type taskSeen struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	State     string `json:"state"`
	Subject   string `json:"subject"`
	ErrorCode string `json:"error_code"`
	LastError string `json:"last_error"`
}
