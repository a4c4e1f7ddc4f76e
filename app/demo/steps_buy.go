package demo

import (
	"context"
	"fmt"
	"net/http"
)

// The customer of the tour.
const (
	tourEmail    = "tour@example.com"
	tourPassword = "a long enough password"
)

func (w *walk) products(ctx context.Context) (string, error) {
	var page list[product]
	if err := w.guest.get(ctx, "/v1/catalog/products?kind=hosting&limit=100", &page); err != nil {
		return "", err
	}
	for _, p := range page.Items {
		price, ok := p.cycle("month")
		if ok && w.hosting.ID == "" && p.Category != "hosting_forward" && p.Category != "hosting_dns" {
			w.hosting, w.monthly = p, price.String()
		}
	}
	if w.hosting.ID == "" {
		return "", fmt.Errorf("none of %d products is sold by the month", len(page.Items))
	}
	return fmt.Sprintf("%d products; %s for %s a month", len(page.Items), w.hosting.Name, w.monthly), nil
}

func (w *walk) tlds(ctx context.Context) (string, error) {
	count, cursor := 0, ""
	for {
		var page list[struct {
			TLD string `json:"tld"`
		}]
		if err := w.guest.get(ctx, "/v1/catalog/tlds?limit=100&cursor="+cursor, &page); err != nil {
			return "", err
		}
		count += len(page.Items)
		if page.NextCursor == "" {
			break
		}
		cursor = page.NextCursor
	}
	if count < 1000 {
		return "", fmt.Errorf("only %d TLDs are sold", count)
	}
	return fmt.Sprintf("%d TLDs", count), nil
}

func (w *walk) check(ctx context.Context) (string, error) {
	var answer list[checked]
	if err := w.guest.get(ctx, "/v1/domains/check?name="+w.domain+"&name=not_a_name.nl", &answer); err != nil {
		return "", err
	}
	if len(answer.Items) != 2 || answer.Items[0].Status != "available" || answer.Items[0].Price == nil {
		return "", fmt.Errorf("%s should be available at a price, the answer is %+v", w.domain, answer.Items)
	}
	return fmt.Sprintf("%s is %s for %s; not_a_name.nl is %s", w.domain, answer.Items[0].Status, answer.Items[0].Price, answer.Items[1].Status), nil
}

func (w *walk) register(ctx context.Context) (string, error) {
	var t tokens
	body := map[string]any{
		"email": tourEmail, "password": tourPassword, "first_name": "Anna", "last_name": "Visser", "country": "NL",
	}
	if err := w.guest.post(ctx, "/v1/auth/register", body, &t); err != nil {
		return "", err
	}
	w.buyer = w.guest.as(t.AccessToken)
	return "Anna Visser, Netherlands", nil
}

func (w *walk) quoting(ctx context.Context) (string, error) {
	body := map[string]any{"country": "NL", "lines": []map[string]any{
		{"action": "register", "domain": w.domain, "years": 1},
		{"product_id": w.hosting.ID, "cycle": "month", "domain": w.domain},
	}}
	if err := w.buyer.post(ctx, "/v1/quotes", body, &w.quote); err != nil {
		return "", err
	}
	if w.quote.Net.Add(w.quote.VAT) != w.quote.Gross {
		return "", fmt.Errorf("net %s and VAT %s are not gross %s", w.quote.Net, w.quote.VAT, w.quote.Gross)
	}
	return fmt.Sprintf("net %s + VAT %s = %s", w.quote.Net, w.quote.VAT, w.quote.Gross), nil
}

func (w *walk) orderBody() map[string]any {
	return map[string]any{
		"quote_id": w.quote.ID,
		"registrant": map[string]any{
			"type": "person", "first_name": "Anna", "last_name": "Visser", "email": tourEmail, "phone": "+31201234567",
			"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam", "country": "NL",
		},
		"consents": map[string]any{"terms": true, "registry_terms": true, "immediate_delivery": true},
		"payment":  map[string]any{"gateway": "sandbox", "return_url": w.shop.URL + "/docs", "save_method": true},
	}
}

func (w *walk) placing() call {
	return call{method: http.MethodPost, path: "/v1/orders", body: w.orderBody(), key: "tour-order-1"}
}

func (w *walk) ordering(ctx context.Context) (string, error) {
	if err := w.buyer.call(ctx, w.placing(), &w.placed); err != nil {
		return "", err
	}
	next := w.placed.Payment.NextAction
	if next == nil || next.Type != "redirect" {
		return "", fmt.Errorf("the payment is %q and says nothing of where to pay", w.placed.Payment.State)
	}
	if w.placed.Invoice.Gross != w.quote.Gross {
		return "", fmt.Errorf("quoted %s, invoiced %s", w.quote.Gross, w.placed.Invoice.Gross)
	}
	return fmt.Sprintf("order %s is %s, %s to pay at the provider", w.placed.Order.Number, w.placed.Order.State, w.placed.Invoice.Gross), nil
}

func (w *walk) replaying(ctx context.Context) (string, error) {
	var again placed
	if err := w.buyer.call(ctx, w.placing(), &again); err != nil {
		return "", err
	}
	if again.Order.ID != w.placed.Order.ID || again.Payment.ID != w.placed.Payment.ID {
		return "", fmt.Errorf("order %s became %s", w.placed.Order.ID, again.Order.ID)
	}
	return "order " + again.Order.Number + " again", nil
}

func (w *walk) paying(ctx context.Context) (string, error) {
	if err := w.shop.PressPay(ctx, w.placed.Payment.NextAction.URL); err != nil {
		return "", err
	}
	return "paid " + w.placed.Invoice.Gross.String() + ", the card is kept for the renewals", nil
}

func (w *walk) delivered(ctx context.Context) (string, error) {
	err := until(ctx, func() (bool, error) {
		if err := w.buyer.get(ctx, "/v1/orders/"+w.placed.Order.ID, &w.order); err != nil {
			return false, err
		}
		switch w.order.State {
		case "completed":
			return true, nil
		case "failed", "partly_failed", "action_required", "cancelled":
			return false, fmt.Errorf("order %s is %s", w.order.Number, w.order.State)
		}
		return false, w.shop.nudge(ctx)
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("order %s is %s, %d lines", w.order.Number, w.order.State, len(w.order.Lines)), nil
}
