package upstream

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"hostfront/clock"
)

// The limits of a client whose configuration names none.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMaxBody = 16 << 20
)

// ClientConfig is how to speak to one upstream.
type ClientConfig struct {
	// Name is the upstream's name, for errors and logs: "ljpc".
	Name string
	// BaseURL is an absolute http or https URL without query.
	BaseURL string
	// Transport is NewTransport's when nil. One that is not
	// net/http's marks a failure before writing with ErrNotSent.
	Transport http.RoundTripper
	// Header sets the credentials of a request. What it sets is never logged.
	Header func(*http.Request)
	// Secrets are replaced in every error and log line, should one ever echo them.
	Secrets []string
	// Timeout is for one call, reading the answer included; Timeouts has the exceptions
	// by operation.
	Timeout  time.Duration
	Timeouts map[string]time.Duration
	// MaxBody is the most bytes that are read of an answer.
	MaxBody int64
	// Version is the program's, for the User-Agent hostfront/<version>.
	Version string
	// Steady measures durations and is never moved; clock.System when nil.
	Steady clock.Clock
	Log    *slog.Logger
	// Observe is told of every call: its operation, its outcome ("ok", "refused", or a
	// fault.Result) and how long it took.
	Observe func(op, outcome string, d time.Duration)
}

// Client is the one HTTP client of the adapters. It sends a call once, never
// follows a redirect, bounds what it waits for and reads, and says honestly
// whether a call that failed may have taken effect. Safe for concurrent use.
type Client struct {
	config ClientConfig
	base   *url.URL
	http   *http.Client
}

var errRedirect = errors.New("the upstream answered with a redirect, which is not followed")

// NewClient checks the configuration and makes a client of it.
func NewClient(c ClientConfig) (*Client, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("upstream %s: the base URL must be an absolute http or https URL", c.Name)
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("upstream %s: the base URL must hold no credentials, query or fragment", c.Name)
	}
	c.fillDefaults()
	return &Client{config: c, base: base, http: &http.Client{
		Transport: c.Transport,
		// The answer itself is looked at: a redirect of a call that buys must not
		// become a second call.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (c *ClientConfig) fillDefaults() {
	if c.Transport == nil {
		c.Transport = NewTransport()
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxBody <= 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	if c.Steady == nil {
		c.Steady = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
}

// NewTransport keeps enough connections for the slots of one upstream's queue. A
// connection is let go after four idle seconds, before the usual server does: a
// purchase that is written on a connection which the server is just closing has
// no answer, and would wait for a person.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        4 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// CloseIdle lets go of kept connections, at the end of the program.
func (c *Client) CloseIdle() { c.http.CloseIdleConnections() }
