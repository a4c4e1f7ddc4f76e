package order_test

import (
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
)

func TestAPriceThatChangedBeforeTheOrderIsOfferedAnew(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(registration("dearer.nl"), s.hosting("dearer.nl"))
	s.ljpc.SetDomainPrice("dearer.nl", sandbox.DomainPrice{Cost: money.New(899, money.EUR)})
	_, err := s.orders.Place(t.Context(), s.params(q.ID))
	e, ok := fault.As(err)
	if !ok || e.Code != "price_changed" || e.Kind != fault.Conflict {
		t.Fatalf("got %v", err)
	}
	offered, ok := e.Extra["quote"].(map[string]any)
	if !ok {
		t.Fatalf("no quote is offered: %v", e.Extra)
	}
	o, err := s.orders.Place(t.Context(), s.params(offered["id"].(string)))
	s.must(err)
	if o.Order.Gross != offered["gross"] || o.Order.Gross.Cmp(q.Gross) <= 0 {
		t.Fatalf("ordered at %s, offered at %v, quoted at %s", o.Order.Gross, offered["gross"], q.Gross)
	}
}

func TestAVisitorsQuoteIsTaxedAsTheCustomerWhoOrdersIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	q, err := s.orders.Quote(t.Context(), order.QuoteParams{Country: "LU", Lines: []order.LineParams{s.hosting("ann.nl")}})
	s.must(err)
	if _, err := s.orders.Place(t.Context(), s.params(q.ID)); !fault.Is(err, "price_changed") {
		t.Fatalf("a quote at Luxembourg's VAT for a Dutch customer: %v", err)
	}
}

func TestATakenNameIsNotOrdered(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(registration("gone.nl"))
	s.lose("gone.nl")
	if _, err := s.orders.Place(t.Context(), s.params(q.ID)); !fault.Is(err, "domain_taken") {
		t.Fatalf("got %v", err)
	}
}

func TestConsentsAreNeededAndKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(registration("ann.nl"))
	p := s.params(q.ID)
	p.Consents = order.Consents{}
	_, err := s.orders.Place(t.Context(), p)
	if e, ok := fault.As(err); !ok || len(e.Fields) != 3 {
		t.Fatalf("without consents: %v", err)
	}
	placed, err := s.orders.Place(t.Context(), s.params(q.ID))
	s.must(err)
	kept, err := s.orders.Consents(t.Context(), placed.Order.ID)
	s.must(err)
	if len(kept) != 3 || kept[0].Address != "192.0.2.1" || kept[0].Version != "1" || !kept[0].GivenAt.Equal(s.clock.Now()) {
		t.Fatalf("kept: %+v", kept)
	}
}

// The law asks for the address of a business on its invoice, and none of a person's.
func TestABusinessWithoutAddressIsAskedForItBeforeItPays(t *testing.T) {
	t.Parallel()
	s := open(t)
	set := func(street, postcode, company string) {
		_, err := s.accounts.Update(t.Context(), s.customer.ID, account.Changes{Street: &street, Postcode: &postcode, Company: &company})
		s.must(err)
	}
	set("", "", "Bos B.V.")
	q := s.quote(s.hosting("ann.nl"))
	_, err := s.orders.Place(t.Context(), s.params(q.ID))
	if e, ok := fault.As(err); !ok || len(e.Fields) != 2 || e.Fields[0].Name != "customer.street" || e.Fields[1].Name != "customer.postcode" {
		t.Fatalf("a business without address: %v", err)
	}
	set("", "", "")
	s.place(s.hosting("ann.org"))
	set("Kade 1", "1011AB", "Bos B.V.")
	s.place(s.hosting("ann.nl"))
}

func TestOneQuoteBecomesOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(s.hosting("ann.nl"))
	errs := s.atOnce(4, func(int) error {
		_, err := s.orders.Place(t.Context(), s.params(q.ID))
		return err
	})
	s.oneWon(errs, "quote_ordered")
}

func TestOneIdempotencyKeyMakesOneOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(s.hosting("ann.nl")).ID)
	var mu sync.Mutex
	made := map[string]bool{}
	errs := s.atOnce(6, func(int) error {
		placed, err := s.orders.Place(t.Context(), p)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			made[placed.Order.ID] = true
		}
		return err
	})
	for _, err := range errs {
		if err != nil && !fault.Is(err, "quote_ordered") {
			t.Fatal(err)
		}
	}
	if len(made) != 1 {
		t.Fatalf("one key made the orders %v", made)
	}
	again, err := s.orders.Place(t.Context(), p)
	s.must(err)
	if !again.Replayed || !made[again.Order.ID] {
		t.Fatalf("the replay is %+v", again)
	}
	p.Idempotency.BodyHash = "another body"
	if _, err := s.orders.Place(t.Context(), p); !fault.Is(err, "idempotency_key_reused") {
		t.Fatalf("another body under the key: %v", err)
	}
}

// atOnce runs n at the same time.
func (s *shop) atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { errs[i] = do(i) })
	}
	group.Wait()
	return errs
}

func (s *shop) oneWon(errs []error, code string) {
	s.t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !fault.Is(err, code) {
			s.t.Fatalf("a loser got %v, want %s", err, code)
		}
	}
	if won != 1 {
		s.t.Fatalf("%d won: %v", won, errs)
	}
}

func TestACancelledPaidOrderKeepsWhatWasDelivered(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(moving("mine.nl", "wrong-code"), s.hosting("ann.nl"))
	s.pay(o)
	s.settle(3 * time.Hour)
	s.want(o, order.ActionRequired, order.ActionRequired, order.Completed)
	report, err := s.orders.Cancel(t.Context(), o.ID)
	s.must(err)
	s.settle(time.Hour)
	got := s.want(o, order.PartlyFailed, order.Cancelled, order.Completed)
	if len(report.Withdrawn) != 1 || len(report.Left) != 1 || s.till.sentBack() != got.Lines[0].Gross {
		t.Fatalf("report %+v, sent back %s", report, s.till.sentBack())
	}
	s.balanced()
}

func TestOrdersAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	var made []string
	for _, name := range []string{"one.nl", "two.nl", "three.nl"} {
		made = append(made, s.place(s.hosting(name)).ID)
	}
	page, next, err := s.orders.List(t.Context(), s.customer.ID, "", 2)
	s.must(err)
	if len(page) != 2 || page[0].ID != made[2] || page[1].ID != made[1] || next == "" {
		t.Fatalf("first page %v, next %q", page, next)
	}
	page, next, err = s.orders.List(t.Context(), s.customer.ID, next, 2)
	s.must(err)
	if len(page) != 1 || page[0].ID != made[0] || next != "" {
		t.Fatalf("last page %v, next %q", page, next)
	}
	other := s.register("bob@example.org", "NL")
	if _, err := s.orders.Get(t.Context(), other.ID, made[0]); err == nil {
		t.Fatal("another's order was shown")
	}
	byNumber, err := s.orders.ByID(t.Context(), page[0].Number)
	s.must(err)
	if byNumber.ID != made[0] {
		t.Fatalf("by number %s", byNumber.ID)
	}
}

func TestARenewalThatHasBecomeDearerIsOfferedAnew(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(registration("ann.nl"))
	s.must(s.catalog.SetTLDCost(t.Context(), "nl", "renew", euro(2000)))
	_, err := s.orders.Place(t.Context(), s.params(q.ID))
	e, ok := fault.As(err)
	if !ok || e.Code != "price_changed" {
		t.Fatalf("a name that renews at a loss was sold: %v", err)
	}
	offer, ok := e.Extra["quote"].(map[string]any)
	if !ok {
		t.Fatalf("no other cart is offered: %v", e.Extra)
	}
	o, err := s.orders.Place(t.Context(), s.params(offer["id"].(string)))
	s.must(err)
	if o.Order.Gross != q.Gross {
		t.Fatalf("the first year is %s now, was %s", o.Order.Gross, q.Gross)
	}
}
