package catalog_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/upstream"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestDomainIsQuotedAtItsExactCost(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.exact["dear.nl"] = &upstream.DomainPrice{Cost: eur("9.00")}
	must(t, s.SetTLDCost(t.Context(), "com", catalog.ActionRenew, cost("12.00")))
	must(t, s.SetTLDCost(t.Context(), "com", catalog.ActionTransfer, cost("11.00")))
	for _, tt := range []struct {
		name, action, price, cost, renew string
		assumed, renewAssumed            bool
	}{
		{"A.nl", "register", "8.75", "7.00", "10.00", false, true}, // the list says 8.00 a year
		{"dear.nl", "register", "11.25", "9.00", "11.25", false, true},
		{"a.nl", "transfer", "8.75", "7.00", "10.00", true, true},
		{"a.com", "register", "8.75", "7.00", "15.00", false, false},
		{"a.com", "transfer", "13.75", "11.00", "15.00", false, false},
	} {
		got, err := s.DomainPrice(t.Context(), tt.name, tt.action)
		must(t, err)
		if got.Price.Price != eur(tt.price) || got.Price.Cost != eur(tt.cost) || got.RenewNet != eur(tt.renew) ||
			got.Price.CostAssumed != tt.assumed || got.RenewCostAssumed != tt.renewAssumed {
			t.Errorf("%s %s: %+v", tt.action, tt.name, got)
		}
	}
}

func TestDomainThatCannotBeSoldIsNotQuoted(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.source.tlds["notransfer"] = upstream.TLD{Name: "notransfer", List: cost("5.00")}
	s.sync(t)
	s.source.exact["gold.nl"] = &upstream.DomainPrice{Cost: eur("900.00"), Premium: true}
	s.source.exact["odd.nl"] = nil
	s.source.exact["dollar.nl"] = &upstream.DomainPrice{Cost: money.New(100, money.USD)}
	for _, tt := range []struct{ name, action, code string }{
		{"a b.nl", "register", "name_invalid"},
		{"nl", "register", "name_invalid"},
		{"a.unheard", "register", "tld_not_sold"},
		{"a.notransfer", "transfer", "action_not_sold"},
		{"a.nl", "restore", "action_not_sold"},
		{"gold.nl", "register", "premium_not_sold"},
		{"odd.nl", "register", "tld_not_sold"},
		{"dollar.nl", "register", "tld_not_sold"},
	} {
		if _, err := s.DomainPrice(t.Context(), tt.name, tt.action); !fault.Is(err, tt.code) {
			t.Errorf("%s %s: %v, want %s", tt.action, tt.name, err, tt.code)
		}
	}
	s.source.fail("price", errors.New("502"))
	_, err := s.DomainPrice(t.Context(), "a.nl", "register")
	if e, ok := fault.As(err); !ok || e.Kind != fault.Away || e.Code != "upstream_unavailable" || e.RetryAfter == 0 {
		t.Errorf("while the upstream is away: %v", err)
	}
}

func TestCostsOfTheOperatorWinAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	for _, tt := range []struct{ tld, action, field string }{{"nl", "order", "action"}, {"", "renew", "tld"}, {"a b", "renew", "tld"}} {
		err := s.SetTLDCost(t.Context(), tt.tld, tt.action, cost("1.00"))
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != tt.field {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if err := s.SetTLDCost(t.Context(), "nosuch", catalog.ActionRestore, cost("50.00")); !fault.Is(err, "not_found") {
		t.Errorf("a TLD that the upstream does not have: %v", err)
	}
	must(t, s.SetTLDCost(t.Context(), ".рф", catalog.ActionRestore, cost("50.00")))
	rf, _ := s.Snapshot().TLD("xn--p1ai")
	if rf.Restore == nil || rf.Restore.Price != eur("62.50") || rf.Restore.CostAssumed {
		t.Errorf("restores at %+v", rf.Restore)
	}
	version := s.Snapshot().Version()
	must(t, s.SetTLDCost(t.Context(), ".рф", catalog.ActionRestore, cost("50.00")))
	if s.Snapshot().Version() != version {
		t.Error("the same cost was set again")
	}
	must(t, s.SetTLDCost(t.Context(), "рф", catalog.ActionRestore, nil))
	if rf, _ := s.Snapshot().TLD("xn--p1ai"); rf.Restore != nil {
		t.Errorf("still restores at %+v", rf.Restore)
	}
	if got := history(t, s, "xn--p1ai"); !slices.Equal(got, []string{"operator - 50.00", "operator 50.00 -"}) {
		t.Errorf("history %v", got)
	}
}

func TestGrossShopFollowsItsHomeRate(t *testing.T) {
	t.Parallel()
	rise := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	s := setup(t, func(c *catalog.Config) {
		c.Basis = catalog.Gross
		c.HomeRate = func(at time.Time) decimal.Decimal {
			if at.Before(rise) {
				return dec("21")
			}
			return dec("22")
		}
	})
	s.sync(t)
	nl, _ := s.Snapshot().TLD("nl")
	if nl.Register.Price != eur("12.10") || nl.Register.Net != eur("10.00") {
		t.Errorf("at 21 %%: %+v", nl.Register)
	}
	s.clock.Advance(rise.Sub(s.clock.Now()))
	must(t, s.Refresh(t.Context()))
	if nl, _ = s.Snapshot().TLD("nl"); nl.Register.Price != eur("12.20") || nl.Register.Net != eur("10.00") {
		t.Errorf("at 22 %%: %+v", nl.Register)
	}
}

func TestOwnSpaceIsSoldAtItsFixedPriceAndCostsNothing(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *catalog.Config) {
		c.OwnSpaces = []catalog.OwnSpace{
			{SpaceID: 12, Name: "Our space", Month: cost("3.50")},
			{SpaceID: 13, Name: "No price"},
		}
	})
	s.sync(t)
	p, ok := s.Snapshot().Product("prd_space_12")
	if !ok || p.Kind != upstream.KindOwn || p.Upstream != "ljpc" || p.SpaceID != 12 || !p.RequiresDomain {
		t.Fatalf("%+v", p)
	}
	if c, _ := p.Cycle("month"); c.Price != eur("3.50") || !c.Cost.IsZero() || len(p.Cycles) != 1 {
		t.Errorf("cycles %+v", p.Cycles)
	}
	if _, ok := s.Snapshot().Product("prd_space_13"); ok {
		t.Error("a space without a price is on sale")
	}
}

func TestTLDThatCannotBeRenewedOrCarriedIsNotSold(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *catalog.Config) {
		c.SellableTLD = func(tld string) (bool, string) { return tld != "co.uk", "an address in the kingdom is needed" }
	})
	s.sync(t)
	if _, ok := s.Snapshot().TLD("co.uk"); ok {
		t.Error("co.uk is on sale")
	}
	register := quarter
	register.Action = catalog.ActionRegister
	_, err := s.SaveRules(t.Context(), []catalog.Rule{register})
	must(t, err)
	if _, tlds := s.Snapshot().Len(); tlds != 0 {
		t.Errorf("%d TLDs are sold that have no renewal price", tlds)
	}
}
