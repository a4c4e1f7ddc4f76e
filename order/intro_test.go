package order_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
)

// introduce sells the shop's products (5.31 a month the pack) with an introduction.
func (s *shop) introduce(i catalog.Intro) {
	s.t.Helper()
	_, err := s.catalog.SaveRules(s.t.Context(), []catalog.Rule{{Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25), Intro: i}})
	s.must(err)
	s.must(s.catalog.Refresh(s.t.Context()))
}

// sixtyOff is 2.12 instead of 5.31 for three months.
var sixtyOff = catalog.Intro{Periods: 3, Method: catalog.IntroPercent, Value: decimal.NewFromInt(60), OncePerCustomer: true}

func cents(c int64) money.Amount { return money.New(c, money.EUR) }

// subscribed is the subscription that a delivered order's only line became.
func (s *shop) subscribed(o order.Order) billing.Subscription {
	s.t.Helper()
	svc, err := s.services.Get(s.t.Context(), o.CustomerID, s.want(o, order.Completed, order.Completed).Lines[0].ServiceID)
	s.must(err)
	sub, err := s.billing.Subscription(s.t.Context(), s.store.Read(), svc.SubscriptionID)
	s.must(err)
	return sub
}

// nets are what the invoices of a subscription come to, oldest first.
func (s *shop) nets(sub billing.Subscription) (nets []int64) {
	s.t.Helper()
	invoices, err := s.billing.InvoicesOf(s.t.Context(), s.store.Read(), sub.ID)
	s.must(err)
	for _, inv := range invoices {
		nets = append(nets, inv.Net.Minor)
	}
	return nets
}

func TestAnIntroductionIsQuotedOrderedBilledAndThenOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.introduce(sixtyOff)
	q := s.quote(s.hosting("ann.nl"))
	l := q.Lines[0]
	if l.Net != cents(212) || l.IntroPeriods != 3 || l.IntroNet != cents(212) || l.IntroVAT != cents(45) || l.RenewNet != cents(531) {
		t.Fatalf("quoted %+v", l)
	}
	r := q.Recurring[0]
	if len(q.Recurring) != 1 || r.Net != cents(531) || r.FromCycle != 4 || len(r.Before) != 1 || r.Before[0].FromCycle != 2 || r.Before[0].Gross != cents(257) {
		t.Fatalf("recurring %+v", r)
	}
	again, err := s.orders.QuoteByID(t.Context(), s.customer.ID, q.ID)
	s.must(err)
	if again.Recurring[0].FromCycle != 4 || again.Lines[0].IntroNet != cents(212) {
		t.Fatalf("read again %+v", again)
	}
	placed, err := s.orders.Place(t.Context(), s.params(q.ID))
	s.must(err)
	if placed.Order.Lines[0].IntroPeriods != 3 || placed.Order.Net != cents(212) {
		t.Fatalf("ordered %+v", placed.Order.Lines[0])
	}
	s.introduce(catalog.Intro{}) // what was sold stays as it was sold
	s.pay(placed.Order)
	s.settle(3 * time.Hour)
	sub := s.subscribed(placed.Order)
	if len(sub.Phases) != 1 || sub.Phases[0].Kind != billing.PricePhase || sub.Phases[0].Periods != 2 || sub.Phases[0].Amount != cents(212) || sub.Net != cents(531) {
		t.Fatalf("subscribed %+v", sub)
	}
	for range 4 {
		s.clock.Advance(31 * 24 * time.Hour)
		_, err := s.billing.Renew(t.Context())
		s.must(err)
	}
	if got := s.nets(sub); len(got) != 4 || got[0] != 212 || got[1] != 212 || got[2] != 531 || got[3] != 531 {
		t.Fatalf("billed %v", got)
	}
	s.balanced()
}

