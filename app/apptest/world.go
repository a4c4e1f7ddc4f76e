package apptest

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/audit"
	"hostfront/billing"
	gateway "hostfront/billing/sandbox"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db/dbtest"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"

	"github.com/shopspring/decimal"
)

// The keys of the stand-ins.
const (
	UpstreamKey   = "test-upstream-key"
	ProviderKey   = "test-provider-key"
	WebhookSecret = "test-webhook-secret"
	AdminEmail    = "staff@example.com"
)

// Start is when a world begins: the last day of a January, in a year without a
// leap day, so that every clamp of a calendar is on the road.
var Start = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

// World is a shop and everything outside it. What is outside lives on when the
// shop's power is cut.
type World struct {
	// App is the running shop; a new one after Restart.
	App *app.App
	// URL is where the shop answers now, AdminToken lets staff in.
	URL, AdminToken string
	// LJPC and Pay are the stand-ins.
	LJPC *ljpc.Server
	Pay  *pay.Server
	// Post is the mail server that the shop's mails arrive at.
	Post *PostOffice
	// Time is under the business clock, Steady counts leases; both stand still.
	Time, Steady *clock.Manual
	// Power cuts at a point; see Switch.
	Power *Switch
	// OnAnswer, when set, runs while an answer of the payment provider is on its way to
	// the shop: what overtakes the answer.
	OnAnswer func(*http.Request)

	t        testing.TB
	config   app.Config
	options  app.Options
	listener net.Listener
	served   chan error
	closed   bool
}

// Option changes a world before it opens.
type Option func(*app.Config, *app.Options)

// New opens a world with its catalogue mirrored and priced. Nothing runs by
// itself: drive it with Step, Drain or Move, or Work for workers of its own.
func New(t testing.TB, options ...Option) *World {
	t.Helper()
	return open(t, Outside{}, options...)
}

func open(t testing.TB, outside Outside, options ...Option) *World {
	t.Helper()
	w := build(t, outside, plot{database: dbtest.URL(t), time: Start, steady: Start}, options...)
	w.furnish()
	return w
}

// plot is what a world is built on: its database, and where its clocks stand.
type plot struct {
	database     string
	time, steady time.Time
}

// build opens a shop and everything outside it; its catalogue is as the database has it.
func build(t testing.TB, outside Outside, on plot, options ...Option) *World {
	t.Helper()
	w := &World{t: t, Time: clock.NewManual(on.time), Steady: clock.NewManual(on.steady), Power: &Switch{}, Post: openPostOffice(t)}
	w.startStandIns(outside)
	w.config = config(on.database, w.standIn("ljpc", w.LJPC))
	w.config.Mail.SMTPURL = w.Post.url
	w.options = app.Options{
		Clock: w.Time, Steady: w.Steady, Log: slog.New(slog.DiscardHandler), Cut: w.Power.Point, Group: 1,
		MovableTime: true, CheapHash: true, UnlimitedTries: true, Throwaway: true, Quiet: w.Pay.Quiet,
	}
	w.options.Gateways = []billing.Gateway{w.gateway(w.standIn("pay", w.Pay))}
	for _, option := range options {
		option(&w.config, &w.options)
	}
	w.open()
	t.Cleanup(w.close)
	return w
}

// shopClock is the shop's time for the stand-ins, which begin before it.
type shopClock struct{ w *World }

func (c shopClock) Now() time.Time {
	if c.w.App != nil {
		return c.w.App.Now()
	}
	return c.w.Time.Now()
}

func (w *World) startStandIns(outside Outside) {
	upstream := ljpc.Options{Clock: shopClock{w}, APIKey: UpstreamKey, Seed: 1, Spaces: []int64{812}}
	provider := pay.Options{Clock: shopClock{w}, APIKey: ProviderKey, WebhookSecret: WebhookSecret, WebhookAttempts: 1}
	outside.change(&upstream, &provider)
	var err error
	w.LJPC, err = ljpc.New(upstream)
	w.must(err, "start the stand-in of LJPc")
	w.Pay, err = pay.New(provider)
	w.must(err, "start the stand-in payment provider")
}

func (w *World) standIn(name string, handler http.Handler) string {
	server := httptest.NewServer(handler)
	w.t.Cleanup(server.Close)
	if name == "pay" {
		w.Pay.SetBaseURL(server.URL)
	}
	return server.URL
}

func (w *World) gateway(url string) billing.Gateway {
	g, err := gateway.New(gateway.Config{
		Demo: true, BaseURL: url, Key: ProviderKey, WebhookSecrets: []string{WebhookSecret}, Transport: w.Power.transport(w.onAnswer),
	})
	w.must(err, "make the sandbox gateway")
	return g
}

func (w *World) onAnswer(r *http.Request) {
	if w.OnAnswer != nil {
		w.OnAnswer(r)
	}
}

