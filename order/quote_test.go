package order_test

import (
	"errors"
	"testing"
	"time"

	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
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

func TestAVisitorsCountryIsOneThatThereIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, err := s.orders.Quote(t.Context(), order.QuoteParams{Country: "ZZ", Lines: []order.LineParams{registration("one.nl")}})
	var refused *fault.Error
	if !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Code != "invalid_country" {
		t.Fatalf("ZZ is answered %v", err)
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

func TestAHostingOnTheOperatorsOwnSpaceIsDelivered(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(order.LineParams{ProductID: "prd_space_7", Cycle: "month", Domain: "ann.nl"})
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed)
}
