package courier

import (
	"context"
	"net/http"
	"sync"
	"time"

	"hostfront/clock"
)

// Message is one webhook.
type Message struct {
	ID   string
	Body []byte
}

// Config is how messages travel.
type Config struct {
	// URL is the shop's webhook endpoint; empty: nothing is sent.
	URL string
	// Sign sets the headers of an attempt made at that instant.
	Sign func(h http.Header, body []byte, at time.Time)
	// Clock is the stand-in's time, for signatures and late messages.
	Clock clock.Clock
	// Transport carries the requests; nil for one of the courier's own.
	Transport http.RoundTripper
	// Attempts is how often a message is tried, 0 for 8; Backoff is the wait after the
	// first of them, doubled each time, 0 for 50 ms: it ends within 13 seconds.
	Attempts int
	Backoff  time.Duration
}

// couriers is how many messages are under way at once.
const couriers = 8

// Courier delivers messages. Safe for concurrent use.
type Courier struct {
	config Config
	client *http.Client
	stop   context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	quiet   sync.Cond
	url     string
	plan    []Order
	held    []held    // late, waiting for their instant
	passed  []Message // held back until the next one has gone ahead
	queue   []Message
	running int
	lost    []Message
	sent    int
}

type held struct {
	at      time.Time
	message Message
}

// New is a courier; it starts nothing until there is something to deliver.
func New(c Config) *Courier {
	if c.Attempts <= 0 {
		c.Attempts = 8
	}
	if c.Backoff <= 0 {
		c.Backoff = 50 * time.Millisecond
	}
	if c.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = couriers
		c.Transport = t
	}
	stop, cancel := context.WithCancel(context.Background())
	k := &Courier{
		config: c, url: c.URL, stop: stop, cancel: cancel,
		client: &http.Client{Transport: c.Transport, Timeout: 10 * time.Second},
	}
	k.quiet.L = &k.mu
	return k
}

// To sets where messages go from now on.
func (k *Courier) To(url string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.url = url
}

// Send takes a message over.
func (k *Courier) Send(m Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.url == "" || k.stop.Err() != nil {
		return
	}
	k.releaseDue()
	k.dispatch(m)
}

// Quiet waits until every message has been delivered or given up. Late ones whose
// instant has not come do not count.
func (k *Courier) Quiet(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.releaseDue()
	k.release(&k.passed)
	wake := context.AfterFunc(ctx, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.quiet.Broadcast()
	})
	defer wake()
	for k.running > 0 || len(k.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.quiet.Wait()
	}
	return nil
}

// NextDue is when the first late message is due, for a clock that is moved.
func (k *Courier) NextDue() (time.Time, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var first time.Time
	for _, h := range k.held {
		if first.IsZero() || h.at.Before(first) {
			first = h.at
		}
	}
	return first, !first.IsZero()
}

// Redeliver sends again what was given up, and says how much that was.
func (k *Courier) Redeliver() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(k.lost)
	k.release(&k.lost)
	return n
}

// Delivered and GivenUp are how many messages arrived and how many did not.
func (k *Courier) Delivered() int { k.mu.Lock(); defer k.mu.Unlock(); return k.sent }

// GivenUp is how many messages were never taken, those told to be lost included.
func (k *Courier) GivenUp() int { k.mu.Lock(); defer k.mu.Unlock(); return len(k.lost) }

// Close ends all deliveries and waits for those under way.
func (k *Courier) Close() {
	k.cancel()
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.running > 0 {
		k.quiet.Wait()
	}
}
