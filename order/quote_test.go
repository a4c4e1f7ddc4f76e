package order_test

import (
	"sync"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
)

func TestAQuoteAndItsInvoiceComeToTheSame(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.customer = s.register("kari@example.org", "FI") // 25.5 % VAT: roundings that differ by line
	q := s.quote(registration("one.nl"), s.hosting("one.nl"), registration("two.com"), s.hosting("three.nl"))
	o, err := s.orders.Place(t.Context(), s.params(q.ID))
	s.must(err)
	invoice, err := s.billing.Invoice(t.Context(), s.store.Read(), o.Order.InvoiceID)
	s.must(err)
	if invoice.Net != q.Net || invoice.VAT != q.VAT || invoice.Gross != q.Gross || o.Order.Gross != q.Gross {
		t.Fatalf("quote %s + %s = %s, invoice %s + %s = %s", q.Net, q.VAT, q.Gross, invoice.Net, invoice.VAT, invoice.Gross)
	}
	sum := money.Zero(money.EUR)
	for i, l := range q.Lines {
		sum = sum.Add(l.Gross())
		if invoice.Lines[i].Net != l.Net || invoice.Lines[i].VAT != l.VAT {
			t.Fatalf("line %d: quote %s + %s, invoice %s + %s", i, l.Net, l.VAT, invoice.Lines[i].Net, invoice.Lines[i].VAT)
		}
	}
	if sum != q.Gross {
		t.Fatalf("the lines come to %s, the quote to %s", sum, q.Gross)
	}
	if len(q.Recurring) != 2 || q.Recurring[0].Cycle != "month" || q.Recurring[0].Net != money.New(1062, money.EUR) {
		t.Fatalf("recurring is %+v", q.Recurring)
	}
}

func TestWhatCannotBeSoldIsRefusedByLine(t *testing.T) {
	t.Parallel()
	s := open(t)
	forwarding := order.LineParams{Cycle: "year", Domain: "ann.nl"}
	for _, p := range s.catalog.Snapshot().Products() {
		if p.RequiresTargetURL {
			forwarding.ProductID = p.ID
		}
	}
	badTarget := forwarding
	badTarget.TargetURL = "javascript:alert(1)"
	for name, tt := range map[string]struct {
		line        order.LineParams
		field, code string
	}{
		"an unknown product":          {order.LineParams{ProductID: "prd_none", Cycle: "month", Domain: "ann.nl"}, "lines[0].product_id", "not_for_sale"},
		"an unknown cycle":            {order.LineParams{ProductID: s.hosting("x.nl").ProductID, Cycle: "week", Domain: "ann.nl"}, "lines[0].cycle", "not_for_sale"},
		"hosting without a name":      {order.LineParams{ProductID: s.hosting("x.nl").ProductID, Cycle: "month"}, "lines[0].domain", "name_invalid"},
		"a forward without a target":  {forwarding, "lines[0].target_url", "invalid"},
		"a forward to a script":       {badTarget, "lines[0].target_url", "invalid"},
		"an unknown action":           {order.LineParams{Action: "steal", Domain: "ann.nl"}, "lines[0].action", "invalid"},
		"a TLD that is not sold":      {registration("ann.museum"), "lines[0].domain", "tld_not_sold"},
		"a premium name":              {registration("premium-ann.nl"), "lines[0].domain", "premium_not_sold"},
		"two years":                   {order.LineParams{Action: "register", Domain: "ann.nl", Years: 2}, "lines[0].years", "not_for_sale"},
		"a transfer without a code":   {moving("ann.nl", ""), "lines[0].auth_code", "required"},
		"a transfer that is not sold": {moving("ann.dk", "code"), "lines[0].domain", "action_not_sold"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.orders.Quote(t.Context(), order.QuoteParams{Lines: []order.LineParams{tt.line}})
			e, ok := fault.As(err)
			if !ok || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != tt.field || e.Fields[0].Code != tt.code {
				t.Fatalf("got %v %+v, want %s %s", err, e, tt.field, tt.code)
			}
		})
	}
	_, err := s.orders.Quote(t.Context(), order.QuoteParams{Lines: []order.LineParams{registration("Same.nl"), registration("same.nl")}})
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != "duplicate" {
		t.Fatalf("a name twice: %v", err)
	}
}

