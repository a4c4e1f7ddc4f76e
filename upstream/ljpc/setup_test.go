package ljpc_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hostfront/clock"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

const testKey = "k-secret-0123456789abcdef"

// bundle is an adapter that speaks to a sandbox over real HTTP.
type bundle struct {
	client  *ljpc.Client
	sandbox *sandbox.Server
	clock   *clock.Manual
	server  *httptest.Server
	logs    *logs
}

// setup starts one; options and config may be changed before they are used.
func setup(t *testing.T, change ...func(*sandbox.Options, *ljpc.Config)) bundle {
	t.Helper()
	b := bundle{clock: clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)), logs: &logs{}}
	o := sandbox.Options{Clock: b.clock, APIKey: testKey, Seed: 1, TLDs: fewTLDs()}
	c := ljpc.Config{
		APIKey: testKey, SpaceIDs: []int64{101}, Transport: &http.Transport{},
		Log: slog.New(slog.NewTextHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&o, &c)
	}
	var err error
	if b.sandbox, err = sandbox.New(o); err != nil {
		t.Fatal(err)
	}
	b.server = httptest.NewServer(b.sandbox)
	if c.BaseURL == "" {
		c.BaseURL = b.server.URL
	}
	if b.client, err = ljpc.New(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.client.CloseIdle()
		_ = b.sandbox.Close()
		b.server.Close()
	})
	return b
}

// fewTLDs is a small catalogue, for tests that do not look at its size.
func fewTLDs() []sandbox.TLD {
	list := euro(1000)
	return []sandbox.TLD{
		{Name: "nl", List: &list, Cost: euro(850), Transfer: true},
		{Name: "com", List: &list, Cost: euro(950), Transfer: true},
		{Name: "co.uk", List: &list, Cost: euro(700)},
		{Name: "xn--p1ai", Cost: euro(700)},
	}
}

func person() upstream.Contact {
	return upstream.Contact{
		FirstName: "Ada", LastName: "Smit", Email: "ada@example.com", Phone: "+31201234567", Street: "Dam",
		Number: "1", Postcode: "1012JS", City: "Amsterdam", Country: "NL",
	}
}

// logs is a log to look into.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
