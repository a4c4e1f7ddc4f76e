package catalog_test

import (
	"reflect"
	"slices"
	"testing"

	"hostfront/catalog"
	"hostfront/fault"
)

func TestRulesAreCheckedFieldByField(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before, err := s.Rules(t.Context())
	must(t, err)
	_, err = s.SaveRules(t.Context(), []catalog.Rule{
		quarter,
		{Scope: "galaxy", Method: "guess"},
		{Scope: catalog.ScopeKind, Method: catalog.Margin, Value: dec("100"), Action: "buy", Cycle: "week"},
		{Scope: catalog.ScopeShop, Target: "x", Method: catalog.Add, Value: dec("0.001"), Ending: ".42", Floor: dec("-1")},
		{Scope: catalog.ScopeKind, Target: "a", Method: catalog.Fixed, Ending: catalog.EndingStep},
		{Scope: catalog.ScopeShop, Method: catalog.Percent, Step: dec("1")},
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
		"rules[1].scope invalid", "rules[1].method invalid",
		"rules[2].target required", "rules[2].action invalid", "rules[2].cycle invalid", "rules[2].value out_of_range",
		"rules[3].target not_allowed", "rules[3].value too_precise", "rules[3].ending invalid", "rules[3].floor negative",
		"rules[3] duplicate", "rules[4].value out_of_range", "rules[4].step required", "rules[5].step not_allowed",
		"rules[5] duplicate",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	after, err := s.Rules(t.Context())
	must(t, err)
	if !reflect.DeepEqual(before, after) {
		t.Error("rules were saved though some are refused")
	}
}

func TestPreviewTellsWhatRulesWouldDoAndSavesNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	before := s.rows(t)
	proposed := []catalog.Rule{
		quarter,
		{Scope: catalog.ScopeProduct, Target: "nl", Action: catalog.ActionRegister, Method: catalog.Fixed, Value: dec("5"), Floor: dec("0.50")},
		{Scope: catalog.ScopeCategory, Target: "hosting_5gb", Method: catalog.Percent, Value: dec("5"), Floor: dec("1.00")},
	}
	p, err := s.PreviewRules(t.Context(), proposed, catalog.PreviewParams{OnlyChanged: true})
	must(t, err)
	// 2 products by 2 cycles, 4 TLDs by 4 actions, of which restore has no cost.
	if p.Prices != 20 || p.Unpriced != 4 || p.Changed != 3 || p.Raised != 2 || p.BelowCost != 1 || len(p.Lines) != 3 {
		t.Errorf("%+v", p)
	}
	for _, line := range p.Lines {
		switch {
		case line.Ref == "nl":
			if !line.BelowCost || line.After.Price != eur("8.50") || line.Before.Price != eur("10.00") || line.Rule != "rules[1]" {
				t.Errorf("nl: %+v", line)
			}
		case line.Cycle == "month":
			if !line.Raised || line.BelowCost || line.After.Price != eur("3.00") || line.Rule != "rules[2]" {
				t.Errorf("month: %+v", line)
			}
		case line.Raised || line.After.Price != eur("21.00"):
			t.Errorf("year: %+v", line)
		}
	}
	if !reflect.DeepEqual(before, s.rows(t)) {
		t.Error("the preview wrote something")
	}
	seen := 0
	for cursor := ""; ; {
		page, err := s.PreviewRules(t.Context(), proposed, catalog.PreviewParams{Cursor: cursor, Limit: 7})
		must(t, err)
		seen += len(page.Lines)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if seen != 20 {
		t.Errorf("%d lines over the pages, want 20", seen)
	}
	if p, err := s.PreviewRules(t.Context(), nil, catalog.PreviewParams{}); err != nil || p.Unpriced != 20 {
		t.Errorf("without rules %d of %d have no price, %v", p.Unpriced, p.Prices, err)
	}
}

func TestExplainNamesTheRuleOfAPrice(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	rules, err := s.SaveRules(t.Context(), []catalog.Rule{quarter, {
		Scope: catalog.ScopeProduct, Target: "nl", Action: catalog.ActionRenew, Method: catalog.Percent,
		Value: dec("10"), Ending: catalog.Ending99,
	}})
	must(t, err)
	got, err := s.Explain(t.Context(), "nl", catalog.ActionRenew, "year")
	must(t, err)
	if got.By == nil || got.By.ID != rules[1].ID || got.Wanted != "8.8" || got.After.Price != eur("8.99") {
		t.Errorf("%+v", got)
	}
	if _, err := s.Explain(t.Context(), "unheard", catalog.ActionRenew, "year"); !fault.Is(err, "not_found") {
		t.Errorf("unheard: %v", err)
	}
}
