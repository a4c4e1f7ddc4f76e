package catalog

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"hostfront/money"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func eur(s string) money.Amount {
	a, err := money.Parse(s, money.EUR)
	if err != nil {
		panic(err)
	}
	return a
}

func TestRuleMakesThePriceItsMethodAndEndingSay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		basis Basis
		rule  Rule
		cost  string
		price string // "" : not for sale
		net   string
	}{
		{"percent", Net, Rule{Method: Percent, Value: dec("25")}, "8.00", "10.00", "10.00"},
		{"percent rounds half up", Net, Rule{Method: Percent, Value: dec("12.5")}, "0.20", "0.23", "0.23"},
		{"percent below zero is raised to the cost", Net, Rule{Method: Percent, Value: dec("-50")}, "8.00", "8.00", "8.00"},
		{"add", Net, Rule{Method: Add, Value: dec("1.5")}, "8.00", "9.50", "9.50"},
		{"margin of the price", Net, Rule{Method: Margin, Value: dec("20")}, "8.00", "10.00", "10.00"},
		{"margin that does not divide", Net, Rule{Method: Margin, Value: dec("30")}, "8.00", "11.43", "11.43"},
		{"fixed", Net, Rule{Method: Fixed, Value: dec("12.34")}, "8.00", "12.34", "12.34"},
		{"fixed below cost and floor", Net, Rule{Method: Fixed, Value: dec("5"), Floor: dec("0.5")}, "8.00", "8.50", "8.50"},
		{".99 goes up", Net, Rule{Method: Percent, Value: dec("25"), Ending: Ending99}, "8.00", "10.99", "10.99"},
		{".99 stays", Net, Rule{Method: Fixed, Value: dec("9.99"), Ending: Ending99}, "8.00", "9.99", "9.99"},
		{".95", Net, Rule{Method: Add, Value: dec("1.96"), Ending: Ending95}, "8.00", "10.95", "10.95"},
		{".00", Net, Rule{Method: Add, Value: dec("0.01"), Ending: Ending00}, "8.00", "9.00", "9.00"},
		{"step", Net, Rule{Method: Add, Value: dec("0.01"), Ending: EndingStep, Step: dec("0.25")}, "8.00", "8.25", "8.25"},
		{"floor keeps the ending", Net, Rule{Method: Percent, Ending: Ending99, Floor: dec("2")}, "8.00", "10.99", "10.99"},
		{"nothing is not free", Net, Rule{Method: Percent, Value: dec("50")}, "0.00", "", ""},
		{"nothing with an amount on it", Net, Rule{Method: Add, Value: dec("2")}, "0.00", "2.00", "2.00"},
		{"gross", Gross, Rule{Method: Percent, Value: dec("25")}, "8.00", "12.10", "10.00"},
		{"gross ending", Gross, Rule{Method: Percent, Ending: Ending99}, "8.00", "9.99", "8.26"},
		{"gross that no invoice comes out at goes on to the next ending", Gross, Rule{Method: Fixed, Value: dec("12.99"), Ending: Ending99}, "8.00", "13.99", "11.56"},
		{"gross without ending goes on by a cent", Gross, Rule{Method: Fixed, Value: dec("12.99")}, "8.00", "13.00", "10.74"},
		{"gross floor", Gross, Rule{Method: Fixed, Value: dec("5.00")}, "8.00", "9.68", "8.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.rule.Scope = ScopeShop
			if err := checkRules([]Rule{tt.rule}, money.EUR); err != nil {
				t.Fatalf("the rule is refused: %v", err)
			}
			b := newBook([]Rule{tt.rule}, money.EUR, tt.basis, dec("21"))
			got := b.price(subject{cycle: "year"}, eur(tt.cost), false)
			if tt.price == "" {
				if got.price != nil || got.reason != unpricedZero {
					t.Fatalf("price %v (%s), want none", got.price, got.reason)
				}
				return
			}
			if got.price == nil {
				t.Fatalf("no price: %s", got.reason)
			}
			if got.price.Price != eur(tt.price) || got.price.Net != eur(tt.net) {
				t.Errorf("price %s net %s, want %s net %s", got.price.Price, got.price.Net, tt.price, tt.net)
			}
		})
	}
}

