package ljpc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"hostfront/upstream"
)

type orderBody struct {
	Summary string            `json:"summary,omitempty"`
	Meta    map[string]string `json:"meta,omitempty"`
	Lines   []orderBodyLine   `json:"order_lines"`
}

type orderBodyLine struct {
	Description string         `json:"description"`
	CartItem    map[string]any `json:"cart_item"`
}

// PlaceOrder places an order. LJPc has no idempotency key and no search: an
// Unknown outcome leaves nothing that proves the order absent.
func (c *Client) PlaceOrder(ctx context.Context, r upstream.OrderRequest) (string, error) {
	body := orderBody{Summary: r.Summary}
	if r.Reference != "" {
		body.Meta = map[string]string{fieldReference.name(): r.Reference}
	}
	var codes []string
	for _, item := range r.Lines {
		codes = append(codes, item.AuthCode)
		cart, err := c.cartItem(ctx, item)
		if err != nil {
			return "", err
		}
		body.Lines = append(body.Lines, orderBodyLine{Description: item.Description, CartItem: cart})
	}
	if len(body.Lines) == 0 {
		return "", unsellable("order_empty", "an order needs a line")
	}
	call := change(OpPlaceOrder, http.MethodPost, pathOrders, body)
	call.Secrets = codes
	data, err := c.ask(ctx, call)
	if err != nil {
		return "", err
	}
	id := within(data, fieldOrder).text(fieldID)
	if id == "" {
		return "", c.http.Unreadable(call, errors.New("no order id in the answer"))
	}
	return id, nil
}

// Order reads where an order stands, line by line.
func (c *Client) Order(ctx context.Context, orderID string) (upstream.OrderStatus, error) {
	call := get(OpOrder, pathOrders+"/"+url.PathEscape(orderID), nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return upstream.OrderStatus{}, err
	}
	o := within(data, fieldOrder)
	if id := o.text(fieldID); id != "" && id != orderID {
		return upstream.OrderStatus{}, c.http.Unreadable(call, errors.New("the answer is about another order"))
	}
	// What is not inside the order may stand beside it.
	status, err := readOrder(o, asObject(data))
	if err != nil {
		return upstream.OrderStatus{}, c.http.Unreadable(call, err)
	}
	return status, nil
}
