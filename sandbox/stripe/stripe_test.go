package stripe_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
	"hostfront/sandbox/stripe"
)

const key = "sk_test_standin"

type room struct {
	at     *clock.Manual
	stripe *stripe.Server
	url    string
	mu     *sync.Mutex
	hooks  *[]string
}

func open(t *testing.T) room {
	t.Helper()
	r := room{at: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)), mu: &sync.Mutex{}, hooks: &[]string{}}
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		var e struct{ Type string }
		r.mu.Lock()
		defer r.mu.Unlock()
		if json.Unmarshal(body, &e) == nil && q.Header.Get("Stripe-Signature") == stripe.Sign("whsec_x", body, r.at.Now()) {
			*r.hooks = append(*r.hooks, e.Type)
		}
	}))
	t.Cleanup(shop.Close)
	var err error
	r.stripe, err = stripe.New(stripe.Options{Clock: r.at, Key: key, WebhookSecret: "whsec_x", WebhookURL: shop.URL, WebhookBackoff: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r.stripe)
	t.Cleanup(server.Close)
	t.Cleanup(r.stripe.Close)
	r.url = server.URL
	return r
}

type answer struct {
	status   int
	replayed bool
	body     map[string]any
}

// fault is the error's code, or its type where it has none.
func (a answer) fault() string {
	e, _ := a.body["error"].(map[string]any)
	if code, ok := e["code"].(string); ok {
		return code
	}
	kind, _ := e["type"].(string)
	return kind
}

func (a answer) text(name string) string { s, _ := a.body[name].(string); return s }

func (r room) do(t *testing.T, method, path, params, idempotency string) answer {
	t.Helper()
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader(params)
	} else if params != "" {
		path += "?" + params
	}
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(key, "")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if idempotency != "" {
		req.Header.Set("Idempotency-Key", idempotency)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, replayed: resp.Header.Get("Idempotent-Replayed") == "true"}
	if err := json.NewDecoder(resp.Body).Decode(&a.body); err != nil {
		t.Fatal(err)
	}
	return a
}

func (r room) post(t *testing.T, path, params string) answer {
	t.Helper()
	return r.do(t, "POST", path, params, "")
}

func (r room) get(t *testing.T, path, params string) answer {
	t.Helper()
	return r.do(t, "GET", path, params, "")
}

const intentOf = "amount=1210&currency=eur&automatic_payment_methods[enabled]=true"

func TestWhatStripeRefusesIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	for name, tt := range map[string]struct {
		path, params, code string
		status             int
	}{
		"unknown parameter":     {"/v1/payment_intents", intentOf + "&colour=red", "parameter_unknown", 400},
		"missing amount":        {"/v1/payment_intents", "currency=eur", "parameter_missing", 400},
		"amount with a point":   {"/v1/payment_intents", "currency=eur&amount=12.10", "parameter_invalid_integer", 400},
		"a few cents":           {"/v1/payment_intents", "currency=eur&amount=12", "amount_too_small", 400},
		"unknown customer":      {"/v1/payment_intents", intentOf + "&customer=cus_x", "resource_missing", 400},
		"boolean in words":      {"/v1/payment_intents", "currency=eur&amount=99&confirm=yes", "parameter_invalid", 400},
		"off-session unasked":   {"/v1/payment_intents", intentOf + "&off_session=true", "invalid_request_error", 400},
		"two kinds of choice":   {"/v1/payment_intents", intentOf + "&payment_method_types[0]=card", "invalid_request_error", 400},
		"iDEAL in dollars":      {"/v1/payment_intents", "amount=99&currency=usd&payment_method_types[0]=ideal", "payment_intent_invalid_currency", 400},
		"expansion of anything": {"/v1/payment_intents", intentOf + "&expand[0]=everything", "invalid_request_error", 400},
		"unknown path":          {"/v1/unicorns", "", "url_invalid", 404},
		"unknown intent":        {"/v1/payment_intents/pi_x/cancel", "", "resource_missing", 404},
		"refund of nothing":     {"/v1/refunds", "", "parameter_missing", 400},
		"attach to nobody":      {"/v1/payment_methods/pm_card_visa/attach", "customer=cus_x", "resource_missing", 400},
		"wrong card number":     {"/v1/payment_methods", "type=card&card[number]=4242", "incorrect_number", 402},
	} {
		if a := r.post(t, tt.path, tt.params); a.status != tt.status || a.fault() != tt.code {
			t.Errorf("%s: %d %v", name, a.status, a.body)
		}
	}
	resp, err := http.Get(r.url + "/v1/customers")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a key: %d", resp.StatusCode)
	}
}

