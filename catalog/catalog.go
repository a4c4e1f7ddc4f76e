package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/upstream"
)

// Config is what a Catalog is made of.
type Config struct {
	Store *db.Store
	// Clock is the shop's own time; Steady (default: Clock) counts quotas.
	Clock, Steady clock.Clock
	Events        *event.Log
	Log           *slog.Logger

	// Upstream is the adapter's name ("ljpc"); Source, Checker, Pricer and Terms are
	// what it can do. A nil Checker leaves names unknown, a nil Pricer leaves the
	// TLD's indicative price, nil Terms mean one year.
	Upstream string
	Source   upstream.Catalogue
	Checker  upstream.DomainChecker
	Pricer   upstream.DomainPricer
	Terms    upstream.Terms

	Currency money.Currency
	Basis    Basis // default Net
	// HomeRate is the seller's own VAT rate in percent (21) at an instant.
	HomeRate func(time.Time) decimal.Decimal
	// SellableTLD says whether the shop can carry what a TLD asks of a registrant;
	// nil: all. A TLD that it refuses is not sold, whatever its price.
	SellableTLD func(tld string) (ok bool, reason string)
	// OwnSpaces are the operator's own hosting spaces that are sold by the site.
	OwnSpaces []OwnSpace

	// JumpPercent is the change of a cost that is not believed; default 20.
	JumpPercent int64
	// VanishPercent is the part of what is on sale that may be missing from an answer
	// before it counts as a half one; default 50. It matters from 20 items on.
	VanishPercent int64

	// CheckTTL is how long a name's availability is believed; default 30 s.
	CheckTTL time.Duration
	// CheckTimeout bounds the upstream's calls of one check; default 10 s.
	CheckTimeout time.Duration
	// CheckNames is how many names one call may ask; default 50. CheckRate and
	// CheckBurst are a client's quota in names: default 120 a minute and 100.
	CheckNames, CheckRate, CheckBurst int
}

// OwnSpace is hosting on a space that the operator already rents: it costs nothing
// more, and has the price that is set here, in the shop's basis.
type OwnSpace struct {
	SpaceID           int64
	Name, Description string
	Month, Year       *money.Amount
}

// Catalog is the catalogue room: one for each process.
type Catalog struct {
	store    *db.Store
	clock    clock.Clock
	events   *event.Log
	log      *slog.Logger
	upstream string
	conf     Config

	published  atomic.Pointer[Snapshot]
	rebuild    sync.Mutex // one rebuild at a time
	background sync.WaitGroup
	checks     *checks
}

// New makes the catalogue. Its snapshot is empty until Refresh.
func New(conf Config) *Catalog {
	conf = conf.withDefaults()
	c := &Catalog{
		store: conf.Store, clock: conf.Clock, events: conf.Events, log: conf.Log,
		upstream: conf.Upstream, conf: conf,
	}
	c.checks = newChecks(conf)
	c.published.Store(emptySnapshot(c.newBook(nil)))
	return c
}

func (conf Config) withDefaults() Config {
	if conf.Steady == nil {
		conf.Steady = conf.Clock
	}
	if conf.Log == nil {
		conf.Log = slog.New(slog.DiscardHandler)
	}
	if conf.Basis == "" {
		conf.Basis = Net
	}
	if conf.Currency == "" {
		conf.Currency = money.EUR
	}
	if conf.HomeRate == nil {
		conf.HomeRate = func(time.Time) decimal.Decimal { return decimal.Zero }
	}
	orElse(&conf.JumpPercent, 20)
	orElse(&conf.VanishPercent, 50)
	orElse(&conf.CheckTTL, 30*time.Second)
	orElse(&conf.CheckTimeout, 10*time.Second)
	orElse(&conf.CheckNames, 50)
	orElse(&conf.CheckRate, 120)
	orElse(&conf.CheckBurst, 100)
	conf.CheckBurst = max(conf.CheckBurst, conf.CheckNames)
	return conf
}

func orElse[T int | int64 | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}

// Snapshot is the catalogue as it is published now: never nil, and never changing.
func (c *Catalog) Snapshot() *Snapshot { return c.published.Load() }

// Refresh rebuilds the snapshot when the catalogue's version, or the home rate
// that gross prices hang on, has moved since the last one.
func (c *Catalog) Refresh(ctx context.Context) error {
	c.rebuild.Lock()
	defer c.rebuild.Unlock()
	version, err := c.store.Read().CatalogVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue's version: %w", err)
	}
	now := c.Snapshot()
	if version == now.version && c.homeRate().Equal(now.book.vat.percent) {
		return nil
	}
	m, err := c.load(ctx)
	if err != nil {
		return err
	}
	next, err := c.build(m)
	if err != nil {
		return fmt.Errorf("publish catalogue version %d: %w", m.version, err)
	}
	c.published.Store(next)
	c.background.Go(func() { next.compress(func() bool { return c.published.Load() != next }) })
	return nil
}

// Watch refreshes every second until ctx ends. A failure keeps the old snapshot and
// is logged once until it changes.
func (c *Catalog) Watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-ctx.Done():
			c.background.Wait()
			return
		case <-tick.C:
		}
		err := c.Refresh(ctx)
		switch {
		case err == nil:
			last = ""
		case ctx.Err() == nil && err.Error() != last:
			last = err.Error()
			c.log.Error("catalogue not refreshed", "error", err)
		}
	}
}

// Settle waits until the present snapshot's pages are compressed: for tests,
// benchmarks and an orderly end.
func (c *Catalog) Settle() { c.background.Wait() }

func (c *Catalog) homeRate() decimal.Decimal { return c.conf.HomeRate(c.clock.Now()) }

func (c *Catalog) newBook(rules []Rule) *book {
	return newBook(rules, c.conf.Currency, c.conf.Basis, c.homeRate())
}

// published is called after a change that this process made itself: the snapshot
// follows at once. A failure is not the change's: the next tick of Watch makes it good.
func (c *Catalog) follow(ctx context.Context) {
	if err := c.Refresh(ctx); err != nil {
		c.log.Error("catalogue not refreshed after a change", "error", err)
	}
}
