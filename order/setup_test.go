package order_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/shopspring/decimal"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/billing/transfer"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/money"
	"hostfront/order"
	"hostfront/review"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
	"hostfront/upstream/ljpc"
)

// shop is every room up to the counter on a real database, with LJPc's stand-in
// behind real HTTP and a till that the test opens.
type shop struct {
	// writes counts the transactions that wrote.
	writes   atomic.Int64
	t        *testing.T
	clock    *clock.Manual
	store    *db.Store
	tasks    *task.Engine
	events   *event.Log
	catalog  *catalog.Catalog
	accounts *account.Accounts
	billing  *billing.Billing
	services *service.Services
	orders   *order.Orders
	ljpc     *sandbox.Server
	wire     *wire
	rival    *ljpc.Client
	till     *till
	customer account.Customer

	mu   sync.Mutex
	keys int
}

var (
	pack    = sandbox.Product{UUID: "b6f1f6a0-0000-4000-8000-000000000010", Name: "Hosting 10 GB", Category: "hosting", Identifier: "hosting_10gb", Billing: "client_choice", Monthly: euro(500), Yearly: euro(5000), DiskGB: 10}
	forward = sandbox.Product{UUID: "b6f1f6a0-0000-4000-8000-000000000011", Name: "Forward", Category: "hosting", Identifier: "hosting_forward", Billing: "yearly", Yearly: euro(1000)}
	tlds    = []sandbox.TLD{
		{Name: "nl", List: euro(799), Cost: money.New(599, money.EUR), Transfer: true},
		{Name: "com", List: euro(1295), Cost: money.New(999, money.EUR), Transfer: true},
		{Name: "dk", List: euro(1495), Cost: money.New(1199, money.EUR)},
	}
)

func euro(cents int64) *money.Amount {
	a := money.New(cents, money.EUR)
	return &a
}

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, clock: clock.NewManual(dbtest.Start()), till: newTill()}
	s.store = dbtest.Open(t, func(o *db.Options) { o.Clock, o.Cut = s.clock, s.cut })
	s.events = event.New(s.store, s.clock)
	s.tasks = task.New(task.Config{
		Store: s.store, Clock: s.clock, SoleOwner: true, Log: slog.New(slog.DiscardHandler),
		Alarm: func(ctx context.Context, q *db.Queries, a task.Alarm) error { return s.events.TaskAlarm(ctx, q, a) },
	})
	s.openUpstream()
	s.openRooms()
	s.customer = s.register("ann@example.org", "NL")
	return s
}

func (s *shop) openUpstream() {
	s.t.Helper()
	server, err := sandbox.New(sandbox.Options{
		Clock: s.clock, Products: []sandbox.Product{pack, forward}, TLDs: tlds, Spaces: []int64{7},
		Keys: []sandbox.Key{{Secret: sandbox.DefaultAPIKey, Account: sandbox.DefaultAccount}, {Secret: "rival-key", Account: "rival"}},
	})
	s.must(err)
	s.ljpc = server
	web := httptest.NewServer(server)
	s.t.Cleanup(func() {
		web.Close()
		if err := server.Close(); err != nil {
			s.t.Error(err)
		}
	})
	s.wire = &wire{}
	client, err := ljpc.New(ljpc.Config{BaseURL: web.URL, APIKey: sandbox.DefaultAPIKey, Transport: s.wire, SpaceIDs: []int64{7}})
	s.must(err)
	s.rival, err = ljpc.New(ljpc.Config{BaseURL: web.URL, APIKey: "rival-key"})
	s.must(err)
	s.catalog = catalog.New(catalog.Config{
		Store: s.store, Clock: s.clock, Events: s.events, Upstream: client.Name(), Source: client, Checker: client, Pricer: client,
		Terms: client, HomeRate: func(time.Time) decimal.Decimal { return decimal.NewFromInt(21) },
		OwnSpaces: []catalog.OwnSpace{{SpaceID: 7, Name: "Own space", Month: euro(300)}},
	})
	s.t.Cleanup(s.catalog.Settle)
	_, err = s.catalog.SaveRules(s.t.Context(), []catalog.Rule{{Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25)}})
	s.must(err)
	_, err = s.catalog.Sync(s.t.Context(), func(string, int, int) {})
	s.must(err)
	s.must(s.catalog.Refresh(s.t.Context()))
	s.services = &service.Services{}
	s.services.Adapters = []service.Adapter{client}
}

func (s *shop) openRooms() {
	s.t.Helper()
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	s.must(err)
	sealer, err := seal.New(key)
	s.must(err)
	calculator, err := tax.New(tax.Seller{Country: "NL", Schemes: []tax.Scheme{{Kind: tax.SchemeOSS}}})
	s.must(err)
	s.accounts = account.New(account.Config{
		Store: s.store, Clock: s.clock, Events: s.events, Sealer: sealer, SigningKey: key.Derive("test"),
		Hash: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	})
	bank, err := transfer.New(transfer.Config{IBAN: "NL91ABNA0417164300", Beneficiary: "Shop"})
	s.must(err)
	s.billing, err = billing.New(billing.Config{
		Store: s.store, Clock: s.clock, Tasks: s.tasks, Events: s.events, Accounts: s.accounts, Tax: calculator, Sealer: sealer,
		Gateways: []billing.Gateway{s.till, bank}, Currency: money.EUR, Seller: billing.Seller{Name: "Shop", Country: "NL"},
	})
	s.must(err)
	s.services, err = service.New(service.Config{
		Store: s.store, Clock: s.clock, Tasks: s.tasks, Events: s.events, Billing: s.billing, Accounts: s.accounts,
		Sealer: sealer, Adapters: s.services.Adapters,
	})
	s.must(err)
	s.orders, err = order.New(order.Config{
		Store: s.store, Clock: s.clock, Tasks: s.tasks, Events: s.events, Catalog: s.catalog, Accounts: s.accounts,
		Billing: s.billing, Services: s.services, Tax: calculator, Sealer: sealer, SellerCountry: "NL",
	})
	s.must(err)
	s.tasks.Register(s.billing.Kinds()...)
	s.tasks.Register(review.TaskKind(s.events))
	s.tasks.Register(s.services.Kinds()...)
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) register(email, country string) account.Customer {
	s.t.Helper()
	_, c, err := s.accounts.Register(s.t.Context(), account.Registration{
		Email: email, FirstName: "Ann", LastName: "Bos", Street: "Keizersgracht", Number: "1", Postcode: "1015AA", City: "Amsterdam", Country: country,
	})
	s.must(err)
	return c
}
