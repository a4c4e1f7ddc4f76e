package stripe

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"hostfront/clock"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
)

// Options are how the stand-in is set up.
type Options struct {
	Clock clock.Clock
	// Key is the secret key it accepts, such as sk_test_demo.
	Key string
	// WebhookSecret signs webhooks (whsec_…), WebhookURL is where they go; empty: nowhere,
	// until SetWebhookURL.
	WebhookSecret, WebhookURL string
	// Events are the types that webhooks are sent for; nil: those that a shop needs.
	Events []string
	// APIVersion is that of the webhook endpoint; empty: one newer than stripe-go v76's.
	APIVersion string
	// SearchDelay is how far search lies behind; 0: a minute.
	SearchDelay time.Duration
	// PayoutDelay is how long money lies on the balance before it is paid out at midnight (UTC);
	// 0: two days.
	PayoutDelay time.Duration
	// Transport carries the webhooks, Entropy makes ids; both may be nil.
	Transport http.RoundTripper
	Entropy   io.Reader
	// Deliver takes the webhooks over from the stand-in's own courier, one by one in the
	// order they happen and with the stand-in's lock held: a simulation has a post of its
	// own, that loses and delays them by its seed.
	Deliver func(courier.Message)
	// WebhookAttempts and WebhookBackoff bound the retries of a webhook; 0: the courier's.
	WebhookAttempts int
	WebhookBackoff  time.Duration
}

// Server is the stand-in. Safe for concurrent use.
type Server struct {
	options Options
	mux     *http.ServeMux
	courier *courier.Courier
	faults  mishap.Plan
	events  map[string]bool

	mu        sync.Mutex
	sequence  int64
	customers *shelf[customer]
	methods   *shelf[method]
	intents   *shelf[intent]
	setups    *shelf[setup]
	charges   *shelf[charge]
	refunds   *shelf[refund]
	disputes  *shelf[dispute]
	moves     *shelf[movement]
	payouts   *shelf[payout]
	happened  *shelf[event]
	// payDay is the last midnight that was looked at, paidUpTo where the first movement lies that
	// is not paid out, onTheWay are the payouts that have not arrived; refusing, the bank takes none.
	payDay   time.Time
	paidUpTo int
	onTheWay []*payout
	refusing bool
	keys     map[string]*keyed
	requests int
}

// New is an empty stand-in.
func New(o Options) (*Server, error) {
	if o.Clock == nil || o.Key == "" {
		return nil, errors.New("sandbox stripe: a clock and a key are needed")
	}
	if o.Entropy == nil {
		o.Entropy = rand.Reader
	}
	if o.APIVersion == "" {
		o.APIVersion = "2025-08-27.basil"
	}
	if o.SearchDelay == 0 {
		o.SearchDelay = time.Minute
	}
	if o.PayoutDelay == 0 {
		o.PayoutDelay = 2 * oneDay
	}
	if o.Events == nil {
		o.Events = usualEvents
	}
	s := &Server{
		options: o, events: map[string]bool{}, keys: map[string]*keyed{},
		customers: newShelf[customer](), methods: newShelf[method](), intents: newShelf[intent](),
		setups: newShelf[setup](), charges: newShelf[charge](), refunds: newShelf[refund](), disputes: newShelf[dispute](), moves: newShelf[movement](),
		payouts: newShelf[payout](), happened: newShelf[event](), payDay: o.Clock.Now().UTC().Truncate(oneDay),
	}
	for _, name := range o.Events {
		s.events[name] = true
	}
	s.courier = courier.New(courier.Config{
		URL: o.WebhookURL, Clock: o.Clock, Transport: o.Transport,
		Attempts: o.WebhookAttempts, Backoff: o.WebhookBackoff, Sign: s.sign,
	})
	s.route()
	return s, nil
}

// ServeHTTP serves the API and the controls.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// SetWebhookURL says where the shop takes its webhooks, once that is known.
func (s *Server) SetWebhookURL(url string) { s.courier.To(url) }

// Quiet waits until no webhook is under way.
func (s *Server) Quiet(ctx context.Context) error {
	s.mu.Lock()
	s.payDays()
	s.mu.Unlock()
	return s.courier.Quiet(ctx)
}

// NextDue is when a webhook that was told to be late will leave.
func (s *Server) NextDue() (time.Time, bool) { return s.courier.NextDue() }

// Webhooks tells how webhooks are misdirected, and how many arrived.
func (s *Server) Webhooks() *courier.Courier { return s.courier }

// Faults is the plan of what goes wrong with the API's calls. An operation is named
// by method and path with "{id}" in it: "POST /v1/payment_intents".
func (s *Server) Faults() *mishap.Plan { return &s.faults }

// Close ends the webhooks.
func (s *Server) Close() { s.courier.Close() }

// newID makes an id of 24 characters behind its prefix.
func (s *Server) newID(prefix string) string {
	var b [12]byte
	// A reader that fails leaves zeros, and the sequence keeps ids apart.
	_, _ = io.ReadFull(s.options.Entropy, b[:])
	s.sequence++
	for i := range 4 {
		b[i] ^= byte(s.sequence >> (8 * i))
	}
	return prefix + hex.EncodeToString(b[:])
}

func (s *Server) now() int64 { return s.options.Clock.Now().Unix() }
