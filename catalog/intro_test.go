package catalog_test

import (
	"slices"
	"testing"

	"hostfront/catalog"
	"hostfront/fault"
)

// introduced is the rule of the shop with an introduction.
func introduced(i catalog.Intro) catalog.Rule {
	r := quarter
	r.Intro = i
	return r
}

// cycleOf is the price of h5 (2.00 a month) for a cycle.
func (s *shop) cycleOf(t testing.TB, cycle string) catalog.CyclePrice {
	t.Helper()
	for _, p := range s.Snapshot().Products() {
		if p.Ref == "h5" {
			found, ok := p.Cycle(cycle)
			if !ok {
				t.Fatal("not sold by the", cycle)
			}
			return found
		}
	}
	t.Fatal("h5 is not on sale")
	return catalog.CyclePrice{}
}

func TestAnIntroductionIsFreeOrPartOfThePriceOrAPriceOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		intro catalog.Intro
		basis catalog.Basis
		// price is the introduction's, in the basis; empty where there is none.
		price, net string
	}{
		"free":                       {intro: catalog.Intro{Periods: 2, Method: catalog.IntroFree}, price: "0.00", net: "0.00"},
		"half":                       {intro: catalog.Intro{Periods: 2, Method: catalog.IntroPercent, Value: dec("50")}, price: "1.25", net: "1.25"},
		"a third, to the cent":       {intro: catalog.Intro{Periods: 2, Method: catalog.IntroPercent, Value: dec("33.3")}, price: "1.67", net: "1.67"},
		"a price":                    {intro: catalog.Intro{Periods: 2, Method: catalog.IntroFixed, Value: dec("0.99")}, price: "0.99", net: "0.99"},
		"a price with VAT":           {intro: catalog.Intro{Periods: 2, Method: catalog.IntroFixed, Value: dec("1.21")}, basis: catalog.Gross, price: "1.21", net: "1.00"},
		"half with VAT":              {intro: catalog.Intro{Periods: 2, Method: catalog.IntroPercent, Value: dec("50")}, basis: catalog.Gross, price: "1.52", net: "1.26"},
		"no cheaper than the price":  {intro: catalog.Intro{Periods: 2, Method: catalog.IntroFixed, Value: dec("2.50")}},
		"nothing that is introduced": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t, func(c *catalog.Config) { c.Basis = tt.basis })
			s.sync(t)
			_, err := s.SaveRules(t.Context(), []catalog.Rule{introduced(tt.intro)})
			must(t, err)
			got := s.cycleOf(t, "month")
			if tt.price == "" {
				if got.Intro != nil {
					t.Fatalf("introduced at %s", got.Intro.Price)
				}
				return
			}
			if got.Intro == nil || got.Intro.Price != eur(tt.price) || got.Intro.Net != eur(tt.net) || got.Intro.Periods != 2 {
				t.Fatalf("introduced at %+v", got.Intro)
			}
		})
	}
}

func TestAnIntroductionIsShownInTheCatalogueAndKeptWithItsRule(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	want := catalog.Intro{Periods: 3, Method: catalog.IntroPercent, Value: dec("60"), OncePerCustomer: true}
	_, err := s.SaveRules(t.Context(), []catalog.Rule{introduced(want)})
	must(t, err)
	kept, err := s.Rules(t.Context())
	must(t, err)
	if got := kept[0].Intro; got.Periods != 3 || got.Method != catalog.IntroPercent || !got.Value.Equal(want.Value) || !got.OncePerCustomer {
		t.Fatalf("kept as %+v", got)
	}
	page, err := s.Snapshot().ProductsPage(catalog.ProductFilter{}, "", 10)
	must(t, err)
	shown := decode[catalog.ProductView](t, page)
	if i := shown.Items[0].Cycles[0].Intro; i == nil || i.Price.Amount != "1.00" || i.Periods != 3 || !i.OncePerCustomer {
		t.Fatalf("shown as %+v", i)
	}
	tld, _ := s.Snapshot().TLD("nl")
	if tld.Register.Price != eur("10.00") {
		t.Fatalf("a name is introduced at %s", tld.Register.Price)
	}
}

func TestIntroductionsAreCheckedFieldByField(t *testing.T) {
	t.Parallel()
	s := setup(t)
	free := catalog.Intro{Periods: 1, Method: catalog.IntroFree}
	of := func(scope catalog.Scope, target string, i catalog.Intro) catalog.Rule {
		return catalog.Rule{Scope: scope, Target: target, Method: catalog.Percent, Intro: i}
	}
	action, premium := of(catalog.ScopeProduct, "nl", free), of(catalog.ScopeProduct, "com", free)
	action.Action, premium.Premium = catalog.ActionRegister, true
	_, err := s.SaveRules(t.Context(), []catalog.Rule{
		of(catalog.ScopeProduct, "a", catalog.Intro{Method: catalog.IntroFree}),
		of(catalog.ScopeProduct, "b", catalog.Intro{Periods: 121, Method: "guess"}),
		of(catalog.ScopeProduct, "c", catalog.Intro{Periods: 1, Method: catalog.IntroFree, Value: dec("1")}),
		of(catalog.ScopeProduct, "d", catalog.Intro{Periods: 1, Method: catalog.IntroPercent, Value: dec("100")}),
		of(catalog.ScopeProduct, "e", catalog.Intro{Periods: 1, Method: catalog.IntroFixed}),
		of(catalog.ScopeProduct, "f", catalog.Intro{Periods: 1, Method: catalog.IntroFixed, Value: dec("0.001")}),
		of(catalog.ScopeKind, "domain", free), action, premium,
	})
	e, ok := fault.As(err)
	if !ok {
		t.Fatalf("saved: %v", err)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Name+" "+f.Code)
	}
	want := []string{
		"rules[0].intro.periods out_of_range", "rules[1].intro.periods out_of_range", "rules[1].intro.method invalid", "rules[2].intro.value not_allowed",
		"rules[3].intro.value out_of_range", "rules[4].intro.value out_of_range", "rules[5].intro.value too_precise",
		"rules[6].intro not_allowed", "rules[7].intro not_allowed", "rules[8].intro not_allowed",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAPreviewNamesWhatIsBelowCostWhileItIsIntroduced(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	rules := []catalog.Rule{introduced(catalog.Intro{Periods: 2, Method: catalog.IntroPercent, Value: dec("50")}), {
		Scope: catalog.ScopeCategory, Target: "hosting_10gb", Method: catalog.Percent, Value: dec("25"),
		Intro: catalog.Intro{Periods: 1, Method: catalog.IntroPercent, Value: dec("10")},
	}}
	p, err := s.PreviewRules(t.Context(), rules, catalog.PreviewParams{OnlyChanged: true})
	must(t, err)
	if p.Changed != 4 || p.IntroBelowCost != 2 || p.BelowCost != 0 {
		t.Fatalf("%+v", p)
	}
	for _, l := range p.Lines {
		if l.IntroBefore != nil || l.IntroAfter == nil || l.IntroBelowCost != (l.IntroAfter.Periods == 2) {
			t.Errorf("%s %s: introduced at %+v, below cost %v", l.Ref, l.Cycle, l.IntroAfter, l.IntroBelowCost)
		}
	}
	_, err = s.SaveRules(t.Context(), rules)
	must(t, err)
	if p, err = s.PreviewRules(t.Context(), rules, catalog.PreviewParams{}); err != nil || p.Changed != 0 {
		t.Fatalf("%d prices change under the rules that hold, %v", p.Changed, err)
	}
}
