package order_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
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
	s.store = dbtest.Open(t, func(o *db.Options) { o.Clock = s.clock })
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

// settle runs every task that is due, and those that fall due within the time given:
// the clock moves to each.
func (s *shop) settle(within time.Duration) {
	s.t.Helper()
	until := s.clock.Now().Add(within)
	for range 500 {
		ran, err := s.tasks.Step(s.t.Context())
		s.must(err)
		if ran {
			continue
		}
		next, waits, err := s.tasks.NextDue(s.t.Context())
		s.must(err)
		if !waits || next.After(until) {
			return
		}
		s.clock.Advance(next.Sub(s.clock.Now()))
	}
	s.t.Fatal("the tasks never come to rest")
}

// buy quotes and orders, signed in.
func (s *shop) quote(lines ...order.LineParams) order.Quote {
	s.t.Helper()
	q, err := s.orders.Quote(s.t.Context(), order.QuoteParams{CustomerID: s.customer.ID, Lines: lines})
	s.must(err)
	return q
}

func (s *shop) params(quoteID string) order.PlaceParams {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys++
	return order.PlaceParams{
		CustomerID: s.customer.ID, QuoteID: quoteID, Registrant: registrant(), Address: "192.0.2.1", Gateway: "till",
		Consents: order.Consents{Terms: true, RegistryTerms: true, ImmediateDelivery: true},
		Idempotency: order.Idempotency{
			Actor: s.customer.ID, Route: "POST /v1/orders", Key: fmt.Sprintf("key-%d", s.keys), BodyHash: quoteID,
		},
	}
}

func registrant() *account.Registrant {
	return &account.Registrant{
		Type: account.Person, FirstName: "Ann", LastName: "Bos", Email: "ann@example.org", Phone: "+31201234567",
		Street: "Keizersgracht", Number: "1", Postcode: "1015AA", City: "Amsterdam", Country: "NL",
	}
}

func (s *shop) place(lines ...order.LineParams) order.Order {
	s.t.Helper()
	placed, err := s.orders.Place(s.t.Context(), s.params(s.quote(lines...).ID))
	s.must(err)
	return placed.Order
}

// pay has the provider take the money and say so.
func (s *shop) pay(o order.Order) {
	s.t.Helper()
	s.tell(o, billing.PaymentSucceeded)
}

func (s *shop) tell(o order.Order, state billing.PaymentState) {
	s.t.Helper()
	p, err := s.billing.Payment(s.t.Context(), o.PaymentID)
	s.must(err)
	s.till.move(p.Reference, state)
	body, err := json.Marshal(p.Reference)
	s.must(err)
	s.must(s.billing.ReceiveWebhook(s.t.Context(), "till", http.Header{"Event": {fmt.Sprint(s.clock.Now().UnixMilli(), p.Reference, state)}}, body))
}

// now is an order as it stands.
func (s *shop) now(o order.Order) order.Order {
	s.t.Helper()
	got, err := s.orders.ByID(s.t.Context(), o.ID)
	s.must(err)
	return got
}

func (s *shop) want(o order.Order, state order.State, lines ...order.State) order.Order {
	s.t.Helper()
	got := s.now(o)
	states := []order.State{}
	for _, l := range got.Lines {
		states = append(states, l.State)
	}
	if got.State != state || fmt.Sprint(states) != fmt.Sprint(lines) {
		for _, l := range got.Lines {
			tasks, err := s.tasks.BySubject(s.t.Context(), nil, l.ID)
			s.must(err)
			for _, k := range tasks {
				s.t.Logf("%s %s: %s %s %s %s", l.Kind, l.Domain, k.Kind, k.State, k.ErrorCode, k.LastError)
			}
		}
		s.t.Fatalf("order is %s %v, want %s %v", got.State, states, state, lines)
	}
	return got
}

// balanced fails the test unless the books add up.
func (s *shop) balanced() {
	s.t.Helper()
	sum, err := s.billing.LedgerBalance(s.t.Context())
	s.must(err)
	if sum != 0 {
		s.t.Fatalf("the ledger is off by %d", sum)
	}
}

// refunded is what went back to the customer.
func (s *shop) refunded(o order.Order) money.Amount {
	s.t.Helper()
	notes, err := s.billing.CreditNotes(s.t.Context(), s.store.Read(), o.InvoiceID)
	s.must(err)
	sum := money.Zero(money.EUR)
	for _, n := range notes {
		sum = sum.Add(n.Gross.Neg())
	}
	return sum
}

// taskOf is the delivering task of a line.
func (s *shop) taskOf(l order.Line) task.Task {
	s.t.Helper()
	tasks, err := s.tasks.BySubject(s.t.Context(), nil, l.ID)
	s.must(err)
	if len(tasks) != 1 {
		s.t.Fatalf("line %s has %d tasks", l.ID, len(tasks))
	}
	return tasks[0]
}

// hosting of the pack for a domain.
func (s *shop) hosting(domain string) order.LineParams {
	s.t.Helper()
	for _, p := range s.catalog.Snapshot().Products() {
		if p.Ref == pack.UUID {
			return order.LineParams{ProductID: p.ID, Cycle: "month", Domain: domain}
		}
	}
	s.t.Fatal("the pack is not on sale")
	return order.LineParams{}
}

func registration(domain string) order.LineParams {
	return order.LineParams{Action: "register", Domain: domain}
}

func moving(domain, code string) order.LineParams {
	return order.LineParams{Action: "transfer", Domain: domain, AuthCode: code}
}
