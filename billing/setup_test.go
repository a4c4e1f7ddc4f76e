package billing_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/money"
	"hostfront/review"
	"hostfront/seal"
	"hostfront/task"
	"hostfront/tax"
)

// shop is billing with all it stands on, on a database of its own.
type shop struct {
	t        testing.TB
	ctx      context.Context
	store    *db.Store
	clock    *clock.Manual
	tasks    *task.Engine
	events   *event.Log
	accounts *account.Accounts
	billing  *billing.Billing
	card     *memory
	// delivered are the subjects of the deliveries that ran, seen the kinds of events.
	mu        sync.Mutex
	delivered []string
	seen      []string
	// subscribers are the customers of a benchmark.
	subscribers []string
}

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

type option func(*billing.Config)

func setup(t testing.TB, opts ...option) *shop {
	t.Helper()
	s := &shop{t: t, ctx: context.Background(), clock: clock.NewManual(dbtest.Start()), card: newMemory("card")}
	s.store = dbtest.Open(t, func(o *db.Options) { o.Clock = s.clock })
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	s.must(err)
	sealer, err := seal.New(key)
	s.must(err)
	s.events = event.New(s.store, s.clock)
	s.tasks = task.New(task.Config{
		Store: s.store, Clock: s.clock, Steady: s.clock, SoleOwner: s.store.Engine() == db.SQLite, Alarm: s.events.TaskAlarm,
		Slots: map[string]int{"card": 32},
	})
	s.accounts = account.New(account.Config{
		Store: s.store, Clock: s.clock, Events: s.events, Sealer: sealer, SigningKey: []byte("0123456789abcdef0123456789abcdef"),
	})
	calc, err := tax.New(tax.Seller{Country: "NL", VATID: "NL001234567B01", Schemes: []tax.Scheme{{Kind: tax.SchemeOSS}}})
	s.must(err)
	c := billing.Config{
		Store: s.store, Clock: s.clock, Tasks: s.tasks, Events: s.events, Accounts: s.accounts, Tax: calc, Sealer: sealer,
		Gateways: []billing.Gateway{s.card, &byHand{newMemory("transfer")}}, Currency: money.EUR,
		Seller: billing.Seller{Name: "Shop BV", Street: "Kade 1", Postcode: "1011AB", City: "Amsterdam", Country: "NL", VATID: "NL001234567B01", Registration: "KvK 12345678"},
	}
	for _, o := range opts {
		o(&c)
	}
	s.billing, err = billing.New(c)
	s.must(err)
	s.tasks.Register(s.billing.Kinds()...)
	s.tasks.Register(review.TaskKind(s.events))
	s.tasks.Register(s.deliver("test.deliver"), s.deliver("domain.renewal"))
	for _, kind := range []string{"invoice.paid", "invoice.issued", "invoice.void", "payment.failed", "refund.sent"} {
		s.events.Subscribe(kind, func(_ context.Context, _ *db.Queries, e event.Event) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.seen = append(s.seen, e.Kind)
			return nil
		})
	}
	t.Cleanup(func() { s.checkBooks() })
	return s
}

// byHand is a gateway like a bank transfer: nobody calls back, nobody can be charged.
type byHand struct{ billing.Gateway }

// Begin says where to transfer the money.
func (g *byHand) Begin(ctx context.Context, c billing.Charge) (billing.Status, error) {
	st, err := g.Gateway.Begin(ctx, c)
	st.Next = &billing.NextAction{Type: "transfer", IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Beneficiary: "Shop BV", Reference: "HFDWBKDBZ4"}
	return st, err
}

func (s *shop) deliver(kind string) task.Kind {
	return task.Kind{Name: kind, Queue: "test", Idempotent: true, Do: func(_ context.Context, t task.Task) (task.Progress, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.delivered = append(s.delivered, t.Subject)
		return task.Progress{}, nil
	}}
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) tx(fn func(q *db.Queries) error) {
	s.t.Helper()
	s.must(s.store.Tx(s.ctx, fn))
}

// checkBooks holds what must hold after every test: the ledger adds up to zero, and
// receivable says of each invoice what its state says.
func (s *shop) checkBooks() {
	s.t.Helper()
	sum, err := s.billing.LedgerBalance(s.ctx)
	s.must(err)
	if sum != 0 {
		s.t.Errorf("the ledger is off by %d", sum)
	}
	for cursor := ""; ; {
		page, err := s.billing.AllInvoices(s.ctx, "", cursor, 100)
		s.must(err)
		for _, inv := range page {
			s.checkInvoice(inv)
			cursor = inv.ID
		}
		if len(page) < 100 {
			return
		}
	}
}