func TestAnAuthCodeIsNotReadableAtRest(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(moving("ann.nl", "my-secret-code"))
	lines, err := s.store.Read().QuoteLinesByQuote(t.Context(), q.ID)
	s.must(err)
	if code := lines[0].AuthCodeSealed; code == "" || code == "my-secret-code" {
		t.Fatalf("the code is kept as %q", code)
	}
}

func TestAChangedCartReplacesItsLinesAndOfTwoChangesOneWins(t *testing.T) {
	t.Parallel()
	s := open(t)
	visitor, err := s.orders.Quote(t.Context(), order.QuoteParams{Country: "DE", Lines: []order.LineParams{registration("one.nl")}})
	s.must(err)
	if visitor.Treatment.Country != "DE" || visitor.CustomerID != "" {
		t.Fatalf("the visitor's quote is %+v", visitor)
	}
	changed, err := s.orders.ChangeQuote(t.Context(), visitor.ID, visitor.Version, order.QuoteParams{Lines: []order.LineParams{registration("two.nl"), s.hosting("two.nl")}})
	s.must(err)
	if changed.Version != 2 || len(changed.Lines) != 2 || changed.Treatment.Country != "DE" {
		t.Fatalf("the changed quote is %+v", changed)
	}
	_, err = s.orders.ChangeQuote(t.Context(), visitor.ID, visitor.Version, order.QuoteParams{Lines: []order.LineParams{registration("three.nl")}})
	if !fault.Is(err, "quote_changed") {
		t.Fatalf("a change of an old version answers %v", err)
	}
	read, err := s.orders.QuoteByID(t.Context(), "", visitor.ID)
	s.must(err)
	if read.Gross != changed.Gross || len(read.Lines) != 2 {
		t.Fatalf("read back: %+v", read)
	}
	mine := s.quote(registration("mine.nl"))
	if _, err := s.orders.QuoteByID(t.Context(), "", mine.ID); err == nil {
		t.Fatal("a customer's quote was shown to a visitor")
	}
}

func TestAnExpiredQuoteIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	q := s.quote(registration("slow.nl"))
	s.clock.Advance(order.DefaultQuoteTime)
	if _, err := s.orders.Place(t.Context(), s.params(q.ID)); !fault.Is(err, "quote_expired") {
		t.Fatalf("got %v", err)
	}
}

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

func TestOneOfTwoOrdersGetsTheName(t *testing.T) {
	t.Parallel()
	s := open(t)
	var customers []string
	for i := range 4 {
		customers = append(customers, s.register(string(rune('a'+i))+"@example.org", "NL").ID)
	}
	errs := s.atOnce(len(customers), func(i int) error {
		q, err := s.orders.Quote(t.Context(), order.QuoteParams{CustomerID: customers[i], Lines: []order.LineParams{registration("wanted.nl")}})
		if err != nil {
			return err
		}
		p := s.params(q.ID)
		p.CustomerID, p.Idempotency.Actor = customers[i], customers[i]
		_, err = s.orders.Place(t.Context(), p)
		return err
	})
	s.oneWon(errs, "name_reserved")
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

func TestANameIsFreeAgainWhenTheReservationRunsOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.place(registration("slow.nl"))
	s.customer = s.register("bob@example.org", "NL")
	if _, err := s.orders.Place(t.Context(), s.params(s.quote(registration("slow.nl")).ID)); !fault.Is(err, "name_reserved") {
		t.Fatalf("within half an hour: %v", err)
	}
	s.clock.Advance(31 * time.Minute)
	s.place(registration("slow.nl"))
}

