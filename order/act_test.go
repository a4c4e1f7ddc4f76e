package order_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/money"
	"hostfront/order"
	"hostfront/task"
)

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
