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
)

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
	next := c.build(m)
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

// follow publishes a change that this process made itself, at once. A failure is not the change's: the next tick of Watch makes it good.
func (c *Catalog) follow(ctx context.Context) {
	if err := c.Refresh(ctx); err != nil {
		c.log.Error("catalogue not refreshed after a change", "error", err)
	}
}
