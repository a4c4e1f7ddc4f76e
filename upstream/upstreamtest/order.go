package upstreamtest

import (
	"testing"

	"hostfront/fault"
	"hostfront/upstream"
)

// looks is how often the suite asks for an order before it gives up; a sandbox
// must deliver by looks alone.
const looks = 20

// orders: placed once, delivered over time, line by line.
func orders(t *testing.T, s Subject) {
	c := capability[upstream.Orderer](t, s)
	item := sellable(t, s)
	id, err := c.PlaceOrder(t.Context(), upstream.OrderRequest{Summary: "suite", Reference: "suite-1", Lines: []upstream.OrderItem{item}})
	if err != nil || id == "" {
		t.Fatalf("place an order: %q, %v", id, err)
	}
	var status upstream.OrderStatus
	for range looks {
		if status, err = c.Order(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if status.State == upstream.OrderCompleted {
			break
		}
	}
	if status.State != upstream.OrderCompleted || len(status.Lines) != 1 || status.Lines[0].State != upstream.LineDone {
		t.Fatalf("the order ended as %+v", status)
	}
	sites, has := s.Adapter.(upstream.Sites)
	if !has {
		return
	}
	site, err := sites.Site(t.Context(), status.Lines[0].SiteID)
	if err != nil || site.Domain != item.Domain {
		t.Errorf("its site: %+v, %v", site, err)
	}
}

// sellable is an order line for the first hosting product with a price.
func sellable(t *testing.T, s Subject) upstream.OrderItem {
	t.Helper()
	products, err := capability[upstream.Catalogue](t, s).Products(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range products {
		if p.Kind != upstream.KindHosting {
			continue
		}
		for _, price := range p.Prices {
			if price.Cost != nil {
				return upstream.OrderItem{
					Description: p.Name, Type: upstream.ItemHosting, ProductRef: p.Ref, Category: p.Category,
					Domain: s.Free, Cycle: price.Cycle,
				}
			}
		}
	}
	t.Skip("the adapter sells no hosting")
	return upstream.OrderItem{}
}

// failures: a lost answer of a call that buys is Unknown and was sent once; what
// never happened says so.
func failures(t *testing.T, s Subject) {
	registrar := capability[upstream.DomainRegistrar](t, s)
	handle := newContact(t, s)
	for _, tt := range []struct {
		how    string
		result fault.Result
		effect int
	}{
		{BreakRateLimited, fault.RateLimited, 0},
		{BreakUnauthorized, fault.Unavailable, 0},
		{BreakLostAnswer, fault.Unknown, 1},
		{BreakServerError, fault.Unknown, 1},
		{BreakUnreadable, fault.Unknown, 1},
	} {
		before := s.Effects()
		s.Break(tt.how)
		name := string(tt.how[0]) + tt.how[1:2] + s.Free
		err := registrar.RegisterDomain(t.Context(), name, handle)
		wantOutcome(t, tt.how, err, tt.result, nil)
		if got := s.Effects() - before; got != tt.effect {
			t.Errorf("%s: %d effects, want %d", tt.how, got, tt.effect)
		}
		if err != nil && s.Secret != "" && contains(err, s.Secret) {
			t.Errorf("%s: the key is in the error", tt.how)
		}
	}
}
