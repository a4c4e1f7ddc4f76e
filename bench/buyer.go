package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hostfront/account"
)

// buyer is a storefront: it takes the main road over HTTP as a customer does.
type buyer struct {
	world *world
	http  *http.Client
	token string
}

// storefront is a client that keeps its connections.
func storefront(conns int) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.DisableCompression = conns, true
	return &http.Client{
		Timeout: time.Minute, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newBuyer registers a customer.
func (w *world) newBuyer(ctx context.Context, client *http.Client, n int) (*buyer, error) {
	tokens, _, err := w.app.Accounts.Register(ctx, account.Registration{
		Email: fmt.Sprintf("buyer%d@example.com", n), FirstName: "Anna", LastName: "Visser", Country: "NL",
	})
	if err != nil {
		return nil, fmt.Errorf("register a buyer: %w", err)
	}
	return &buyer{world: w, http: client, token: tokens.AccessToken}, nil
}

// basket is what is bought.
type basket struct {
	productID, domain string
	// register buys the domain too.
	register bool
	// saveMethod keeps the card for the renewals.
	saveMethod bool
}

// bought is an order as the storefront sees it.
type bought struct {
	Order struct {
		ID    string `json:"id"`
		State string `json:"state"`
		Lines []struct {
			ID string `json:"id"`
		} `json:"lines"`
	} `json:"order"`
	Payment struct {
		NextAction struct {
			URL string `json:"url"`
		} `json:"next_action"`
	} `json:"payment"`
}

// order quotes the basket and orders it.
func (b *buyer) order(ctx context.Context, what basket) (bought, error) {
	var quote struct {
		ID string `json:"id"`
	}
	var placed bought
	lines := []map[string]any{{"product_id": what.productID, "cycle": "month", "domain": what.domain}}
	if what.register {
		lines = append([]map[string]any{{"action": "register", "domain": what.domain, "years": 1}}, lines...)
	}
	if err := b.post(ctx, "/v1/quotes", map[string]any{"country": "NL", "lines": lines}, &quote); err != nil {
		return placed, err
	}
	body := map[string]any{
		"quote_id": quote.ID, "consents": map[string]bool{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"payment": map[string]any{"gateway": "sandbox", "return_url": "http://shop.example/thanks", "save_method": what.saveMethod},
	}
	if what.register {
		body["registrant"] = map[string]string{
			"type": "person", "first_name": "Anna", "last_name": "Visser", "email": "anna@example.com", "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		}
	}
	return placed, b.post(ctx, "/v1/orders", body, &placed)
}

// pay presses the button of the provider's page; the webhook follows.
func (b *buyer) pay(ctx context.Context, placed bought) error {
	form := url.Values{"choice": {"pay"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, placed.Payment.NextAction.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(request, http.StatusSeeOther, nil)
}

func (b *buyer) post(ctx context.Context, path string, body, answer any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.world.url+path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+b.token)
	if path == "/v1/orders" {
		request.Header.Set("Idempotency-Key", b.world.app.Store.NewID("key"))
	}
	return b.do(request, http.StatusCreated, answer)
}

func (b *buyer) do(request *http.Request, want int, answer any) error {
	response, err := b.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != want {
		return fmt.Errorf("%s %s answered %d: %s", request.Method, request.URL.Path, response.StatusCode, body)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(body, answer)
}
