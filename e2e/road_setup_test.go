package e2e_test

import (
	"slices"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

// openRoad is a shop and a customer who is signed in, for the mistakes that others
// made on the main road.
func openRoad(t *testing.T) *crash {
	t.Helper()
	w := apptest.NewSmall(t, apptest.Outside{})
	c := &crash{buyer: newBuyer(t, w, "anna@example.org"), domain: "road-example.nl"}
	if !c.register() {
		t.Fatal("anna cannot register")
	}
	c.lines = []map[string]any{registration(c.domain), c.hosting(c.domain)}
	return c
}

// pay orders the lines and pays them at the provider.
func (c *crash) pay() {
	c.t.Helper()
	c.through("quote", c.quoting)
	c.through("order", c.ordering)
	c.paying()
}

// pass lets time pass, with all that falls due.
func (c *crash) pass(d time.Duration) {
	c.t.Helper()
	c.w.Steady.Advance(d)
	c.must(c.w.Move(d))
}

// look reads the order as the customer sees it.
func (c *crash) look() orderSeen {
	c.t.Helper()
	c.read("/v1/orders/"+c.placed.Order.ID, &c.order)
	return c.order
}

// wants holds the order against a state and those of its lines, by kind.
func (c *crash) wants(state string, lines map[string]string) {
	c.t.Helper()
	o := c.look()
	for _, l := range o.Lines {
		if l.State != lines[l.Kind] {
			c.t.Errorf("the %s line is %s (%s), want %s", l.Kind, l.State, l.Code, lines[l.Kind])
		}
	}
	if o.State != state {
		c.t.Errorf("the order is %s, want %s\n%s", o.State, state, c.tasks())
	}
}

func (c *crash) line(kind string) lineSeen {
	c.t.Helper()
	for _, l := range c.look().Lines {
		if l.Kind == kind {
			return l
		}
	}
	c.t.Fatalf("the order has no %s line", kind)
	return lineSeen{}
}

// active are the kinds of the services that the customer can use, sorted.
func (c *crash) active() []string {
	c.t.Helper()
	var page list[serviceSeen]
	c.read("/v1/services", &page)
	var kinds []string
	for _, s := range page.Items {
		if s.State == "active" {
			kinds = append(kinds, s.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// alarmed says whether the operator is told, by the code of the alarm.
func (c *crash) alarmed(code string) bool {
	c.t.Helper()
	var page list[struct {
		Code string `json:"code"`
	}]
	c.staff("GET", "/v1/admin/alarms", nil, &page)
	for _, a := range page.Items {
		if a.Code == code {
			return true
		}
	}
	return false
}

// creditNotes are the customer's documents that correct others.
func (c *crash) creditNotes() []invoiceSeen {
	c.t.Helper()
	var page list[invoiceSeen]
	c.read("/v1/invoices", &page)
	return slices.DeleteFunc(page.Items, func(i invoiceSeen) bool { return i.CorrectsID == "" })
}

// charged and sentBack are what the provider moved.
func (c *crash) charged() money.Amount {
	sum := money.Zero(money.EUR)
	for _, p := range c.w.Pay.Payments() {
		if p.State == pay.Paid {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

func (c *crash) sentBack() money.Amount {
	sum := money.Zero(money.EUR)
	for _, r := range c.w.Pay.Refunds() {
		sum = sum.Add(r.Amount)
	}
	return sum
}