func config(database, upstream string) app.Config {
	return app.Config{
		DatabaseURL: database, BaseURL: "http://shop.example", LogLevel: "error",
		SecretKey: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
		Shop: app.ShopConfig{
			Name: "Test Hosting", Seller: "Test Hosting B.V.", Street: "Keizersgracht 1", Postcode: "1015 CJ", City: "Amsterdam",
			Country: "NL", VATID: "NL123456789B01", VATScheme: "oss@2021-07-01", PriceBasis: "gross",
			Currency: "EUR", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "credit", PauseBy: "customer", TermsVersion: "test-1",
		},
		Keep: app.KeepConfig{Journal: 30, Webhooks: 30, Runs: 30}, // the least: what is pruned must be missed by nothing
		LJPC: app.LJPCConfig{
			APIKey: UpstreamKey, BaseURL: upstream, Spaces: []string{"812:Hosting on our own space:4.99:49.90"},
			Concurrency: 64, Records: []string{"A @ 192.0.2.10"},
		},
		Transfer: app.TransferConfig{IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Beneficiary: "Test Hosting B.V."},
		Mail:     app.MailConfig{From: "shop@example.com"},
	}
}

// furnish mirrors the catalogue and prices it.
func (w *World) furnish() {
	ctx := context.Background()
	_, err := w.App.Catalog.Sync(ctx, nil)
	w.must(err, "mirror the catalogue")
	w.must(w.App.Catalog.EnsureRules(ctx, []catalog.Rule{{
		Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25), Floor: decimal.RequireFromString("0.50"),
	}}), "price the catalogue")
	w.must(w.App.Catalog.Refresh(ctx), "publish the catalogue")
	w.AdminToken, err = w.App.Accounts.CreateAdmin(ctx, AdminEmail, "owner")
	w.must(err, "let staff in")
}

func (w *World) must(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

// open starts the shop on the world's database and has it listen.
func (w *World) open() {
	a, err := app.Open(context.Background(), w.config, w.options)
	w.must(err, "open the shop")
	w.App = a
	w.listener, err = net.Listen("tcp", "127.0.0.1:0")
	w.must(err, "listen")
	w.URL = fmt.Sprintf("http://%s", w.listener.Addr())
	w.Pay.SetWebhookURL(w.URL + "/v1/webhooks/sandbox")
	// A server that has ended is let go of only when its pool's cleaner has slept for this long: the
	// hundreds of shops that crash points open one after the other would all be kept for ten seconds.
	a.API.Fiber().Server().MaxIdleWorkerDuration = 200 * time.Millisecond
	w.served = make(chan error, 1)
	go func(a *app.App, l net.Listener, served chan<- error) { served <- a.API.Fiber().Listener(l) }(a, w.listener, w.served)
}

// Restart is the shop after a power cut: the process is gone, its database and
// the world outside are as they were, the power is back.
func (w *World) Restart() {
	w.t.Helper()
	w.stop()
	w.Power.Restore()
	w.open()
}

// stop ends the shop without letting it finish anything.
func (w *World) stop() {
	w.App.EndStreams()
	w.hangUp()
	w.listener.Close() // it may not have been served yet, and would be from now on
	<-w.served
	if err := w.App.Close(); err != nil && !w.Power.Dead() {
		w.t.Errorf("close the shop: %v", err)
	}
}

// hangUp closes the connections that nobody speaks on and waits for the others. The server's
// own way to wait looks every tenth of a second, which is what a whole world else takes.
func (w *World) hangUp() {
	atOnce, cancel := context.WithCancel(context.Background())
	cancel()
	w.App.API.Fiber().ShutdownWithContext(atOnce)
	look := clock.NewTicker(time.Millisecond)
	defer look.Stop()
	for w.App.API.Fiber().Server().GetOpenConnectionsCount() > 0 {
		<-look.C
	}
}

// close ends the world. Whatever the test was about, its books must be in order,
// unless it took the database away.
func (w *World) close() {
	if w.closed {
		return
	}
	w.closed = true
	if !w.t.Failed() && !w.Power.Dead() && w.App.Store.Current(context.Background()) == nil {
		report, err := audit.Run(context.Background(), w.App.Store.Read())
		w.must(err, "audit the books")
		if len(report.Findings) > 0 {
			w.t.Errorf("the books are not in order: %s", report)
		}
	}
	w.stop()
	w.must(w.LJPC.Close(), "close the stand-in of LJPc")
	w.must(w.Pay.Close(), "close the stand-in payment provider")
	// A test that has ended is kept until the one that it is a part of has: with it this world
	// is, and the hundreds of shops that crash points open must not be.
	w.App, w.options = nil, app.Options{}
}

// Work has the shop work by itself until the test ends.
func (w *World) Work() {
	w.must(w.App.Start(context.Background()), "start the workers")
	w.t.Cleanup(func() { w.must(w.App.Stop(), "stop the workers") })
}

// Drain does all that is due now.
func (w *World) Drain() error { return w.App.Drain(context.Background()) }

// Move lets d of the shop's time pass, doing on the way all that falls due.
func (w *World) Move(d time.Duration) error {
	return w.App.MoveTo(context.Background(), w.App.Now().Add(d))
}
