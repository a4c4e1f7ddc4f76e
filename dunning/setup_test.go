package dunning_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/dunning"
	"hostfront/event"
	"hostfront/money"
	"hostfront/review"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
	"hostfront/upstream/ljpc"
)

const day = 24 * time.Hour

// room is dunning on a real database, with a clock that the test moves. Its tasks are never
// worked on, so that nothing is called.
type room struct {
	t        *testing.T
	clock    *clock.Manual
	store    *db.Store
	tasks    *task.Engine
	accounts *account.Accounts
	billing  *billing.Billing
	services *service.Services
	dunning  *dunning.Dunning
	customer account.Customer
	// invoice is the renewal that is not paid, subscription what it is for.
	invoice, subscription string
	due                   time.Time
	// cut is where the power goes off at the next commit; told counts the events of the ladder.
	cut  string
	told map[string]int
}

var errCut = errors.New("the power is cut")

// open is a room whose one customer has not paid the renewal of hosting, on its due date.
func open(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, clock: clock.NewManual(dbtest.Start()), told: map[string]int{}}
	r.store = dbtest.Open(t, func(o *db.Options) {
		o.Clock = r.clock
		o.Cut = func(point string) error {
			if point == r.cut {
				r.cut = ""
				return errCut
			}
			return nil
		}
	})
	r.openRooms()
	var err error
	_, r.customer, err = r.accounts.Register(t.Context(), account.Registration{Email: "ann@example.org", FirstName: "Ann", LastName: "Bos", Country: "NL"})
	r.must(err)
	r.renewal()
	return r
}

func (r *room) openRooms() {
	r.t.Helper()
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	r.must(err)
	sealer, err := seal.New(key)
	r.must(err)
	vat, err := tax.New(tax.Seller{Country: "NL", Schemes: []tax.Scheme{{Kind: tax.SchemeOSS}}})
	r.must(err)
	events := event.New(r.store, r.clock)
	for _, kind := range []string{dunning.EventReminded, dunning.EventFinalNotice, dunning.EventLateFee} {
		events.Subscribe(kind, r.tell)
	}
	r.tasks = task.New(task.Config{Store: r.store, Clock: r.clock, SoleOwner: true})
	r.accounts = account.New(account.Config{Store: r.store, Clock: r.clock, Events: events, Sealer: sealer, SigningKey: key.Derive("test")})
	r.billing, err = billing.New(billing.Config{
		Store: r.store, Clock: r.clock, Tasks: r.tasks, Events: events, Accounts: r.accounts, Tax: vat, Sealer: sealer,
		Currency: money.EUR, Seller: billing.Seller{Name: "Shop", Country: "NL"},
	})
	r.must(err)
	outside, err := ljpc.New(ljpc.Config{BaseURL: "http://127.0.0.1:1", APIKey: "none"})
	r.must(err)
	r.services, err = service.New(service.Config{
		Store: r.store, Clock: r.clock, Tasks: r.tasks, Events: events, Billing: r.billing, Accounts: r.accounts, Sealer: sealer,
		Adapters: []service.Adapter{outside},
	})
	r.must(err)
	r.tasks.Register(r.billing.Kinds()...)
	r.tasks.Register(review.TaskKind(events))
	r.tasks.Register(r.services.Kinds()...)
	r.dunning = dunning.New(dunning.Config{
		Store: r.store, Clock: r.clock, Events: events, Accounts: r.accounts, Billing: r.billing, Services: r.services, Currency: money.EUR,
	})
}

// renewal bills a month of hosting and lets its due date pass.
func (r *room) renewal() {
	r.t.Helper()
	now := db.At(r.clock.Now())
	r.tx(func(q *db.Queries) error {
		_, err := q.ServiceInsert(r.t.Context(), db.ServiceInsertParams{
			ID: "svc_1", CustomerID: r.customer.ID, OrderLineID: "oln_1", Upstream: "ljpc", Kind: service.KindHosting, Name: "ann.nl",
			Description: "Hosting", CreatedAt: now, UpdatedAt: now,
		})
		if err != nil {
			return err
		}
		sub, err := r.billing.Subscribe(r.t.Context(), q, billing.SubscriptionParams{
			CustomerID: r.customer.ID, ServiceID: "svc_1", Kind: billing.HostingSubscription, Description: "Hosting", Cycle: "month",
			Net: money.New(1000, money.EUR), Cost: money.New(400, money.EUR), Anchor: r.clock.Now(),
		})
		r.subscription = sub.ID
		if err != nil {
			return err
		}
		return q.ServiceSetSubscription(r.t.Context(), db.ServiceSetSubscriptionParams{ID: "svc_1", SubscriptionID: sub.ID, UpdatedAt: now})
	})
	r.clock.Advance(25 * day)
	_, err := r.billing.Renew(r.t.Context())
	r.must(err)
	periods, err := r.billing.Periods(r.t.Context(), r.store.Read(), r.subscription)
	r.must(err)
	r.invoice = periods[len(periods)-1].InvoiceID
	inv, err := r.billing.Invoice(r.t.Context(), r.store.Read(), r.invoice)
	r.must(err)
	r.due = inv.DueAt
	r.clock.Advance(r.due.Sub(r.clock.Now()) + time.Minute)
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) tx(fn func(q *db.Queries) error) {
	r.t.Helper()
	r.must(r.store.Tx(r.t.Context(), fn))
}

// days lets days pass, with the jobs as they run; quick runs of a second each follow.
func (r *room) days(n int) {
	r.t.Helper()
	for range n {
		r.clock.Advance(day)
		r.run()
		r.run()
	}
}

func (r *room) run() dunning.Report {
	r.t.Helper()
	_, err := r.billing.Lapse(r.t.Context())
	r.must(err)
	report, err := r.dunning.Run(r.t.Context())
	r.must(err)
	return report
}

// wants holds the steps that were taken against names, "(name)" for one that was passed.
func (r *room) wants(steps string) dunning.Case {
	r.t.Helper()
	c, err := r.dunning.Case(r.t.Context(), r.invoice)
	r.must(err)
	var got []string
	for _, s := range c.Taken {
		if s.Passed {
			s.Step = "(" + s.Step + ")"
		}
		got = append(got, s.Step)
	}
	if strings.Join(got, " ") != steps {
		r.t.Fatalf("on day %d the steps are %v, want %s; frozen %q", int(r.clock.Now().Sub(r.due)/day), got, steps, c.Frozen)
	}
	return c
}

// switched counts the tasks of a kind for the service.
func (r *room) switched(kind string) (n int) {
	r.t.Helper()
	all, err := r.tasks.BySubject(r.t.Context(), nil, "svc_1")
	r.must(err)
	for _, t := range all {
		if t.Kind == kind {
			n++
		}
	}
	return n
}