func TestIdempotencyKeysLastADayAndHoldOneRequest(t *testing.T) {
	t.Parallel()
	r := open(t)
	first := r.do(t, "POST", "/v1/payment_intents", intentOf, "k")
	again := r.do(t, "POST", "/v1/payment_intents", intentOf, "k")
	if first.replayed || !again.replayed || again.text("id") != first.text("id") {
		t.Fatalf("%v, then %v", first, again)
	}
	if a := r.do(t, "POST", "/v1/payment_intents", intentOf+"&description=x", "k"); a.status != 400 || a.fault() != "idempotency_error" {
		t.Fatalf("other parameters: %d %v", a.status, a.body)
	}
	r.at.Advance(24 * time.Hour)
	if a := r.do(t, "POST", "/v1/payment_intents", intentOf, "k"); a.replayed || a.text("id") == first.text("id") {
		t.Fatalf("a day later: %v", a)
	}
	if err := r.stripe.Faults().Add(mishap.Fault{Op: "POST /v1/customers", Kind: mishap.ErrorBefore, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if a := r.do(t, "POST", "/v1/customers", "email=a", "c"); a.status != 500 {
			t.Fatalf("a 500 is given again: %d", a.status)
		}
	}
	if n := len(r.stripe.Customers()); n != 0 {
		t.Fatalf("%d customers", n)
	}
}

func TestListsArePagedAndSearchLiesBehind(t *testing.T) {
	t.Parallel()
	r := open(t)
	customer := r.post(t, "/v1/customers", "email=ada@example.com&metadata[shop]=cus_1").text("id")
	var ids []string
	for range 3 {
		ids = append(ids, r.post(t, "/v1/payment_intents", intentOf+"&metadata[pay]=p1&customer="+customer).text("id"))
		r.at.Advance(time.Second)
	}
	firstPage := r.get(t, "/v1/payment_intents", "limit=2&customer="+customer)
	data := firstPage.body["data"].([]any)
	if len(data) != 2 || firstPage.body["has_more"] != true || data[0].(map[string]any)["id"] != ids[2] {
		t.Fatalf("first page %v", firstPage.body)
	}
	rest := r.get(t, "/v1/payment_intents", "limit=2&customer="+customer+"&starting_after="+ids[1])
	if data := rest.body["data"].([]any); len(data) != 1 || data[0].(map[string]any)["id"] != ids[0] || rest.body["has_more"] != false {
		t.Fatalf("last page %v", rest.body)
	}
	query := "query=" + url.QueryEscape("metadata['pay']:'p1'")
	if data := r.get(t, "/v1/payment_intents/search", query).body["data"].([]any); len(data) != 0 {
		t.Fatalf("search already knows %v", data)
	}
	r.at.Advance(time.Minute)
	if data := r.get(t, "/v1/payment_intents/search", query).body["data"].([]any); len(data) != 3 {
		t.Fatalf("a minute later search knows %v", data)
	}
	if a := r.get(t, "/v1/payment_intents/search", "query=amount>3"); a.status != 400 {
		t.Fatalf("a query that it cannot do: %v", a.body)
	}
}

func TestSetupIntentsSaveAMethod(t *testing.T) {
	t.Parallel()
	r := open(t)
	customer := r.post(t, "/v1/customers", "").text("id")
	s := r.post(t, "/v1/setup_intents", "customer="+customer+"&payment_method=pm_card_visa&confirm=true")
	if s.text("status") != "succeeded" {
		t.Fatalf("setup %v", s.body)
	}
	held := r.post(t, "/v1/setup_intents", "customer="+customer)
	if a := r.post(t, "/v1/setup_intents/"+held.text("id")+"/confirm", "payment_method=pm_card_chargeDeclined"); a.status != 402 || a.fault() != "card_declined" {
		t.Fatalf("a card that is refused: %v", a.body)
	}
	if a := r.post(t, "/v1/setup_intents/"+held.text("id")+"/confirm", "payment_method=pm_card_authenticationRequiredOnSetup"); a.text("status") != "requires_action" {
		t.Fatalf("a card that asks: %v", a.body)
	}
	if err := r.stripe.AuthenticateSetup(held.text("id")); err != nil {
		t.Fatal(err)
	}
	if data := r.get(t, "/v1/customers/"+customer+"/payment_methods", "type=card").body["data"].([]any); len(data) != 2 {
		t.Fatalf("saved %v", data)
	}
	// 0341 can be saved, and is refused when charged.
	fail := r.post(t, "/v1/setup_intents", "customer="+customer+"&payment_method=4000000000000341&confirm=true")
	charge := intentOf + "&customer=" + customer + "&confirm=true&off_session=true&payment_method="
	if a := r.post(t, "/v1/payment_intents", charge+fail.text("payment_method")); a.status != 402 || a.fault() != "card_declined" {
		t.Fatalf("charge of 0341: %v", a.body)
	}
	method := s.text("payment_method")
	if a := r.post(t, "/v1/payment_methods/"+method+"/detach", ""); a.status != 200 {
		t.Fatalf("detach: %v", a.body)
	}
	if a := r.post(t, "/v1/payment_intents", charge+method); a.status != 400 {
		t.Fatalf("charge of a detached method: %v", a.body)
	}
}

func TestMoneyIsSeenInChargesBalanceRefundsAndEvents(t *testing.T) {
	t.Parallel()
	r := open(t)
	id := r.post(t, "/v1/payment_intents", intentOf).text("id")
	if err := r.stripe.Confirm(id, "4000000000000002"); err == nil {
		t.Fatal("the card was taken")
	}
	if err := r.stripe.Confirm(id, "pm_card_mastercard"); err != nil {
		t.Fatal(err)
	}
	i := r.get(t, "/v1/payment_intents/"+id, "expand[]=latest_charge.balance_transaction&expand[]=payment_method")
	charge := i.body["latest_charge"].(map[string]any)
	balance := charge["balance_transaction"].(map[string]any)
	if balance["fee"] != 43.0 || i.body["payment_method"].(map[string]any)["type"] != "card" {
		t.Fatalf("intent %v", i.body)
	}
	if a := r.get(t, "/v1/balance_transactions/"+balance["id"].(string), ""); a.body["source"] != charge["id"] {
		t.Fatalf("balance %v", a.body)
	}
	if a := r.post(t, "/v1/refunds", "payment_intent="+id+"&amount=1211"); a.status != 400 {
		t.Fatalf("more than all: %v", a.body)
	}
	if a := r.post(t, "/v1/refunds", "payment_intent="+id+"&reason=requested_by_customer"); a.text("status") != "succeeded" {
		t.Fatalf("refund %v", a.body)
	}
	if a := r.post(t, "/v1/refunds", "payment_intent="+id); a.fault() != "charge_already_refunded" {
		t.Fatalf("refund again %v", a.body)
	}
	if m := r.stripe.Charges(); len(m) != 2 || m[0].Status != "failed" || m[1].Status != "succeeded" || r.stripe.Refunds()[0].Amount != 1210 {
		t.Fatalf("moved %+v and back %+v", m, r.stripe.Refunds())
	}
	events := r.get(t, "/v1/events", "type=payment_intent.succeeded").body["data"].([]any)
	event := events[0].(map[string]any)
	if a := r.get(t, "/v1/events/"+event["id"].(string), ""); len(events) != 1 || a.text("api_version") == "" {
		t.Fatalf("events %v", events)
	}
}

func TestWebhooksGoWrongAsTold(t *testing.T) {
	t.Parallel()
	r := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	pay := func() {
		if err := r.stripe.Confirm(r.post(t, "/v1/payment_intents", intentOf).text("id"), "pm_card_visa"); err != nil {
			t.Fatal(err)
		}
		if err := r.stripe.Quiet(ctx); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int { r.mu.Lock(); defer r.mu.Unlock(); return len(*r.hooks) }
	pay()
	if count() != 1 {
		t.Fatalf("webhooks %v", *r.hooks)
	}
	for _, tt := range []struct {
		order courier.Order
		want  int
	}{
		{courier.Order{Kind: courier.Twice, Times: 1}, 3},
		{courier.Order{Kind: courier.Never, Times: 1}, 3},
		{courier.Order{Kind: courier.Late, Times: 1, AfterMS: 1000}, 3},
	} {
		if err := r.stripe.Webhooks().Misdirect(tt.order); err != nil {
			t.Fatal(err)
		}
		pay()
		if count() != tt.want {
			t.Fatalf("%s: webhooks %v", tt.order.Kind, *r.hooks)
		}
	}
	if _, late := r.stripe.NextDue(); !late {
		t.Fatal("nothing is late")
	}
	r.at.Advance(time.Second)
	if err := r.stripe.Quiet(ctx); err != nil || count() != 4 {
		t.Fatalf("webhooks %v, %v", *r.hooks, err)
	}
}

func TestControlsActAsTheCustomer(t *testing.T) {
	t.Parallel()
	r := open(t)
	id := r.post(t, "/v1/payment_intents", intentOf).text("id")
	control := func(path, body string) int {
		resp, err := http.Post(r.url+"/_sandbox/"+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if s := control("intents/"+id+"/confirm", `{"payment_method":"ideal"}`); s != 200 {
		t.Fatalf("confirm: %d", s)
	}
	if s := control("intents/"+id+"/authenticate", `{"agreed":true}`); s != 200 {
		t.Fatalf("authenticate: %d", s)
	}
	if a := r.get(t, "/v1/payment_intents/"+id, ""); a.text("status") != "succeeded" {
		t.Fatalf("intent %v", a.body)
	}
	if s := control("intents/"+id+"/settle", `{}`); s != 422 {
		t.Fatalf("settle of what is settled: %d", s)
	}
	if s := control("faults", `{"faults":[{"kind":"rate_limit"}],"webhooks":[{"kind":"never"}]}`); s != 200 {
		t.Fatalf("faults: %d", s)
	}
	if a := r.get(t, "/v1/customers", ""); a.status != 429 {
		t.Fatalf("told to refuse: %d", a.status)
	}
}

func TestAFaultIsAboutAnOperationThatThereIs(t *testing.T) {
	t.Parallel()
	r := open(t)
	for body, want := range map[string]int{
		`{"faults":[{"op":"POST /v1/payment_intents","kind":"slow","times":1}]}`: http.StatusOK,
		`{"faults":[{"kind":"rate_limit","times":1}]}`:                           http.StatusOK,
		`{"faults":[{"op":"payment_intents.create","kind":"slow","times":1}]}`:   http.StatusUnprocessableEntity,
		`{"faults":[{"op":"POST /v1/payment_intents","kind":"sulk"}]}`:           http.StatusUnprocessableEntity,
	} {
		request := httptest.NewRequest(http.MethodPost, "/_sandbox/faults", strings.NewReader(body))
		said := httptest.NewRecorder()
		r.stripe.ServeHTTP(said, request)
		if said.Code != want {
			t.Errorf("%s: %d %s, want %d", body, said.Code, said.Body, want)
		}
	}
}
