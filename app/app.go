package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"hostfront/account"
	"hostfront/agree"
	"hostfront/api"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/cron"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/event"
	"hostfront/mail"
	"hostfront/order"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
	"hostfront/upstream/ljpc"

	"github.com/prometheus/client_golang/prometheus"
)

// App is one shop with every room open. Its rooms are there for whoever embeds a
// shop: tests, a simulation, the demo.
type App struct {
	Config   Config
	Store    *db.Store
	Clock    *clock.Movable
	Tasks    *task.Engine
	Events   *event.Log
	Jobs     *cron.Schedule
	Upstream *ljpc.Client
	Catalog  *catalog.Catalog
	Accounts *account.Accounts
	Billing  *billing.Billing
	Services *service.Services
	Orders   *order.Orders
	Agree    *agree.Auditor
	Dunning  *dunning.Dunning
	Mailer   *mail.Mailer
	API      *api.Server

	options    Options
	log        *slog.Logger
	metrics    *prometheus.Registry
	unlock     func() error
	draining   chan struct{}
	drain      sync.Once
	background sync.WaitGroup
}

// Open opens the database under its lock, brings it to this version, and builds
// the shop on it. Nothing runs yet. The error is one sentence for the operator.
func Open(ctx context.Context, c Config, o Options) (*App, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	unlock, err := db.Lock(c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	a, err := open(ctx, c, o)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	a.unlock = unlock
	return a, nil
}

// OpenBeside opens a shop beside a running server, for a command that does one
// thing. It does not migrate.
func OpenBeside(ctx context.Context, c Config, o Options) (*App, error) {
	if err := c.checkBeside(); err != nil {
		return nil, err
	}
	o.beside = true
	a, err := newApp(ctx, c, o)
	if err != nil {
		return nil, err
	}
	if err := a.Store.Current(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func open(ctx context.Context, c Config, o Options) (*App, error) {
	a, err := newApp(ctx, c, o)
	if err != nil {
		return nil, err
	}
	if err := a.Store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// oneLine names the setting that an error is about, on one line: what a driver says
// may take several.
func oneLine(setting string, err error) error {
	return &settingError{setting: setting, cause: err}
}

type settingError struct {
	setting string
	cause   error
}

// Error is one line.
func (e *settingError) Error() string {
	return e.setting + ": " + strings.Join(strings.Fields(e.cause.Error()), " ")
}

// Unwrap gives the cause.
func (e *settingError) Unwrap() error { return e.cause }

// newApp opens the database and sets the clock.
func newApp(ctx context.Context, c Config, o Options) (*App, error) {
	o = o.withDefaults()
	a := &App{
		Config: c, options: o, log: logger(c, o), Clock: clock.NewMovable(o.Clock, 0),
		metrics: prometheus.NewRegistry(), draining: make(chan struct{}),
	}
	store, err := db.Open(ctx, c.DatabaseURL, db.Options{
		Clock: a.Clock, Entropy: o.Entropy, Cut: o.Cut, Group: o.Group, Log: a.log,
	})
	if err != nil {
		return nil, oneLine("DATABASE_URL", err)
	}
	a.Store = store
	return a, nil
}

// build makes every room, lowest floor first, and ties them together.
func (a *App) build(ctx context.Context) error {
	if err := a.restoreOffset(ctx); err != nil {
		return err
	}
	keys, err := a.Config.keys()
	if err != nil {
		return err
	}
	sealer, err := seal.New(keys...)
	if err != nil {
		return fmt.Errorf("HOSTFRONT_SECRET_KEY: %w", err)
	}
	calculator, err := a.newTax()
	if err != nil {
		return err
	}
	for _, room := range []func() error{
		a.newEngine,
		func() error { return a.newCatalog(ctx, calculator) },
		func() error { return a.newAccounts(sealer, keys) },
		func() error { return a.newBilling(ctx, sealer, calculator) },
		func() error { return a.newDelivery(sealer, calculator) },
		func() error { return a.newMail(sealer) },
		a.register,
		a.newAPI,
	} {
		if err := room(); err != nil {
			return err
		}
	}
	return a.Catalog.Refresh(ctx)
}

// EndStreams has the streams that clients read end, and what else goes on for as
// long as the shop is there: a listener waits for them when it shuts down.
func (a *App) EndStreams() { a.drain.Do(func() { close(a.draining) }) }

// Close gives the database back. A running shop is stopped by ending Run.
func (a *App) Close() error {
	a.EndStreams()
	if a.Catalog != nil {
		a.Catalog.Settle()
	}
	err := a.Store.Close()
	if a.unlock != nil {
		err = errors.Join(err, a.unlock())
	}
	return err
}

func (a *App) newTax() (*tax.Calculator, error) {
	schemes, err := a.Config.Shop.schemes()
	if err != nil {
		return nil, err
	}
	shop := a.Config.Shop
	return tax.New(tax.Seller{Country: shop.Country, VATID: shop.VATID, Schemes: schemes})
}
