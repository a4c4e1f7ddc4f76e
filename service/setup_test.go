package service_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/money"
	"hostfront/review"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
	"hostfront/upstream/ljpc"
)

// room is the delivery on a real database, with LJPc's stand-in behind real HTTP. Its
// invoices are free, so that they release their tasks as they are issued.
type room struct {
	t        *testing.T
	clock    *clock.Manual
	store    *db.Store
	tasks    *task.Engine
	events   *event.Log
	accounts *account.Accounts
	billing  *billing.Billing
	sealer   *seal.Sealer
	services *service.Services
	ljpc     *sandbox.Server
	client   *ljpc.Client
	customer account.Customer
}

// open makes a room whose upstream is what adapt makes of LJPc's client; nil: the
// client itself.
func open(t *testing.T, adapt func(*ljpc.Client) service.Adapter) *room {
	t.Helper()
	r := &room{t: t, clock: clock.NewManual(dbtest.Start())}
	r.store = dbtest.Open(t, func(o *db.Options) { o.Clock = r.clock })
	r.events = event.New(r.store, r.clock)
	r.tasks = task.New(task.Config{Store: r.store, Clock: r.clock, SoleOwner: true})
	r.openUpstream()
	r.openRooms(adapt)
	_, customer, err := r.accounts.Register(t.Context(), account.Registration{
		Email: "ann@example.org", FirstName: "Ann", LastName: "Bos", Country: "NL",
	})
	r.must(err)
	r.customer = customer
	return r
}

func (r *room) openUpstream() {
	r.t.Helper()
	ten := money.New(1000, money.EUR)
	server, err := sandbox.New(sandbox.Options{
		Clock:    r.clock,
		Products: []sandbox.Product{{UUID: "b6f1f6a0-0000-4000-8000-000000000010", Name: "Hosting", Category: "hosting", Identifier: "hosting_10gb", Billing: "monthly", Monthly: &ten, DiskGB: 10}},
		TLDs:     []sandbox.TLD{{Name: "nl", List: &ten, Cost: money.New(599, money.EUR), Transfer: true}},
	})
	r.must(err)
	web := httptest.NewServer(server)
	r.t.Cleanup(func() {
		web.Close()
		if err := server.Close(); err != nil {
			r.t.Error(err)
		}
	})
	r.ljpc = server
	r.client, err = ljpc.New(ljpc.Config{BaseURL: web.URL, APIKey: sandbox.DefaultAPIKey})
	r.must(err)
}

func (r *room) openRooms(adapt func(*ljpc.Client) service.Adapter) {
	r.t.Helper()
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	r.must(err)
	r.sealer, err = seal.New(key)
	r.must(err)
	calculator, err := tax.New(tax.Seller{Country: "NL", Schemes: []tax.Scheme{{Kind: tax.SchemeOSS}}})
	r.must(err)
	r.accounts = account.New(account.Config{
		Store: r.store, Clock: r.clock, Events: r.events, Sealer: r.sealer, SigningKey: key.Derive("test"),
		Hash: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	})
	r.billing, err = billing.New(billing.Config{
		Store: r.store, Clock: r.clock, Tasks: r.tasks, Events: r.events, Accounts: r.accounts, Tax: calculator, Sealer: r.sealer,
		Currency: money.EUR, Seller: billing.Seller{Name: "Shop", Country: "NL"},
	})
	r.must(err)
	var adapter service.Adapter = r.client
	if adapt != nil {
		adapter = adapt(r.client)
	}
	r.services, err = service.New(service.Config{
		Store: r.store, Clock: r.clock, Tasks: r.tasks, Events: r.events, Billing: r.billing, Accounts: r.accounts,
		Sealer: r.sealer, Adapters: []service.Adapter{adapter},
	})
	r.must(err)
	r.tasks.Register(r.billing.Kinds()...)
	r.tasks.Register(review.TaskKind(r.events))
	r.tasks.Register(r.services.Kinds()...)
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// settle runs what falls due within the time given.
func (r *room) settle(within time.Duration) {
	r.t.Helper()
	until := r.clock.Now().Add(within)
	for range 300 {
		ran, err := r.tasks.Step(r.t.Context())
		r.must(err)
		if ran {
			continue
		}
		next, waits, err := r.tasks.NextDue(r.t.Context())
		r.must(err)
		if !waits || next.After(until) {
			return
		}
		r.clock.Advance(next.Sub(r.clock.Now()))
	}
	r.t.Fatal("the tasks never come to rest")
}

// deliver hands lines over, and issues the free invoice that releases them.
func (r *room) deliver(lines ...service.DeliverParams) {
	r.t.Helper()
	r.must(r.store.Tx(r.t.Context(), func(q *db.Queries) error {
		invoice := billing.InvoiceParams{ID: r.store.NewID("inv"), CustomerID: r.customer.ID, Subject: "ord_1", Kind: billing.SaleInvoice}
		for _, l := range lines {
			l.InvoiceID, l.OrderID, l.CustomerID, l.Upstream, l.Description = invoice.ID, "ord_1", r.customer.ID, "ljpc", l.Kind+" "+l.Domain
			l.Net, l.RenewNet, l.RenewCost = money.Zero(money.EUR), money.New(800, money.EUR), money.New(599, money.EUR)
			if l.Kind == service.Register {
				var err error
				if l.RegistrantID, err = r.accounts.Registrant(r.t.Context(), q, r.customer.ID, registrant("ann@example.org")); err != nil {
					return err
				}
			}
			if err := r.services.Deliver(r.t.Context(), q, l); err != nil {
				return err
			}
			invoice.Lines = append(invoice.Lines, billing.LineParams{Description: l.Description, Subject: l.ID, Net: l.Net})
		}
		_, err := r.billing.Issue(r.t.Context(), q, invoice)
		return err
	}))
}

func registrant(email string) account.Registrant {
	return account.Registrant{
		Type: account.Person, FirstName: "Ann", LastName: "Bos", Email: email, Phone: "+31201234567",
		Street: "Keizersgracht", Number: "1", Postcode: "1015AA", City: "Amsterdam", Country: "NL",
	}
}

func name(id, domain string) service.DeliverParams {
	return service.DeliverParams{ID: id, Kind: service.Register, Domain: domain, Cycle: "year", Cost: money.New(599, money.EUR)}
}

func site(id, domain string) service.DeliverParams {
	return service.DeliverParams{
		ID: id, Kind: service.Hosting, Domain: domain, Cycle: "month", ProductRef: "b6f1f6a0-0000-4000-8000-000000000010",
		Category: "hosting_10gb", Cost: money.New(1000, money.EUR),
	}
}

// standing is how a delivery stands.
func (r *room) standing(id string) service.Delivery {
	r.t.Helper()
	all, err := r.services.Deliveries(r.t.Context(), r.store.Read(), service.Orders{Oldest: "ord_1", Newest: "ord_1"})
	r.must(err)
	d, ok := all[id]
	if !ok {
		r.t.Fatalf("there is no delivery %s", id)
	}
	return d
}

// delivered is the id of the service that a delivery has become.
func (r *room) delivered(id string) string {
	r.t.Helper()
	d := r.standing(id)
	if d.State != service.DeliveryDelivered || d.ServiceID == "" {
		tasks, err := r.tasks.BySubject(context.WithoutCancel(r.t.Context()), nil, id)
		r.must(err)
		r.t.Fatalf("delivery %s is %+v, its tasks %+v", id, d, tasks)
	}
	return d.ServiceID
}
