package ljpc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"hostfront/upstream"
)

func get(op, path string, query url.Values) upstream.Call {
	return upstream.Call{Op: op, Method: http.MethodGet, Path: path, Query: query}
}

// change is a call with an effect: its lost answer is Unknown.
func change(op, method, path string, body any) upstream.Call {
	return upstream.Call{Op: op, Method: method, Path: path, Body: body, Effect: true}
}

// ask makes a call whose answer is in the envelope and gives what is under data;
// nil for an answer without content (204).
func (c *Client) ask(ctx context.Context, call upstream.Call) (any, error) {
	response, err := c.http.Send(ctx, call)
	if err != nil {
		return nil, err
	}
	if response.Status == http.StatusNoContent {
		c.permitted(ctx, call.Op, nil)
		return nil, nil
	}
	e, err := readEnvelope(response.Body)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	c.compareValidation(call.Op, response.Header.Get(validationHeader), e.jti)
	if response.Status >= 400 || !e.success {
		if response.Status >= 400 && e.success {
			return nil, c.http.Unreadable(call, errors.New("an error status with success true"))
		}
		refusal := c.http.Refuse(call, response.Status, e.message)
		c.permitted(ctx, call.Op, refusal)
		return nil, refusal
	}
	c.permitted(ctx, call.Op, nil)
	return e.data, nil
}

// askRaw makes a call whose answer is raw JSON; an error of it may still come in
// the envelope.
func (c *Client) askRaw(ctx context.Context, call upstream.Call) (object, error) {
	response, err := c.http.Send(ctx, call)
	if err != nil {
		return nil, err
	}
	value, err := decode(response.Body)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	body, ok := value.(map[string]any)
	if !ok {
		return nil, c.http.Unreadable(call, errors.New("not a JSON object"))
	}
	if response.Status >= 400 {
		return nil, c.http.Refuse(call, response.Status, object(body).text(fieldMessage))
	}
	return body, nil
}
