package pay

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"hostfront/clock"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
)

// Options are how the provider is set up.
type Options struct {
	Clock clock.Clock
	// APIKey is what the shop signs in with; WebhookSecret signs what it is sent.
	APIKey, WebhookSecret string
	// WebhookURL is the shop's endpoint; empty: no webhooks, until SetWebhookURL.
	WebhookURL string
	// BaseURL is where the customer's browser finds this server, prefix included.
	BaseURL string
	// StateFile keeps everything over a restart; empty: memory only.
	StateFile string
	// NotifyCharges sends webhooks of off-session charges too. Off by default: the
	// answer of the call has said it all.
	NotifyCharges bool
	// CardEnds is the last month of cards that are saved; nil: December, four years on.
	CardEnds func() (month, year int)
	// Transport carries the webhooks, Entropy makes ids; both may be nil.
	Transport http.RoundTripper
	Entropy   io.Reader
	// WebhookAttempts and WebhookBackoff bound the retries of a webhook; 0: the courier's.
	WebhookAttempts int
	WebhookBackoff  time.Duration
}

// Server is the provider. Safe for concurrent use.
type Server struct {
	options Options
	mux     *http.ServeMux
	courier *courier.Courier
	faults  mishap.Plan
	journal *journal

	mu       sync.Mutex
	payments map[string]*Payment
	byShopID map[string]string
	refunds  map[string]*Refund
	byRefund map[string]string
	methods  map[string]*Method
	setups   map[string]*Setup
	bySetup  map[string]string
}

// New is a provider with what the state file holds.
func New(o Options) (*Server, error) {
	if o.Clock == nil || o.APIKey == "" || o.WebhookSecret == "" {
		return nil, errors.New("sandbox pay: a clock, an API key and a webhook secret are needed")
	}
	if o.Entropy == nil {
		o.Entropy = rand.Reader
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	s := &Server{
		options:  o,
		payments: map[string]*Payment{}, byShopID: map[string]string{},
		refunds: map[string]*Refund{}, byRefund: map[string]string{},
		methods: map[string]*Method{},
		setups:  map[string]*Setup{}, bySetup: map[string]string{},
	}
	if err := s.load(o.StateFile); err != nil {
		return nil, err
	}
	s.courier = courier.New(courier.Config{
		URL: o.WebhookURL, Clock: o.Clock, Transport: o.Transport,
		Attempts: o.WebhookAttempts, Backoff: o.WebhookBackoff, Sign: s.sign,
	})
	s.route()
	return s, nil
}

// ServeHTTP serves the API, the pages and the controls.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// SetBaseURL says where the customer's browser finds this server, once that is known.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.BaseURL = strings.TrimSuffix(url, "/")
}

// SetWebhookURL says where the shop takes its webhooks, once that is known.
func (s *Server) SetWebhookURL(url string) { s.courier.To(url) }

// Quiet waits until no webhook is under way, so that a clock may move on.
func (s *Server) Quiet(ctx context.Context) error { return s.courier.Quiet(ctx) }

// NextDue is when a webhook that was told to be late will leave.
func (s *Server) NextDue() (time.Time, bool) { return s.courier.NextDue() }

// Webhooks tells how webhooks are misdirected, and how many arrived.
func (s *Server) Webhooks() *courier.Courier { return s.courier }

// Faults is the plan of what goes wrong with the API's calls. Its operations:
// payment.create, payment.charge, payment.get, payment.find, payment.cancel,
// refund.create, refund.get, setup.create, setup.get, setup.cancel, method.detach.
func (s *Server) Faults() *mishap.Plan { return &s.faults }

// Close ends the webhooks and writes the state file.
func (s *Server) Close() error {
	s.courier.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// Payments are all payments, for an audit: the order is that of their ids.
func (s *Server) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return values(s.payments, func(a, b Payment) int { return strings.Compare(a.ID, b.ID) })
}

// Refunds are all refunds.
func (s *Server) Refunds() []Refund {
	s.mu.Lock()
	defer s.mu.Unlock()
	return values(s.refunds, func(a, b Refund) int { return strings.Compare(a.ID, b.ID) })
}

// Methods are all saved methods.
func (s *Server) Methods() []Method {
	s.mu.Lock()
	defer s.mu.Unlock()
	return values(s.methods, func(a, b Method) int { return strings.Compare(a.ID, b.ID) })
}

func values[T any](m map[string]*T, order func(a, b T) int) []T {
	out := make([]T, 0, len(m))
	for _, v := range m {
		out = append(out, *v)
	}
	slices.SortFunc(out, order)
	return out
}

// newID makes an id that no earlier run made, since the shop may remember those.
func (s *Server) newID(prefix string) (string, error) {
	var b [12]byte
	if _, err := io.ReadFull(s.options.Entropy, b[:]); err != nil {
		return "", err
	}
	return prefix + hex.EncodeToString(b[:]), nil
}
