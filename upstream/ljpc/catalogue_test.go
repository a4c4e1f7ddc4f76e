package ljpc_test

import (
	"net/http"
	"strings"
	"testing"

	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

func TestCatalogueOfRealSizeComesWithAccountAndListPrice(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *sandbox.Options, _ *ljpc.Config) { o.TLDs = nil })
	products, err := b.client.Products(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kinds, billings := map[string]int{}, map[string]int{}
	for _, p := range products {
		kinds[p.Kind]++
		billings[p.Billing]++
		for _, price := range p.Prices {
			if price.Cost == nil || price.List == nil || price.Cost.Cmp(*price.List) >= 0 {
				t.Errorf("%s by the %s costs %v of a list price of %v", p.Name, price.Cycle, price.Cost, price.List)
			}
		}
		if p.RequiresTargetURL != (p.Category == "hosting_forward") || !p.RequiresDomain {
			t.Errorf("%s requires a target %v, a domain %v", p.Category, p.RequiresTargetURL, p.RequiresDomain)
		}
	}
	if kinds[upstream.KindHosting] < 30 || kinds[upstream.KindForward] != 3 || kinds[upstream.KindDNS] != 3 {
		t.Errorf("kinds: %v", kinds)
	}
	if len(billings) != 3 || len(products) < 40 {
		t.Errorf("%d products, billed %v", len(products), billings)
	}
	checkRealTLDs(t, b)
}

func checkRealTLDs(t *testing.T, b bundle) {
	tlds, err := b.client.TLDs(t.Context())
	if err != nil || len(tlds) < 1500 {
		t.Fatalf("%d TLDs, %v", len(tlds), err)
	}
	priceless, fixed := 0, 0
	for _, tld := range tlds {
		if tld.List == nil {
			priceless++
		}
		if !tld.TransferSupported {
			fixed++
		}
	}
	if priceless == 0 || fixed == 0 || priceless > 100 || fixed > 150 {
		t.Errorf("%d TLDs without a price, %d without transfer", priceless, fixed)
	}
}

func TestUndocumentedCategoriesAreNotSold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	products, err := b.client.Products(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range products {
		if strings.HasPrefix(p.Name, "Other") || p.Category == "hosting_gb" || p.Category == "hosting_reseller" {
			t.Errorf("%s of %s is sold", p.Name, p.Category)
		}
	}
}

func TestWithoutAKeyNothingHasACost(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *sandbox.Options, c *ljpc.Config) { c.APIKey, c.SpaceIDs = "", nil })
	products, err := b.client.Products(t.Context())
	if err != nil || len(products) == 0 {
		t.Fatal(err)
	}
	for _, p := range products {
		for _, price := range p.Prices {
			if price.Cost != nil || price.List == nil {
				t.Fatalf("%s costs %v, list %v", p.Name, price.Cost, price.List)
			}
		}
	}
}

func TestHalfACatalogueIsAnError(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultCutJSON, sandbox.FaultHTML, sandbox.FaultServerError, sandbox.FaultRedirect} {
		b := setup(t)
		b.sandbox.Faults(sandbox.Fault{Op: ljpc.OpProducts, Kind: kind}, sandbox.Fault{Op: ljpc.OpTLDs, Kind: kind})
		if products, err := b.client.Products(t.Context()); err == nil || products != nil {
			t.Errorf("%s: %d products", kind, len(products))
		}
		if tlds, err := b.client.TLDs(t.Context()); err == nil || tlds != nil {
			t.Errorf("%s: %d TLDs", kind, len(tlds))
		}
	}
}

func TestManyNamesAreAskedInBatches(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *sandbox.Options, c *ljpc.Config) { c.MaxCheck = 3; c.Transport = http.DefaultTransport })
	names := []string{"a.nl", "taken-b.nl", "c.com", "d.co.uk", "e.unsold", "google.nl", "xn--e1afmkfd.xn--p1ai"}
	found, err := b.client.CheckDomains(t.Context(), names)
	if err != nil || len(found) != len(names) {
		t.Fatalf("%v, %v", found, err)
	}
	if found["taken-b.nl"] != upstream.Taken || found["d.co.uk"] != upstream.Available || found["e.unsold"] != upstream.Unsupported {
		t.Errorf("%v", found)
	}
	prices, err := b.client.PriceDomains(t.Context(), append(names, "premium-x.com"))
	if err != nil {
		t.Fatal(err)
	}
	if p := prices["premium-x.com"]; p == nil || !p.Premium || p.Cost != euro(950*40) {
		t.Errorf("premium: %+v", p)
	}
	if p := prices["a.nl"]; p == nil || p.Premium || p.Cost != euro(850) {
		t.Errorf("a.nl: %+v", p)
	}
	if calls := b.sandbox.Calls(); calls[ljpc.OpCheck] != 3 || calls[ljpc.OpPrice] != 3 {
		t.Errorf("calls: %v", calls)
	}
}
