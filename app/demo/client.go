package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client talks to the shop as a storefront does.
type client struct {
	base  string
	http  *http.Client
	token string
}

func newClient(base string) *client {
	return &client{base: base, http: &http.Client{Timeout: time.Minute}}
}

// as is the same client with another token.
func (c *client) as(token string) *client {
	return &client{base: c.base, http: c.http, token: token}
}

func (c *client) get(ctx context.Context, path string, answer any) error {
	return c.call(ctx, call{method: http.MethodGet, path: path}, answer)
}

func (c *client) post(ctx context.Context, path string, body, answer any) error {
	return c.call(ctx, call{method: http.MethodPost, path: path, body: body}, answer)
}

type call struct {
	method, path string
	body         any
	key          string
}

// call makes a request and decodes its answer; a problem is an error that shows
// the problem.
func (c *client) call(ctx context.Context, what call, answer any) error {
	request, err := c.request(ctx, what)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", what.method, what.path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", what.method, what.path, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answered %d: %s", what.method, what.path, response.StatusCode, strings.TrimSpace(string(body)))
	}
	switch into := answer.(type) {
	case nil:
		return nil
	case *[]byte:
		*into = body
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", what.method, what.path, err)
	}
	return nil
}

func (c *client) request(ctx context.Context, what call) (*http.Request, error) {
	var body io.Reader
	if what.body != nil {
		b, err := json.Marshal(what.body)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", what.method, what.path, err)
		}
		body = bytes.NewReader(b)
	}
	url := what.path
	if strings.HasPrefix(url, "/") {
		url = c.base + url
	}
	request, err := http.NewRequestWithContext(ctx, what.method, url, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", what.method, what.path, err)
	}
	if what.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if what.key != "" {
		request.Header.Set("Idempotency-Key", what.key)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return request, nil
}