func TestAFreeIntroductionIsDeliveredWithoutAPayment(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.introduce(catalog.Intro{Periods: 2, Method: catalog.IntroFree})
	o := s.place(s.hosting("ann.nl"))
	if o.PaymentID != "" || !o.Gross.IsZero() {
		t.Fatalf("to be paid: %s", o.Gross)
	}
	s.settle(3 * time.Hour)
	sub := s.subscribed(o)
	for range 3 {
		s.clock.Advance(31 * 24 * time.Hour)
		_, err := s.billing.Renew(t.Context())
		s.must(err)
	}
	if got := s.nets(sub); len(got) != 3 || got[0] != 0 || got[1] != 531 {
		t.Fatalf("billed %v", got)
	}
	if o := s.place(s.hosting("bob.nl")); !o.Gross.IsZero() {
		t.Fatalf("not said to be had once, and a second costs %s", o.Gross)
	}
	s.balanced()
}

// offered is the cart that a refused order offers instead.
func (s *shop) offered(err error) order.Quote {
	s.t.Helper()
	e, ok := fault.As(err)
	if !ok || e.Code != "price_changed" {
		s.t.Fatalf("not offered anew: %v", err)
	}
	q, err := s.orders.QuoteByID(s.t.Context(), s.customer.ID, e.Extra["quote"].(map[string]any)["id"].(string))
	s.must(err)
	return q
}

func TestAnIntroductionIsHadOncePerCustomerAndProduct(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.introduce(sixtyOff)
	visitor, err := s.orders.Quote(t.Context(), order.QuoteParams{Lines: []order.LineParams{s.hosting("eve.nl")}})
	s.must(err)
	known := s.quote(s.hosting("old.nl"))
	twice := s.quote(s.hosting("ann.nl"), s.hosting("bob.nl"))
	if twice.Lines[0].Net != cents(212) || twice.Lines[1].Net != cents(531) || twice.Lines[1].IntroPeriods != 0 {
		t.Fatalf("two of a product in one cart: %s and %s", twice.Lines[0].Net, twice.Lines[1].Net)
	}
	o, err := s.orders.Place(t.Context(), s.params(twice.ID))
	s.must(err)
	if got := s.quote(s.hosting("carl.nl")).Lines[0]; got.Net != cents(531) || got.IntroPeriods != 0 {
		t.Fatalf("quoted a second time at %s", got.Net)
	}
	for _, before := range []order.Quote{visitor, known} {
		_, err = s.orders.Place(t.Context(), s.params(before.ID))
		offer := s.offered(err)
		if offer.Net != cents(531) || offer.Lines[0].IntroPeriods != 0 || offer.Recurring[0].FromCycle != 2 {
			t.Fatalf("offered %+v", offer)
		}
		if _, err := s.orders.Place(t.Context(), s.params(offer.ID)); err != nil {
			t.Fatalf("the offer is refused: %v", err)
		}
	}
	other := s.hosting("dan.nl")
	other.Cycle = "year"
	if got := s.quote(other).Lines[0]; got.IntroPeriods != 0 {
		t.Fatalf("the same product by the year is introduced at %s", got.Net)
	}
	bob := s.register("bob@example.org", "NL")
	q, err := s.orders.Quote(t.Context(), order.QuoteParams{CustomerID: bob.ID, Lines: []order.LineParams{s.hosting("carl.nl")}})
	s.must(err)
	if q.Net != cents(212) {
		t.Fatalf("another customer is quoted %s", q.Net)
	}
	_, err = s.orders.Cancel(t.Context(), o.Order.ID)
	s.must(err)
	s.settle(time.Hour)
	if got := s.quote(s.hosting("carl.nl")).Lines[0]; got.Net != cents(212) {
		t.Fatalf("the order that had it is withdrawn, and the next is quoted %s", got.Net)
	}
}

