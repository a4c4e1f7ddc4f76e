package upstream

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hostfront/fault"
)

// defaultRetryAfter is how long to wait after a 429 that does not say.
const defaultRetryAfter = 30 * time.Second

// read takes the whole answer in and sorts out what no adapter need look at.
func (c *Client) read(call Call, answer *http.Response) (*Response, error) {
	switch status := answer.StatusCode; {
	case status == http.StatusTooManyRequests:
		o := c.outcome(call, fault.RateLimited, "rate_limited", statusError(status))
		o.RetryAfter = c.retryAfter(answer.Header.Get("Retry-After"))
		return nil, o
	case status >= 300 && status < 400:
		return nil, c.lost(call, "redirected", errRedirect)
	case status == http.StatusRequestTimeout, status >= 500, status < 200:
		return nil, c.lost(call, "server_error", statusError(status))
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.config.MaxBody+1))
	if err != nil {
		return nil, c.lost(call, "answer_cut_off", err)
	}
	if int64(len(body)) > c.config.MaxBody {
		return nil, c.lost(call, "answer_too_large", fmt.Errorf("more than %d bytes", c.config.MaxBody))
	}
	return &Response{Status: answer.StatusCode, Header: answer.Header, Body: body}, nil
}

func statusError(status int) error { return fmt.Errorf("HTTP status %d", status) }

// retryAfter reads the header in seconds or as a date, between a second and an hour.
func (c *Client) retryAfter(header string) time.Duration {
	wait := defaultRetryAfter
	if seconds, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(max(seconds, 0), 3600)) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(c.config.Steady.Now())
	}
	return min(max(wait, time.Second), time.Hour)
}

// scrubbed is an error whose text held a secret. Its type is lost on purpose:
// the text of what it wraps could be printed.
type scrubbed struct{ text string }

func (e scrubbed) Error() string { return e.text }

// scrub makes sure that no secret leaves in an error.
func (c *Client) scrub(call Call, err error) error {
	if err == nil {
		return nil
	}
	text := c.scrubText(call, err.Error())
	if text == err.Error() {
		return err
	}
	if errors.Is(err, ErrUnreadable) {
		return errors.Join(ErrUnreadable, scrubbed{text})
	}
	return scrubbed{text}
}

// shortest is how long a secret is at least: a shorter one could not be told from the
// words around it.
const shortest = 4

// scrubText replaces every secret of the configuration and of the call in a text.
func (c *Client) scrubText(call Call, text string) string {
	for _, secret := range c.config.Secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	for _, secret := range call.Secrets {
		text = Redact(text, secret)
	}
	return text
}

const redacted = "[redacted]"

// Redact replaces a secret in a text that an upstream gave.
func Redact(text, secret string) string {
	if len(secret) < shortest {
		return text
	}
	return strings.ReplaceAll(text, secret, redacted)
}

// outcomeLabel is the outcome of a call for metrics. A 404 is an answer like any
// other; the other 4xx are refusals.
func outcomeLabel(r *Response, err error) string {
	switch {
	case err != nil:
		return string(fault.OutcomeOf(err).Result)
	case r.Status >= 400 && r.Status != http.StatusNotFound:
		return "refused"
	}
	return "ok"
}

func levelOf(err error) slog.Level {
	if fault.OutcomeOf(err).Result == fault.Unknown {
		return slog.LevelError
	}
	return slog.LevelWarn
}

func (c *Client) attrs(call Call, took time.Duration, err error) []slog.Attr {
	return []slog.Attr{
		slog.String("upstream", c.config.Name), slog.String("op", call.Op),
		slog.Int64("took_ms", took.Milliseconds()), slog.String("error", c.scrubText(call, err.Error())),
	}
}