func (s *shop) checkInvoice(inv billing.Invoice) {
	s.t.Helper()
	owed, err := s.store.Read().LedgerInvoice(s.ctx, inv.ID)
	s.must(err)
	want := int64(0)
	if inv.State == billing.InvoiceOpen {
		want = -inv.Paid.Minor
		if inv.Number != "" {
			want += inv.Gross.Minor
		}
		if refunds, err := s.billing.RefundsOf(s.ctx, s.store.Read(), inv.ID); err == nil {
			for _, r := range refunds {
				if r.State == "succeeded" {
					want += r.Amount.Minor
				}
			}
		}
	}
	if owed != want {
		s.t.Errorf("invoice %s is %s with %s paid of %s; the ledger says %d is owed, want %d", inv.ID, inv.State, inv.Paid, inv.Gross, owed, want)
	}
}

// work runs tasks until none is due.
func (s *shop) work() {
	s.t.Helper()
	for range 100_000 {
		did, err := s.tasks.Step(s.ctx)
		s.must(err)
		if !did {
			return
		}
	}
	s.t.Fatal("tasks without end")
}

// customer registers a customer in a country.
func (s *shop) customer(country string) account.Customer {
	s.t.Helper()
	_, c, err := s.accounts.Register(s.ctx, account.Registration{
		Email: fmt.Sprintf("%s@example.nl", s.store.NewID("c")), FirstName: "Łukasz", LastName: "Jansen", Country: country,
		Street: "Straat", Number: "1", Postcode: "1011 AB", City: "Utrecht", Address: s.store.NewID("a"),
	})
	s.must(err)
	return c
}

// sale issues an invoice with a blocked delivery for each line.
func (s *shop) sale(c account.Customer, nets ...int64) billing.Invoice {
	s.t.Helper()
	p := billing.InvoiceParams{ID: s.store.NewID("inv"), CustomerID: c.ID, Subject: s.store.NewID("ord"), Kind: billing.SaleInvoice}
	for i, net := range nets {
		p.Lines = append(p.Lines, billing.LineParams{
			Description: fmt.Sprintf("Line %d", i+1), Subject: fmt.Sprintf("%s-%d", p.Subject, i), Net: eur(net), Cost: eur(net / 2),
		})
	}
	var inv billing.Invoice
	s.tx(func(q *db.Queries) error {
		for _, l := range p.Lines {
			if _, err := s.tasks.Add(s.ctx, q, task.Params{Kind: "test.deliver", Subject: l.Subject, InvoiceID: p.ID}); err != nil {
				return err
			}
		}
		var err error
		inv, err = s.billing.Issue(s.ctx, q, p)
		return err
	})
	return inv
}

// begin pays on-session up to the point where the customer must act.
func (s *shop) begin(inv billing.Invoice, gateway string) billing.Payment {
	s.t.Helper()
	p, err := s.billing.Pay(s.ctx, inv.CustomerID, inv.ID, billing.PaymentParams{Gateway: gateway, SaveMethod: gateway == "card"})
	s.must(err)
	return p
}

// hook delivers a webhook about a payment and lets it be processed.
func (s *shop) hook(paymentID string) {
	s.t.Helper()
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice(s.store.NewID("evt"), "pi_"+paymentID)))
	s.work()
}

// paid is a sale that has been paid.
func (s *shop) paid(c account.Customer, nets ...int64) (billing.Invoice, billing.Payment) {
	s.t.Helper()
	inv := s.sale(c, nets...)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	return s.invoice(inv.ID), s.payment(p.ID)
}

func (s *shop) invoice(id string) billing.Invoice {
	s.t.Helper()
	inv, err := s.billing.Invoice(s.ctx, s.store.Read(), id)
	s.must(err)
	return inv
}

func (s *shop) payment(id string) billing.Payment {
	s.t.Helper()
	p, err := s.billing.Payment(s.ctx, id)
	s.must(err)
	return p
}

func (s *shop) credit(c account.Customer) int64 {
	s.t.Helper()
	a, err := s.billing.CustomerCredit(s.ctx, s.store.Read(), c.ID)
	s.must(err)
	return a.Minor
}

// balance is what stands on an account.
func (s *shop) balance(account billing.Account) int64 {
	s.t.Helper()
	all, err := s.billing.Trial(s.ctx)
	s.must(err)
	for _, b := range all {
		if b.Account == account {
			return b.Balance.Minor
		}
	}
	return 0
}

func (s *shop) advance(d time.Duration) { s.clock.Advance(d) }

func (s *shop) wantState(id string, want billing.InvoiceState) {
	s.t.Helper()
	if got := s.invoice(id).State; got != want {
		s.t.Fatalf("the invoice is %s, want %s", got, want)
	}
}

// flags gives a customer an admin's exceptions.
func (s *shop) flags(c account.Customer, f account.Flags) {
	s.t.Helper()
	s.tx(func(q *db.Queries) error {
		_, _, err := s.accounts.SetFlags(s.ctx, q, c.ID, f)
		return err
	})
}
