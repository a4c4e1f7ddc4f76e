package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hostfront/billing/wire"
	"hostfront/fault"
)

const (
	codeNotFound = "not_found"
	// mostAnswer bounds an answer, in bytes.
	mostAnswer = 1 << 20
)

// call is one request and where its answer goes.
type call struct {
	method, path string
	body, answer any
}

// call makes the request. Each that changes something is idempotent at the stand-in,
// so that an Unknown may be sent again as it was.
func (g *Gateway) call(ctx context.Context, c call) error {
	req, err := g.request(ctx, c)
	if err != nil {
		return err
	}
	resp, err := g.http.Do(req)
	if err != nil {
		if wire.NotSent(err) {
			return fault.Came(fault.Unavailable, "not_sent", "The sandbox provider could not be reached.").Because(inner(err))
		}
		return lost(c, inner(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return lost(c, inner(err))
	}
	return c.read(resp, body)
}

func (g *Gateway) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	if c.body != nil {
		b, err := json.Marshal(c.body)
		if err != nil {
			return nil, fault.Came(fault.Rejected, "request_unwritable", "The request cannot be written.").Because(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, g.base+c.path, body)
	if err != nil {
		return nil, fault.Came(fault.Rejected, "request_unwritable", "The request cannot be made.").Because(inner(err))
	}
	req.Header.Set("Authorization", "Bearer "+g.key)
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

// read takes the answer, or says what it means that there is none.
func (c call) read(resp *http.Response, body []byte) error {
	if resp.StatusCode >= 500 || resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return lost(c, fmt.Errorf("status %d", resp.StatusCode))
	}
	if resp.StatusCode < 300 {
		if err := json.Unmarshal(body, c.answer); err != nil {
			return lost(c, errors.New("the answer could not be read"))
		}
		return nil
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		o := fault.Came(fault.RateLimited, "rate_limited", "The sandbox provider asks for fewer calls.")
		if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
			o.RetryAfter = time.Duration(n) * time.Second
		}
		return o
	}
	var refused struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(body, &refused); err != nil || refused.Error == "" {
		refused.Error = "http_" + strconv.Itoa(resp.StatusCode)
	}
	return fault.Came(fault.Rejected, refused.Error, "The sandbox provider refused the call.")
}

// lost is a call without a readable answer: it may have happened, unless it reads.
func lost(c call, cause error) error {
	if c.method == http.MethodGet {
		return fault.Came(fault.Unavailable, "no_answer", "The sandbox provider gave no readable answer.").Because(cause)
	}
	return fault.Came(fault.Unknown, "no_answer", "The sandbox provider gave no readable answer.").Because(cause)
}

// inner is the cause without the URL.
func inner(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
