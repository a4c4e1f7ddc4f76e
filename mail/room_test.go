package mail_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/mail"
	"hostfront/money"
	"hostfront/seal"
	"hostfront/task"

	"github.com/alexedwards/argon2id"
)

var ctx = context.Background()

// room is a mailer with an engine, a customer, and an outbox that keeps what was
// sent.
type room struct {
	*mail.Mailer
	store    *db.Store
	clock    *clock.Manual
	engine   *task.Engine
	events   *event.Log
	accounts *account.Accounts
	customer account.Customer
	outbox   *outbox
	facts    facts
}

func open(t *testing.T, change ...func(*mail.Config)) *room {
	t.Helper()
	r := &room{clock: clock.NewManual(dbtest.Start()), outbox: &outbox{}, facts: exampleFacts()}
	r.store = dbtest.Open(t, func(o *db.Options) { o.Clock = r.clock })
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	must(t, err)
	sealer, err := seal.New(key)
	must(t, err)
	r.engine = task.New(task.Config{Store: r.store, Clock: r.clock})
	r.events = event.New(r.store, r.clock)
	r.accounts = account.New(account.Config{
		Store: r.store, Clock: r.clock, Events: r.events, Sealer: sealer, SigningKey: []byte("a secret of the app, 32 bytes long"),
		Hash: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16},
	})
	cfg := mail.Config{
		Store: r.store, Clock: r.clock, Tasks: r.engine, Events: r.events, Sealer: sealer, Sender: r.outbox, Facts: r.read(),
		Shop:  mail.Shop{Name: "Ada's Hosting", From: "shop@shop.example", ReplyTo: "help@shop.example", Signature: "Ada's Hosting BV, Keizersgracht 1, Amsterdam, 12345678"},
		Links: mail.Links{BaseURL: "https://shop.example/"},
	}
	for _, f := range change {
		f(&cfg)
	}
	r.Mailer, err = mail.New(cfg)
	must(t, err)
	r.engine.Register(r.Kinds()...)
	_, r.customer, err = r.accounts.Register(ctx, account.Registration{
		Email: "customer@example.com", FirstName: "Grace", LastName: "Hopper", Country: "NL",
	})
	must(t, err)
	return r
}

// happen emits an event about the customer.
func (r *room) happen(t *testing.T, kind string, data map[string]any) {
	t.Helper()
	must(t, r.store.Tx(ctx, func(q *db.Queries) error {
		return r.events.Emit(ctx, q, event.Params{Kind: kind, Subject: "sub_1", CustomerID: r.customer.ID, Data: data})
	}))
}

// work runs everything that is due, moving the clock over pauses between tries.
func (r *room) work(t *testing.T) {
	t.Helper()
	for range 20 {
		did, err := r.engine.Step(ctx)
		must(t, err)
		if did {
			continue
		}
		due, some, err := r.engine.NextDue(ctx)
		must(t, err)
		if !some {
			return
		}
		r.clock.Advance(max(0, due.Sub(r.clock.Now())))
	}
}

// last is the record of the newest mail.
func (r *room) last(t *testing.T) mail.Mail {
	t.Helper()
	mails, _, err := r.Mails(ctx, r.customer.ID, "", 1)
	must(t, err)
	if len(mails) == 0 {
		t.Fatal("no mail was queued")
	}
	return mails[0]
}

// outbox is a sender that keeps what is sent, or fails as it is told.
type outbox struct {
	mu   sync.Mutex
	sent []mail.Message
	fail []error
}

func (o *outbox) Send(_ context.Context, msg mail.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.fail) > 0 {
		err := o.fail[0]
		o.fail = o.fail[1:]
		if err != nil {
			return err
		}
	}
	o.sent = append(o.sent, msg)
	return nil
}

// facts are what the rooms that a mailer reads would say.
type facts struct {
	order        mail.Order
	line         mail.Line
	invoice      mail.Invoice
	service      mail.Service
	method       mail.Method
	pdf          []byte
	err          error
	subscription mail.Subscription
	dispute      mail.Dispute
}

func (r *room) read() mail.Facts {
	return mail.Facts{
		Customer: func(ctx context.Context, id string) (account.Customer, error) {
			return r.accounts.Customer(ctx, r.store.Read(), id)
		},
		Order:      func(context.Context, string) (mail.Order, error) { return r.facts.order, r.facts.err },
		Line:       func(context.Context, string, string) (mail.Line, error) { return r.facts.line, r.facts.err },
		Invoice:    func(context.Context, string) (mail.Invoice, error) { return r.facts.invoice, r.facts.err },
		InvoicePDF: func(context.Context, string) ([]byte, error) { return r.facts.pdf, nil },
		Service:    func(context.Context, string) (mail.Service, error) { return r.facts.service, r.facts.err },
		Method:     func(context.Context, string) (mail.Method, error) { return r.facts.method, r.facts.err },
		PayLink: func(context.Context, string) (string, time.Time, error) {
			return "s1.key.token", r.clock.Now().AddDate(0, 0, 30), r.facts.err
		},
		Subscription: func(context.Context, string) (mail.Subscription, error) { return r.facts.subscription, r.facts.err },
		Dispute:      func(context.Context, string) (mail.Dispute, error) { return r.facts.dispute, r.facts.err },
	}
}

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

func exampleFacts() facts {
	due := time.Date(2026, time.March, 3, 0, 0, 0, 0, time.UTC)
	domain := mail.Line{ID: "lin_1", Description: "Registration of a .com, 1 year", Domain: "example.com", Price: eur(999), OrderNumber: "A-1001", Deadline: due}
	hosting := mail.Line{ID: "lin_2", Description: "Hosting 10 GB & mail, 1 month", Domain: "example.com", Price: eur(500), OrderNumber: "A-1001"}
	lines := []mail.Line{domain, hosting}
	transfer := &mail.Transfer{IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Beneficiary: "Ada's Hosting BV", Reference: "HF7K3Q9"}
	return facts{
		line:  domain,
		order: mail.Order{ID: "ord_1", Number: "A-1001", Lines: lines, Net: eur(1499), VAT: eur(315), Gross: eur(1814), Transfer: transfer},
		invoice: mail.Invoice{
			ID: "inv_1", Number: "2026-0001", Lines: lines, Net: eur(1499), VAT: eur(315), Gross: eur(1814), DueAt: due, Open: true,
			VATNote: "VAT of BE, declared through the One Stop Shop.",
		},
		service: mail.Service{
			ID: "svc_1", Name: "example.com", Description: "Hosting 10 GB & mail for example.com", PaidUntil: due, SignOn: true,
			Records: []mail.Record{{Type: "A", Name: "@", Content: "192.0.2.1"}, {Type: "CNAME", Name: "www", Content: "example.com."}},
		},
		method: mail.Method{ID: "pme_1", Label: "Visa •••• 4242", Charged: true},
		subscription: mail.Subscription{
			ID: "sub_1", ServiceID: "svc_1", Description: "Hosting 10 GB & mail for example.com", Cycle: "month", Price: eur(500), PaidUntil: due,
		},
		dispute: mail.Dispute{ID: "dsp_1", Amount: eur(1814)},
		pdf:     []byte("%PDF-1.4 an invoice"),
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func about(t *testing.T, tasks []task.Task) string {
	t.Helper()
	doc, err := json.Marshal(tasks)
	must(t, err)
	return string(doc)
}

func unavailable() error { return fault.Came(fault.Unavailable, "away", "The server is away.") }