func TestAnIntroductionThatAnotherOrderTakesMeanwhileIsNotHadTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.introduce(sixtyOff)
	slow, fast := s.quote(registration("slow.nl"), s.hosting("slow.nl")), s.params(s.quote(s.hosting("fast.nl")).ID)
	s.wire.mu.Lock()
	s.wire.meanwhile = func() {
		_, err := s.orders.Place(t.Context(), fast)
		s.must(err)
	}
	s.wire.mu.Unlock()
	_, err := s.orders.Place(t.Context(), s.params(slow.ID))
	offer := s.offered(err)
	if offer.Lines[1].Net != cents(531) || offer.Lines[1].IntroPeriods != 0 || offer.Net != slow.Net.Add(cents(531-212)) {
		t.Fatalf("offered %+v", offer.Lines)
	}
	if _, err := s.orders.Place(t.Context(), s.params(offer.ID)); err != nil {
		t.Fatalf("the offer is refused: %v", err)
	}
}

func TestOfOrdersAtOnceOneHasTheIntroduction(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.introduce(sixtyOff)
	quotes := []order.Quote{s.quote(s.hosting("a1.nl")), s.quote(s.hosting("a2.nl")), s.quote(s.hosting("a3.nl")), s.quote(s.hosting("a4.nl"))}
	params := make([]order.PlaceParams, len(quotes))
	for i, q := range quotes {
		params[i] = s.params(q.ID)
	}
	errs := s.atOnce(len(quotes), func(i int) error {
		_, err := s.orders.Place(t.Context(), params[i])
		return err
	})
	s.oneWon(errs, "price_changed")
	for _, err := range errs {
		if err != nil && s.offered(err).Net != cents(531) {
			t.Fatalf("offered %s", s.offered(err).Net)
		}
	}
}

func TestAChangeWithinAnIntroductionGivesBackNoMoreThanWasPaid(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Duration{0, 24 * time.Hour, 20 * 24 * time.Hour} {
		s := open(t)
		s.introduce(sixtyOff)
		o := s.place(s.hosting("ann.nl"))
		s.pay(o)
		s.settle(3 * time.Hour)
		sub := s.subscribed(o)
		s.clock.Advance(at)
		shown, err := s.orders.PreviewChange(t.Context(), order.ChangeParams{SubscriptionID: sub.ID, Cycle: "year", When: billing.ChangeNow})
		s.must(err)
		if back := shown.Documents[0].Lines[0].Net.Neg(); back.Minor > 212 || back.Minor < 0 {
			t.Fatalf("%s of 2.12 goes back", back)
		}
		if shown.To.Net != cents(5313) {
			t.Fatalf("changed to %s a year: an introduction is of what is ordered", shown.To.Net)
		}
	}
}

// Others lost what a discount was for on the way to the invoice, and gave it on everything.
func TestAnIntroductionIsForItsProductAndNothingElseInTheCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := order.LineParams{Cycle: "year", Domain: "other.nl", TargetURL: "https://example.org/"}
	for _, p := range s.catalog.Snapshot().Products() {
		if p.Kind == "forward" {
			other.ProductID = p.ID
		}
	}
	pack := s.hosting("pack.nl")
	before := s.quote(other, registration("name.nl"))
	_, err := s.catalog.SaveRules(t.Context(), []catalog.Rule{
		{Scope: catalog.ScopeProduct, Target: pack.ProductID, Method: catalog.Percent, Value: decimal.NewFromInt(25), Intro: sixtyOff},
		{Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25)},
	})
	s.must(err)
	s.must(s.catalog.Refresh(t.Context()))
	o := s.place(other, pack, registration("name.nl"))
	invoice, err := s.billing.Invoice(t.Context(), s.store.Read(), o.InvoiceID)
	s.must(err)
	for i, want := range []money.Amount{before.Lines[0].Net, cents(212), before.Lines[1].Net} {
		if l := o.Lines[i]; l.Net != want || invoice.Lines[i].Net != want || (l.IntroPeriods > 0) != (i == 1) {
			t.Errorf("line %d is ordered at %s and billed at %s, want %s", i, l.Net, invoice.Lines[i].Net, want)
		}
	}
}