func TestACustomersOwnUnpaidCartGivesWayToTheNext(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.place(registration("mine.nl"))
	second := s.place(registration("mine.nl"), s.hosting("mine.nl"))
	s.pay(second)
	s.settle(time.Hour)
	s.want(second, order.Completed, order.Completed, order.Completed)
	s.pay(first)
	s.settle(time.Hour)
	s.want(first, order.Failed, order.Failed)
	if s.till.sentBack() != first.Gross || len(s.ljpc.Domains()) != 1 {
		t.Fatalf("sent back %s of %s, %d names", s.till.sentBack(), first.Gross, len(s.ljpc.Domains()))
	}
	s.balanced()
}

func TestANameStaysReservedWhileItsPaymentIsProcessing(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("bank.nl"))
	s.tell(o, billing.PaymentProcessing)
	s.settle(time.Minute)
	s.clock.Advance(20 * time.Hour)
	s.customer = s.register("bob@example.org", "NL")
	if _, err := s.orders.Place(t.Context(), s.params(s.quote(registration("bank.nl")).ID)); !fault.Is(err, "name_reserved") {
		t.Fatalf("while it is processing: %v", err)
	}
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed)
}

func TestANameIsFreeAgainWhenItsOrderIsCancelled(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("ann.nl"))
	report, err := s.orders.Cancel(t.Context(), o.ID)
	s.must(err)
	s.settle(time.Minute)
	if !report.Voided {
		t.Fatalf("report %+v", report)
	}
	s.want(o, order.Cancelled, order.Cancelled)
	s.customer = s.register("bob@example.org", "NL")
	s.place(registration("ann.nl"))
}

func TestABankTransferReservesNothingAndComesSecond(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(registration("late.nl"), s.hosting("elsewhere.nl")).ID)
	p.Gateway = "transfer"
	slow, err := s.orders.Place(t.Context(), p)
	s.must(err)
	ann := s.customer
	s.customer = s.register("bob@example.org", "NL")
	quick := s.place(registration("late.nl"))
	s.pay(quick)
	s.settle(time.Hour)
	s.want(quick, order.Completed, order.Completed)

	s.customer = ann
	_, err = s.billing.SettleTransfer(t.Context(), billing.TransferParams{PaymentID: slow.Order.PaymentID, Amount: slow.Order.Gross, Reference: "bank-1"})
	s.must(err)
	s.settle(time.Hour)
	got := s.want(slow.Order, order.PartlyFailed, order.Failed, order.Completed)
	if got.Lines[0].Code != "name_taken" || s.refunded(slow.Order) != got.Lines[0].Gross {
		t.Fatalf("the line failed for %q, %s was credited", got.Lines[0].Code, s.refunded(slow.Order))
	}
	if n := len(s.ljpc.Domains()); n != 1 {
		t.Fatalf("%d names", n)
	}
	s.balanced()
}

func TestAPaidNameHeldByAnothersReservationIsRefunded(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(registration("late.nl")).ID)
	p.Gateway = "transfer"
	slow, err := s.orders.Place(t.Context(), p)
	s.must(err)
	s.customer = s.register("bob@example.org", "NL")
	s.place(registration("late.nl")) // not paid yet
	_, err = s.billing.SettleTransfer(t.Context(), billing.TransferParams{PaymentID: slow.Order.PaymentID, Amount: slow.Order.Gross, Reference: "bank-1"})
	s.must(err)
	s.settle(time.Hour)
	s.want(slow.Order, order.Failed, order.Failed)
	if len(s.ljpc.Domains()) != 0 {
		t.Fatal("a name was registered that another order holds")
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

func TestAHostingOnTheOperatorsOwnSpaceIsDelivered(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(order.LineParams{ProductID: "prd_space_7", Cycle: "month", Domain: "ann.nl"})
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed)
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
