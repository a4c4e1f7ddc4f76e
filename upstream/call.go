package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hostfront/fault"
)

// Call is one request to an upstream.
type Call struct {
	// Op names the operation for metrics, time-outs and errors: "orders.create".
	Op     string
	Method string
	// Path is joined to the base URL; its segments are escaped already.
	Path  string
	Query url.Values
	// Body is sent as JSON; nil sends none.
	Body any
	// Effect: the call changes something upstream. A lost answer is then Unknown.
	Effect bool
	// Secrets are in the Body, and are replaced in every error of this call, should the
	// answer echo them.
	Secrets []string
	// NoCredentials leaves the credentials out: the same question asked in public.
	NoCredentials bool
}

// Response is a whole answer that arrived within the limits, of any status but
// 3xx, 408, 429 and 5xx.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Send makes the call once. Its error is a *fault.Outcome: Unavailable and
// RateLimited when nothing happened, Unknown when the request may have been
// written and the call has an effect.
func (c *Client) Send(ctx context.Context, call Call) (*Response, error) {
	started := c.config.Steady.Now()
	response, err := c.send(ctx, call)
	took := c.config.Steady.Now().Sub(started)
	c.config.Observe(call.Op, outcomeLabel(response, err), took)
	if err != nil {
		c.config.Log.LogAttrs(ctx, levelOf(err), "upstream call", c.attrs(call, took, err)...)
	}
	return response, err
}

func (c *Client) send(ctx context.Context, call Call) (*Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout(call.Op))
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, c.outcome(call, fault.Unavailable, "not_sent", err)
	}
	w := &witness{}
	request, err := c.request(w.watch(ctx), call)
	if err != nil {
		return nil, c.outcome(call, fault.Unavailable, "not_sent", err)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, c.failed(call, w, err)
	}
	defer answer.Body.Close()
	return c.read(call, answer)
}

func (c *Client) timeout(op string) time.Duration {
	if d := c.config.Timeouts[op]; d > 0 {
		return d
	}
	return c.config.Timeout
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	var body io.Reader
	if call.Body != nil {
		encoded, err := json.Marshal(call.Body)
		if err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	target := strings.TrimSuffix(c.base.String(), "/") + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, target, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "hostfront/"+c.config.Version)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.config.Header != nil && !call.NoCredentials {
		c.config.Header(request)
	}
	return request, nil
}

// failed is the outcome of a call that got no answer at all.
func (c *Client) failed(call Call, w *witness, err error) error {
	if errors.Is(err, ErrNotSent) || w.neverConnected() {
		return c.outcome(call, fault.Unavailable, "not_connected", err)
	}
	return c.lost(call, "no_answer", err)
}

// lost is the outcome of a call that may have taken effect.
func (c *Client) lost(call Call, code string, cause error) error {
	if call.Effect {
		return c.outcome(call, fault.Unknown, code, cause)
	}
	return c.outcome(call, fault.Unavailable, code, cause)
}

// Unreadable is the outcome of an answer that the adapter could not make sense
// of: Unknown for a call with an effect, otherwise Unavailable.
func (c *Client) Unreadable(call Call, cause error) error {
	return c.lost(call, "unreadable_answer", errors.Join(ErrUnreadable, cause))
}

func (c *Client) outcome(call Call, result fault.Result, code string, cause error) *fault.Outcome {
	return fault.Came(result, code, c.config.Name+" "+call.Op).Because(c.scrub(call, cause))
}
