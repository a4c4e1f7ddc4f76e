package catalog_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/money"
	"hostfront/upstream"
)

// shop is a catalogue on a real database, with an upstream that the test moves.
type shop struct {
	*catalog.Catalog
	store  *db.Store
	clock  *clock.Manual
	events *event.Log
	source *source
}

// setup makes a shop that adds a quarter to every cost, and has not synced yet.
func setup(t testing.TB, set ...func(*catalog.Config)) *shop {
	t.Helper()
	s := &shop{clock: clock.NewManual(dbtest.Start()), source: newSource()}
	s.store = dbtest.Open(t, func(o *db.Options) { o.Clock = s.clock })
	s.events = event.New(s.store, s.clock)
	s.Catalog = s.process(set...)
	if _, err := s.SaveRules(t.Context(), []catalog.Rule{quarter}); err != nil {
		t.Fatal(err)
	}
	return s
}

// process is a catalogue on the shop's database, as another process has one.
func (s *shop) process(set ...func(*catalog.Config)) *catalog.Catalog {
	conf := catalog.Config{
		Store: s.store, Clock: s.clock, Events: s.events, Upstream: "ljpc",
		Source: s.source, Checker: s.source, Pricer: s.source, Terms: s.source,
		HomeRate: func(time.Time) decimal.Decimal { return decimal.NewFromInt(21) },
	}
	for _, f := range set {
		f(&conf)
	}
	return catalog.New(conf)
}

var quarter = catalog.Rule{Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25)}

func (s *shop) sync(t testing.TB) catalog.SyncReport {
	t.Helper()
	report, err := s.Sync(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// rows is everything that a sync may write about what is sold.
type rows struct {
	Version int64
	Items   []db.CatalogItem
	Prices  map[string]db.CatalogPrice
	History map[string][]db.CatalogPriceHistory
}

func (s *shop) rows(t testing.TB) rows {
	t.Helper()
	q, ctx := s.store.Read(), context.Background()
	version, err := q.CatalogVersion(ctx)
	must(t, err)
	items, err := q.CatalogItems(ctx, "ljpc")
	must(t, err)
	prices, err := q.CatalogPrices(ctx, "ljpc")
	must(t, err)
	out := rows{version, items, map[string]db.CatalogPrice{}, map[string][]db.CatalogPriceHistory{}}
	for _, p := range prices {
		out.Prices[p.ID] = p
	}
	for _, it := range items {
		for _, subject := range []string{it.ID, it.Ref} {
			lines, err := q.CatalogHistory(ctx, db.CatalogHistoryParams{Subject: subject, RowLimit: 100})
			must(t, err)
			if len(lines) > 0 {
				out.History[subject] = lines
			}
		}
	}
	return out
}

// alarms are the codes of the open ones.
func (s *shop) alarms(t testing.TB) []string {
	t.Helper()
	open, err := s.events.OpenAlarms(t.Context(), "", 50)
	must(t, err)
	codes := []string{}
	for _, a := range open {
		codes = append(codes, a.Code)
	}
	slices.Sort(codes)
	return codes
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eur(s string) money.Amount {
	a, err := money.Parse(s, money.EUR)
	if err != nil {
		panic(err)
	}
	return a
}

func cost(s string) *money.Amount {
	a := eur(s)
	return &a
}

// source is an upstream in memory: what it sells, what it says of names, and how
// often it was asked.
type source struct {
	mu       sync.Mutex
	products map[string]upstream.Product
	tlds     map[string]upstream.TLD
	failing  map[string]error // by capability: products, tlds, check, price
	taken    map[string]bool
	exact    map[string]*upstream.DomainPrice
	maxCheck int
	checked  [][]string
	priced   [][]string
	// entered and release, when set, stop a check until the test lets it go on.
	entered chan []string
	release chan struct{}
}

func newSource() *source {
	u := &source{
		products: map[string]upstream.Product{}, tlds: map[string]upstream.TLD{}, failing: map[string]error{},
		taken: map[string]bool{}, exact: map[string]*upstream.DomainPrice{}, maxCheck: 20,
	}
	u.product("h5", "hosting_5gb", "2.00", "20.00")
	u.product("h10", "hosting_10gb", "4.00", "40.00")
	u.tld("nl", "8.00")
	u.tld("com", "10.00")
	u.tld("co.uk", "6.00")
	u.tld("xn--p1ai", "5.00")
	return u
}

func (u *source) product(ref, category, month, year string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	p := upstream.Product{
		Ref: ref, Category: category, Kind: upstream.KindHosting, Name: "Hosting " + ref, RequiresDomain: true,
		Description: "Space for <websites> & mail", Billing: upstream.BillingClientChoice,
		Attributes: map[string]string{"disk_gb": "5", "a": "b"},
	}
	for cycle, price := range map[string]string{upstream.CycleMonth: month, upstream.CycleYear: year} {
		if price != "" {
			p.Prices = append(p.Prices, upstream.Price{Cycle: cycle, Cost: cost(price), List: cost(price)})
		}
	}
	u.products[ref] = p
}

func (u *source) tld(name, list string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := upstream.TLD{Name: name, TransferSupported: true}
	if list != "" {
		t.List = cost(list)
	}
	u.tlds[name] = t
}

func (u *source) fail(capability string, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.failing[capability] = err
}

func (u *source) Products(context.Context) ([]upstream.Product, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Collect(maps.Values(u.products)), u.failing["products"]
}

func (u *source) TLDs(context.Context) ([]upstream.TLD, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Collect(maps.Values(u.tlds)), u.failing["tlds"]
}

func (u *source) DomainYears(string, string) []int { return []int{1} }

func (u *source) MaxCheck() int { return u.maxCheck }

func (u *source) CheckDomains(ctx context.Context, names []string) (map[string]upstream.Availability, error) {
	if u.entered != nil {
		u.entered <- names
		select {
		case <-u.release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.checked = append(u.checked, names)
	if len(names) > u.maxCheck {
		return nil, fmt.Errorf("%d names in one call", len(names))
	}
	out := map[string]upstream.Availability{}
	for _, name := range names {
		out[name] = upstream.Available
		if u.taken[name] {
			out[name] = upstream.Taken
		}
	}
	return out, u.failing["check"]
}

func (u *source) PriceDomains(_ context.Context, names []string) (map[string]*upstream.DomainPrice, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.priced = append(u.priced, names)
	out := map[string]*upstream.DomainPrice{}
	for _, name := range names {
		if exact, ok := u.exact[name]; ok {
			out[name] = exact
		} else {
			out[name] = &upstream.DomainPrice{Cost: eur("7.00")}
		}
	}
	return out, u.failing["price"]
}

func (u *source) calls() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.checked)
}
