package upstreamtest

import (
	"strings"
	"testing"

	"hostfront/upstream"
)

// catalogue: whole, without doubles, and no price that could be mistaken.
func catalogue(t *testing.T, s Subject) {
	c := capability[upstream.Catalogue](t, s)
	products, err := c.Products(t.Context())
	if err != nil || len(products) == 0 {
		t.Fatalf("Products: %d, %v", len(products), err)
	}
	refs := map[string]bool{}
	for _, p := range products {
		if p.Ref == "" || refs[p.Ref] {
			t.Errorf("product %q has no ref of its own", p.Name)
		}
		refs[p.Ref] = true
		checkPrices(t, p)
	}
	checkTLDs(t, c)
}

func checkPrices(t *testing.T, p upstream.Product) {
	for _, price := range p.Prices {
		if price.Cycle != upstream.CycleMonth && price.Cycle != upstream.CycleYear {
			t.Errorf("product %s has a cycle of %q", p.Ref, price.Cycle)
		}
		if p.Billing == upstream.BillingYearly && price.Cycle == upstream.CycleMonth {
			t.Errorf("product %s is billed by the year and sold by the month", p.Ref)
		}
		if price.Cost != nil && (price.Cost.IsNegative() || price.Cost.Currency == "") {
			t.Errorf("product %s costs %s", p.Ref, price.Cost)
		}
	}
}

func checkTLDs(t *testing.T, c upstream.Catalogue) {
	tlds, err := c.TLDs(t.Context())
	if err != nil || len(tlds) == 0 {
		t.Fatalf("TLDs: %d, %v", len(tlds), err)
	}
	names := map[string]bool{}
	for _, tld := range tlds {
		if tld.Name != strings.ToLower(tld.Name) || strings.HasPrefix(tld.Name, ".") || tld.Name == "" || names[tld.Name] {
			t.Errorf("TLD %q is not a lower-case name without a dot in front, once", tld.Name)
		}
		names[tld.Name] = true
		if tld.List != nil && !tld.List.IsPositive() {
			t.Errorf("TLD %s is free", tld.Name)
		}
	}
}

// availability: every name asked is answered, and only a free one is Available.
func availability(t *testing.T, s Subject) {
	c := capability[upstream.DomainChecker](t, s)
	if c.MaxCheck() < 1 {
		t.Fatalf("MaxCheck is %d", c.MaxCheck())
	}
	got, err := c.CheckDomains(t.Context(), []string{s.Free, s.Taken, s.Unsold})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]upstream.Availability{s.Free: upstream.Available, s.Taken: upstream.Taken, s.Unsold: upstream.Unsupported}
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s is %q, want %q", name, got[name], w)
		}
	}
	single, err := c.CheckDomains(t.Context(), []string{s.Free})
	if err != nil || single[s.Free] != upstream.Available {
		t.Errorf("asked alone, %s is %q", s.Free, single[s.Free])
	}
}

// prices: what is not sold has no price, and never one of zero.
func prices(t *testing.T, s Subject) {
	c := capability[upstream.DomainPricer](t, s)
	got, err := c.PriceDomains(t.Context(), []string{s.Free, s.Unsold})
	if err != nil {
		t.Fatal(err)
	}
	if p := got[s.Free]; p == nil || !p.Cost.IsPositive() {
		t.Errorf("%s costs %v", s.Free, p)
	}
	if p, answered := got[s.Unsold]; p != nil || !answered {
		t.Errorf("%s is not sold and has a price of %v", s.Unsold, p)
	}
}
