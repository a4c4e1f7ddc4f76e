package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hostfront/api"
	"hostfront/app"
	"hostfront/billing"
	gateway "hostfront/billing/sandbox"
	"hostfront/clock"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"
	"hostfront/sandbox/storefront"
)

// Options say where a demo lives.
type Options struct {
	// Dir keeps the data over a restart; a temporary folder, removed at the end,
	// when empty.
	Dir string
	// Listen is the address of the shop, such as 127.0.0.1:8080.
	Listen string
	// Out is told where the shop is and what it shows.
	Out io.Writer
	// Log is the shop's log; a file in the folder when nil.
	Log *slog.Logger
}

// The keys of the stand-ins: they are not secrets, they let in to nothing else.
const (
	upstreamKey   = "demo-upstream-key"
	providerKey   = "demo-provider-key"
	webhookSecret = "demo-webhook-secret"

	demoEmail    = "demo@example.com"
	demoPassword = "a demo password"
	adminEmail   = "staff@example.com"
)

// Shop is a running demo: the shop and the stand-ins it talks to.
type Shop struct {
	// URL is where the shop answers; AdminToken lets staff in.
	URL, AdminToken string

	app      *app.App
	upstream *ljpc.Server
	provider *pay.Server
	home     home
	// providerURL is where the stand-in payment provider listens.
	providerURL string
	// upstreamURL is where the stand-in of LJPc listens.
	upstreamURL string
	clock       *shopClock
	servers     []*http.Server
	log         io.Closer
	stop        context.CancelFunc
	stopped     chan error
}

// Start opens a demo and has it serve. The stand-ins listen on ports of their own.
func Start(ctx context.Context, o Options) (*Shop, error) {
	home, err := openHome(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Shop{home: home, clock: &shopClock{}}
	if err := s.start(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Shop) start(ctx context.Context, o Options) error {
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("the demo cannot listen on %s: %w", o.Listen, err)
	}
	s.URL = "http://" + reached(listener.Addr().String())
	s.upstreamURL, err = s.startUpstream()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	taking, err := s.startProvider()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := s.openShop(ctx, o, taking); err != nil {
		return errors.Join(err, listener.Close())
	}
	running, stop := context.WithCancel(ctx)
	s.stop, s.stopped = stop, make(chan error, 1)
	go func() { s.stopped <- s.app.Run(running, listener) }()
	return nil
}

// reached is where a listener is reached from this machine: one that listens on every
// address has none that a link could lead to.
func reached(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return address
}

// startUpstream has the stand-in of LJPc listen.
func (s *Shop) startUpstream() (string, error) {
	var err error
	s.upstream, err = ljpc.New(ljpc.Options{
		Clock: s.clock, APIKey: upstreamKey, Seed: 1, Spaces: []int64{812}, StateFile: s.home.file("upstream.json"),
	})
	if err != nil {
		return "", err
	}
	return s.listen("upstream", s.upstream)
}

// startProvider has the stand-in payment provider listen, and makes the gateway
// that talks to it.
func (s *Shop) startProvider() (billing.Gateway, error) {
	var err error
	s.provider, err = pay.New(pay.Options{
		Clock: s.clock, APIKey: providerKey, WebhookSecret: webhookSecret,
		WebhookURL: s.URL + "/v1/webhooks/sandbox", StateFile: s.home.file("provider.json"),
	})
	if err != nil {
		return nil, err
	}
	url, err := s.listen("provider", s.provider)
	if err != nil {
		return nil, err
	}
	s.providerURL = url
	s.provider.SetBaseURL(url)
	return gateway.New(gateway.Config{Demo: true, BaseURL: url, Key: providerKey, WebhookSecrets: []string{webhookSecret}})
}

func (s *Shop) openShop(ctx context.Context, o Options, taking billing.Gateway) error {
	config, err := s.home.config(s.URL, s.upstreamURL)
	if err != nil {
		return err
	}
	window, err := storefront.New(storefront.Options{Shop: s.URL})
	if err != nil {
		return err
	}
	log, err := s.openLog(o)
	if err != nil {
		return err
	}
	s.app, err = app.Open(ctx, config, app.Options{
		Log: log, Gateways: []billing.Gateway{taking}, MovableTime: true, Quiet: s.provider.Quiet,
		Pages: api.Pages{Paths: window.Paths(), Handler: window},
	})
	if err != nil {
		return err
	}
	s.clock.follow(s.app)
	return s.furnish(ctx)
}

func (s *Shop) openLog(o Options) (*slog.Logger, error) {
	if o.Log != nil {
		return o.Log, nil
	}
	file, err := os.OpenFile(s.home.file("hostfront.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the demo's log: %w", err)
	}
	s.log = file
	return slog.New(slog.NewJSONHandler(file, nil)), nil
}

// listen serves a stand-in on a port of this machine: where it was the last time in this
// folder, for the shop knows links that lead there, else on a free one.
func (s *Shop) listen(name string, handler http.Handler) (string, error) {
	kept := s.home.file(name + ".address")
	before, _ := os.ReadFile(kept)
	listener, err := net.Listen("tcp", cmp.Or(strings.TrimSpace(string(before)), "127.0.0.1:0"))
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", fmt.Errorf("a stand-in cannot listen: %w", err)
	}
	if err := os.WriteFile(kept, []byte(listener.Addr().String()+"\n"), 0o600); err != nil {
		return "", errors.Join(fmt.Errorf("the address of a stand-in: %w", err), listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("a stand-in stopped", "error", err)
		}
	}()
	return "http://" + listener.Addr().String(), nil
}

// Wait is until the shop stops by itself or ctx ends.
func (s *Shop) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.stopped:
		s.stopped <- nil
		return err
	}
}

// Close ends the shop, then the stand-ins it was talking to.
func (s *Shop) Close() error {
	var err error
	if s.stop != nil {
		s.stop()
		err = <-s.stopped
	}
	if s.app != nil {
		err = errors.Join(err, s.app.Close())
	}
	if s.provider != nil {
		err = errors.Join(err, s.provider.Close())
	}
	if s.upstream != nil {
		err = errors.Join(err, s.upstream.Close())
	}
	for _, server := range s.servers {
		err = errors.Join(err, server.Close())
	}
	if s.log != nil {
		err = errors.Join(err, s.log.Close())
	}
	return errors.Join(err, s.home.close())
}

// file is a path in the demo's folder.
func (h home) file(name string) string { return filepath.Join(h.dir, name) }

// pause is a moment of real time between two looks.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-clock.After(20 * time.Millisecond):
		return nil
	}
}
