package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"hostfront/app"
	"hostfront/billing"
	gateway "hostfront/billing/sandbox"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"

	"github.com/shopspring/decimal"
)

// The keys of the stand-ins, and what seals a shop's secrets here.
const (
	upstreamKey   = "bench-upstream-key"
	providerKey   = "bench-provider-key"
	webhookSecret = "bench-webhook-secret"
	secretKey     = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)

// worldOptions say what is outside the shop.
type worldOptions struct {
	// Dir holds the database.
	Dir string
	// ProviderElsewhere runs the payment provider in a process of its own, so that
	// what it remembers does not count as the shop's memory.
	ProviderElsewhere bool
}

// world is a shop that is served, and the stand-ins it talks to.
type world struct {
	app      *app.App
	url, dir string
	upstream *ljpc.Server

	shop    atomic.Pointer[app.App]
	closers []func() error
}

// Now is the shop's time, for the stand-ins, which are there before it.
func (w *world) Now() time.Time {
	if a := w.shop.Load(); a != nil {
		return a.Now()
	}
	return clock.System{}.Now()
}

// openWorld opens a shop with a catalogue of the size that the bars name, mirrored
// and priced, and has it serve. Workers run once Work is called.
func openWorld(ctx context.Context, o worldOptions) (*world, error) {
	w := &world{dir: o.Dir}
	if err := w.open(ctx, o); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *world) open(ctx context.Context, o worldOptions) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w.url = "http://" + listener.Addr().String()
	upstreamURL, err := w.startUpstream(products(productsOfBar), tlds(tldsOfBar))
	if err != nil {
		return err
	}
	providerURL, err := w.startProvider(ctx, o)
	if err != nil {
		return err
	}
	taking, err := gateway.New(gateway.Config{Demo: true, BaseURL: providerURL, Key: providerKey, WebhookSecrets: []string{webhookSecret}})
	if err != nil {
		return err
	}
	w.app, err = app.Open(ctx, config(filepath.Join(o.Dir, "bench.db"), upstreamURL), app.Options{
		Log: quietly(), Gateways: []billing.Gateway{taking},
		MovableTime: true, CheapHash: true, UnlimitedTries: true,
	})
	if err != nil {
		return err
	}
	w.shop.Store(w.app)
	w.closers = append(w.closers, func() error { return errors.Join(w.app.Stop(), w.app.Close()) })
	go func() {
		if err := w.app.API.Fiber().Listener(listener); err != nil {
			fmt.Fprintln(os.Stderr, "bench: the shop stopped serving:", err)
		}
	}()
	return furnish(ctx, w.app)
}

// furnish mirrors the catalogue and prices it.
func furnish(ctx context.Context, a *app.App) error {
	if _, err := a.Catalog.Sync(ctx, nil); err != nil {
		return err
	}
	rules := []catalog.Rule{{
		Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25),
		Ending: catalog.Ending95, Floor: decimal.RequireFromString("0.50"),
	}}
	if err := a.Catalog.EnsureRules(ctx, rules); err != nil {
		return err
	}
	if err := a.Catalog.Refresh(ctx); err != nil {
		return err
	}
	a.Catalog.Settle()
	return nil
}

// startUpstream has a stand-in of LJPc sell a catalogue.
func (w *world) startUpstream(sold []ljpc.Product, names []ljpc.TLD) (string, error) {
	var err error
	w.upstream, err = ljpc.New(ljpc.Options{Clock: w, APIKey: upstreamKey, Seed: 1, Spaces: []int64{812}, Products: sold, TLDs: names})
	if err != nil {
		return "", err
	}
	w.closers = append(w.closers, w.upstream.Close)
	return w.listen(w.upstream)
}

func (w *world) startProvider(ctx context.Context, o worldOptions) (string, error) {
	if o.ProviderElsewhere {
		url, stop, err := startProviderProcess(ctx, w.url+webhookPath)
		if err == nil {
			w.closers = append(w.closers, stop)
		}
		return url, err
	}
	provider, err := newProvider(w, w.url+webhookPath)
	if err != nil {
		return "", err
	}
	w.closers = append(w.closers, provider.Close)
	url, err := w.listen(provider)
	provider.SetBaseURL(url)
	return url, err
}

const webhookPath = "/v1/webhooks/sandbox"

func newProvider(c clock.Clock, webhook string) (*pay.Server, error) {
	return pay.New(pay.Options{Clock: c, APIKey: providerKey, WebhookSecret: webhookSecret, WebhookURL: webhook})
}

// listen serves a stand-in on a free port of the loopback.
func (w *world) listen(handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	w.closers = append(w.closers, server.Close)
	go server.Serve(listener) //nolint:errcheck // it ends when the world is closed
	return "http://" + listener.Addr().String(), nil
}

// Work starts the shop's task workers. The schedule stands still: what is measured
// is started by hand.
func (w *world) Work(ctx context.Context) error { return w.app.Tasks.Start(ctx) }

// Close ends the shop, then what it talked to.
func (w *world) Close() error {
	var err error
	for i := len(w.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, w.closers[i]())
	}
	w.closers = nil
	return err
}

// config is a shop in the Netherlands with every default of a real one.
func config(database, upstream string) app.Config {
	return app.Config{
		Listen: "127.0.0.1:0", DatabaseURL: database, BaseURL: "http://shop.example", LogLevel: "warn", SecretKey: secretKey,
		Shop: app.ShopConfig{
			Name: "Bench Hosting", Seller: "Bench Hosting B.V.", Street: "Keizersgracht 1", Postcode: "1015 CJ", City: "Amsterdam",
			Country: "NL", VATID: "NL123456789B01", VATScheme: "oss@2021-07-01", PriceBasis: "gross",
			Currency: "EUR", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "credit", PauseBy: "customer", TermsVersion: "bench-1",
		},
		LJPC: app.LJPCConfig{APIKey: upstreamKey, Concurrency: 64, BaseURL: upstream, Records: []string{"A @ 192.0.2.10"}},
		Mail: app.MailConfig{From: "shop@example.com"},
	}
}

// quietly logs what went wrong, and nothing else: the requests' and tasks' own log
// would be measured with them.
func quietly() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}