func TestMostSpecificRuleDecides(t *testing.T) {
	t.Parallel()
	fixed := func(scope Scope, target, action, cycle, value string) Rule {
		return Rule{Scope: scope, Target: target, Action: action, Cycle: cycle, Method: Fixed, Value: dec(value)}
	}
	premium := fixed(ScopeKind, "domain", "", "", "99")
	premium.Premium = true
	b := newBook([]Rule{
		fixed(ScopeShop, "", "", "", "1"),
		fixed(ScopeUpstream, "ljpc", "", "", "2"),
		fixed(ScopeKind, "domain", "", "", "3"),
		fixed(ScopeKind, "domain", "", "year", "4"),
		fixed(ScopeKind, "domain", "renew", "", "5"),
		fixed(ScopeCategory, "hosting_5gb", "", "", "6"),
		fixed(ScopeProduct, "nl", "transfer", "", "7"),
		fixed(ScopeProduct, "prd_1", "", "", "8"),
		premium,
	}, money.EUR, Net, decimal.Zero)
	for _, tt := range []struct {
		name string
		s    subject
		want string
	}{
		{"shop", subject{kind: "forward", upstream: "other", cycle: "month"}, "1"},
		{"upstream", subject{kind: "forward", upstream: "ljpc", cycle: "month"}, "2"},
		{"kind", subject{kind: "domain", upstream: "ljpc", action: "register", cycle: "month"}, "3"},
		{"kind and cycle", subject{kind: "domain", action: "register", cycle: "year"}, "4"},
		{"kind and action before kind and cycle", subject{kind: "domain", action: "renew", cycle: "year"}, "5"},
		{"category before kind", subject{kind: "domain", category: "hosting_5gb", cycle: "year"}, "6"},
		{"a TLD by name", subject{ref: "nl", kind: "domain", action: "transfer", cycle: "year"}, "7"},
		{"a rule for another action does not match", subject{ref: "nl", kind: "domain", action: "register", cycle: "year"}, "4"},
		{"a product by id", subject{id: "prd_1", ref: "uuid", category: "hosting_5gb", cycle: "year"}, "8"},
		{"premium rules are for premium names alone", subject{ref: "nl", kind: "domain", action: "transfer", premium: true}, "99"},
	} {
		got := b.price(tt.s, eur("0.50"), false)
		if got.price == nil || got.price.Price != eur(tt.want) {
			t.Errorf("%s: priced %+v (%s), want %s", tt.name, got.price, got.reason, tt.want)
		}
	}
	if got := b.price(subject{kind: "hosting", upstream: "ljpc", premium: true}, eur("1"), false); got.reason != unpricedNoRule {
		t.Errorf("a premium name without a premium rule: %+v, want no rule", got)
	}
}

func TestCostInAnotherCurrencyHasNoPrice(t *testing.T) {
	t.Parallel()
	b := newBook([]Rule{{Scope: ScopeShop, Method: Percent}}, money.EUR, Net, decimal.Zero)
	if got := b.price(subject{}, money.New(100, money.USD), false); got.price != nil || got.reason != unpricedCurrency {
		t.Fatalf("priced %+v (%s)", got.price, got.reason)
	}
}

func TestNoPriceFallsBelowItsFloorAndVATComesOutAtWhatIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		basis := rapid.SampledFrom([]Basis{Net, Gross}).Draw(t, "basis")
		rate := dec(rapid.SampledFrom([]string{"21", "19", "25.5", "5.5", "0", "27", "8.1", "20"}).Draw(t, "rate"))
		cost := money.New(rapid.Int64Range(0, 5_000_000).Draw(t, "cost"), money.EUR)
		b := newBook([]Rule{rule}, money.EUR, basis, rate)
		got := b.price(subject{}, cost, false)
		if got.price == nil {
			if got.reason != unpricedZero {
				t.Fatalf("no price: %s", got.reason)
			}
			return
		}
		p := *got.price
		if !p.Price.IsPositive() {
			t.Fatalf("price %s", p.Price)
		}
		if least := cost.Decimal().Add(rule.Floor); p.Net.Decimal().LessThan(least) {
			t.Fatalf("net %s is below cost and floor %s", p.Net, least)
		}
		vat, err := money.Round(p.Net.Decimal().Mul(rate).Shift(-2), money.EUR)
		if err != nil {
			t.Fatal(err)
		}
		shown := p.Net
		if basis == Gross {
			shown = p.Net.Add(vat)
		}
		if shown != p.Price {
			t.Fatalf("net %s and VAT %s come to %s, shown is %s", p.Net, vat, shown, p.Price)
		}
		if g := rule.grid(money.EUR); basis == Net && p.Price.Minor%g.size != g.rest {
			t.Fatalf("price %s does not end in %q", p.Price, rule.Ending)
		}
	})
}

func drawRule(t *rapid.T) Rule {
	r := Rule{Scope: ScopeShop, Method: rapid.SampledFrom([]Method{Percent, Add, Margin, Fixed}).Draw(t, "method")}
	switch r.Method {
	case Percent:
		r.Value = decimal.New(rapid.Int64Range(-100_00, 1000_00).Draw(t, "value"), -2)
	case Margin:
		r.Value = decimal.New(rapid.Int64Range(0, 99_00).Draw(t, "value"), -2)
	default:
		r.Value = decimal.New(rapid.Int64Range(1, 100_000).Draw(t, "value"), -2)
	}
	r.Ending = rapid.SampledFrom([]Ending{EndingNone, Ending99, Ending95, Ending00, EndingStep}).Draw(t, "ending")
	if r.Ending == EndingStep {
		r.Step = decimal.New(rapid.Int64Range(1, 1000).Draw(t, "step"), -2)
	}
	r.Floor = decimal.New(rapid.Int64Range(0, 1000).Draw(t, "floor"), -2)
	return r
}
