package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/money"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/stripe"
)

// Others gave the second name of a cart two years, because a loop kept what belonged to
// the first.
func TestEachNameOfACartGetsItsOwnYear(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	names := []string{"first-name.nl", "second-name.com", "third-name.nl"}
	c.bought(registration(names[0]), registration(names[1]), registration(names[2]))
	if n := len(c.w.LJPC.Domains()); n != len(names) {
		t.Fatalf("%d names upstream", n)
	}
	year := c.w.App.Now().AddDate(1, 0, 0)
	for _, d := range c.w.LJPC.Domains() {
		if off := d.ExpiresAt.Sub(year).Abs(); off > aDay {
			t.Errorf("%s expires %s, a year is %s", d.Name, d.ExpiresAt, year)
		}
	}
	var subs list[subscriptionSeen]
	c.read("/v1/subscriptions", &subs)
	for _, s := range subs.Items {
		if off := s.CurrentPeriodEnd.Sub(year).Abs(); off > aDay || s.Cycle != "year" {
			t.Errorf("billed by the %s, paid until %s, a year is %s", s.Cycle, s.CurrentPeriodEnd, year)
		}
	}
}

// Others deleted a name at the registry because its bill was not paid.
func TestANameIsNeverDeletedForDebt(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.bought(registration("owes-money.nl"))
	c.forgetsCards()
	c.w.Power.CutAt(0) // what is called from here on
	c.until(c.subscription("year").CurrentPeriodEnd.Add(100 * aDay))
	if i := c.renewals(); len(i) != 1 || i[0].State == "paid" {
		t.Errorf("the renewals are %+v", i)
	}
	for _, point := range c.w.Power.Trace() {
		if strings.HasPrefix(point, "http:before DELETE") {
			t.Errorf("the shop called %q", point)
		}
	}
	if n := len(c.w.LJPC.Domains()); n != 1 {
		t.Errorf("%d names upstream, want the one that was registered", n)
	}
}

// Others checked out for nothing what had no price.
func TestWhatHasNoPriceIsNotForSale(t *testing.T) {
	t.Parallel()
	for _, price := range []string{"0.00:0.00", "4.99:49.90"} {
		c := openMistake(t, func(c *app.Config, _ *app.Options) { c.LJPC.Spaces = []string{"812:Hosting on our own space:" + price} })
		var page list[struct {
			ID string `json:"id"`
		}]
		c.read("/v1/catalog/products?kind=own&limit=100", &page)
		if sold := len(page.Items) > 0; sold == strings.HasPrefix(price, "0.00") {
			t.Errorf("at %s for sale are %+v", price, page.Items)
		}
	}
	c := openMistake(t)
	r := c.ask(http.MethodPost, "/v1/quotes", map[string]any{"country": "NL", "lines": []map[string]any{
		{"product_id": "prd_that_nobody_prices", "cycle": "month", "domain": "no-price.nl"},
	}}, "")
	if r.Status != http.StatusUnprocessableEntity {
		t.Errorf("what is not priced was quoted: %s", r)
	}
}

// Others settled by what a webhook said, in the order in which they came.
func TestWebhooksLateTwiceAndInTheWrongOrderSettleOnce(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.must(c.w.Pay.Webhooks().Misdirect(
		courier.Order{Kind: courier.Twice, Times: 1}, courier.Order{Kind: courier.Swapped, Times: 1},
		courier.Order{Kind: courier.Late, Times: 2, AfterMS: (26 * time.Hour).Milliseconds()}, courier.Order{Kind: courier.Twice},
	))
	c.bought()
	first := c.subscription("month")
	c.until(first.CurrentPeriodEnd.Add(3 * aDay))
	if c.charged() != c.quote.Gross.Add(c.theRenewal().Gross) {
		t.Errorf("%s was charged for an order of %s and a renewal of %s", c.charged(), c.quote.Gross, c.theRenewal().Gross)
	}
	c.boughtOnce()
	nothingIsLeft(t, c.w)
	booksBalance(t, c.w)
}

// Others suspended a customer whose direct debit was still on its way.
func TestADebitOnItsWayHoldsUpWhatFollowsFromDebt(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("debit-on-its-way.nl")
	r.must(r.confirm(intent, "ideal"))
	r.must(r.stripe.Authenticate(intent, true))
	r.must(r.stripe.Quiet(t.Context()))
	r.waitFor(p.Order.ID, "completed")
	c := &crash{buyer: r.buyer}
	end := c.subscription("month").CurrentPeriodEnd
	c.until(end.Add(4 * aDay))
	c.hasNotSuffered(r.stripe)
	if i := c.theRenewal(); i.State != "open" {
		t.Fatalf("the debit is settled already: %+v", i)
	}
	intents := r.stripe.Intents()
	r.must(r.stripe.SettleDebit(intents[len(intents)-1], true))
	r.must(r.stripe.Quiet(t.Context()))
	r.must(r.w.Drain())
	if i := c.theRenewal(); i.State != "paid" || c.subscription("month").State != "active" {
		t.Errorf("the debit came: the renewal is %s, the subscription %s", i.State, c.subscription("month").State)
	}
}

// hasNotSuffered: nobody was told of a debt, nothing was taken away, nothing charged twice.
func (c *crash) hasNotSuffered(provider *stripe.Server) {
	c.t.Helper()
	if state := c.subscription("month").State; state != "active" {
		c.t.Errorf("the subscription is %s while its debit is on its way", state)
	}
	var services list[serviceSeen]
	c.read("/v1/services", &services)
	for _, s := range services.Items {
		if s.State != "active" {
			c.t.Errorf("%s is %s while its debit is on its way", s.Name, s.State)
		}
	}
	if n := c.mailed("payment_failed"); n > 0 {
		c.t.Errorf("%d mails tell of a failure", n)
	}
	if n := len(provider.Intents()); n != 2 {
		c.t.Errorf("%d intents for an order and a renewal", n)
	}
}

// Others let a coupon, a rounding or a missing price make a thing free: what has no price
// is not for sale, and what is paid with is what was asked for.
func TestMoneyThatIsLessThanTheBillReleasesNothing(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.byTransfer()
	short := c.placed.Invoice.Gross.Sub(money.New(1, money.EUR))
	c.arrives(short, "a-cent-short")
	c.pass(time.Hour)
	c.wants("review", map[string]string{"register": "review", "hosting": "review"})
	if n := len(c.w.LJPC.Domains()) + len(c.w.LJPC.Orders()); n > 0 {
		t.Errorf("%d things were bought with a cent too little", n)
	}
	c.arrives(money.New(1, money.EUR), "the-cent")
	c.pass(time.Hour)
	c.wants("completed", map[string]string{"register": "completed", "hosting": "completed"})
	booksBalance(t, c.w)
}

// Others answered a second registration of a name in the same cart, or beside a pending
// one, by buying it twice.
func TestANameInTheCartTwiceIsRefused(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	if _, r := c.buyer.quote(registration("twice.nl"), registration("TWICE.nl")); r.Status != http.StatusUnprocessableEntity {
		t.Errorf("the cart was answered %s", r)
	}
}
