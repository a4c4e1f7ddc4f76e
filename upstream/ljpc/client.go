package ljpc

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hostfront/clock"
	"hostfront/upstream"
)

// Name is the adapter's stable name, in the database too.
const Name = "ljpc"

// DefaultBaseURL is LJPc's own.
const DefaultBaseURL = "https://ljpc-hosting.nl"

// DefaultMaxCheck is how many names go in one check or price call. The document
// names no limit; this keeps the URL short.
const DefaultMaxCheck = 50

// Config is how to reach LJPc.
type Config struct {
	// BaseURL is DefaultBaseURL when empty.
	BaseURL string
	// APIKey goes in X-API-Key and nowhere else. Without it only the public product
	// list can be read.
	APIKey    string
	Transport http.RoundTripper
	// Clock is the steady one: it measures durations.
	Clock   clock.Clock
	Log     *slog.Logger
	Observe func(op, outcome string, d time.Duration)
	// Tell, which may be nil, is told of a permission that the key turns out to lack, and of
	// one that it has again.
	Tell func(ctx context.Context, permission string, missing bool) error
	// SpaceIDs are the operator's own spaces: the only ones that hosting_own is ordered on.
	SpaceIDs []int64
	// Timeout is for one call, 30 s when zero; Timeouts has exceptions by operation.
	Timeout  time.Duration
	Timeouts map[string]time.Duration
	// MaxBody is the most bytes read of an answer; MaxCheck the names in one check.
	MaxBody  int64
	MaxCheck int
	// Version is the program's, for the User-Agent.
	Version string
}

// LogValue keeps the key out of a log that is given the configuration.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("base_url", c.BaseURL), slog.Bool("has_key", c.APIKey != ""))
}

// String keeps the key out of a text that is made of the configuration.
func (c Config) String() string { return "ljpc at " + c.BaseURL }

// GoString does the same for %#v.
func (c Config) GoString() string { return c.String() }

// Client is one account at LJPc. Safe for concurrent use.
type Client struct {
	http     *upstream.Client
	log      *slog.Logger
	keyed    bool
	spaces   []int64
	maxCheck int

	rights     *upstream.Rights
	mismatches atomic.Int64

	mu      sync.Mutex
	billing map[string]productTerms // by product_uuid, from the last catalogue
}

// New is a client for an account; it makes no call.
func New(c Config) (*Client, error) {
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.MaxCheck <= 0 {
		c.MaxCheck = DefaultMaxCheck
	}
	for _, r := range c.APIKey {
		if r <= ' ' || r > '~' {
			return nil, errors.New("ljpc: the API key holds characters that no key has")
		}
	}
	client, err := upstream.NewClient(upstream.ClientConfig{
		Name: Name, BaseURL: c.BaseURL, Transport: c.Transport, Secrets: []string{c.APIKey},
		Header:  authenticate(c.APIKey),
		Timeout: c.Timeout, Timeouts: c.Timeouts, MaxBody: c.MaxBody, Version: c.Version,
		Steady: c.Clock, Log: c.Log, Observe: c.Observe,
	})
	if err != nil {
		return nil, err
	}
	return &Client{
		http: client, log: c.Log, keyed: c.APIKey != "", spaces: c.SpaceIDs, maxCheck: c.MaxCheck,
		rights: upstream.NewRights(c.Clock, c.Tell), billing: map[string]productTerms{},
	}, nil
}

func authenticate(key string) func(*http.Request) {
	return func(r *http.Request) {
		if key != "" {
			r.Header.Set("X-API-Key", key)
		}
	}
}

// Name is the adapter's stable name.
func (c *Client) Name() string { return Name }

// CloseIdle lets go of kept connections.
func (c *Client) CloseIdle() { c.http.CloseIdle() }

// DomainYears is one: no call of LJPc's carries a period.
func (c *Client) DomainYears(_, action string) []int {
	if action == upstream.ActionRegister || action == upstream.ActionTransfer {
		return []int{1}
	}
	return nil
}

// What LJPc can do, as the rest of the shop sees it.
var (
	_ upstream.Catalogue       = (*Client)(nil)
	_ upstream.DomainChecker   = (*Client)(nil)
	_ upstream.DomainPricer    = (*Client)(nil)
	_ upstream.DomainRegistrar = (*Client)(nil)
	_ upstream.Domains         = (*Client)(nil)
	_ upstream.Contacts        = (*Client)(nil)
	_ upstream.DNSZones        = (*Client)(nil)
	_ upstream.Sites           = (*Client)(nil)
	_ upstream.SingleSignOn    = (*Client)(nil)
	_ upstream.Orderer         = (*Client)(nil)
	_ upstream.Terms           = (*Client)(nil)
	_ upstream.Restricted      = (*Client)(nil)
)
