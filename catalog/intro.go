package catalog

import (
	"github.com/shopspring/decimal"

	"hostfront/money"
)

// IntroMethod is how a rule makes the price of an introduction.
type IntroMethod string

// The methods of an introduction.
const (
	IntroFree    IntroMethod = "free"    // nothing is charged
	IntroPercent IntroMethod = "percent" // Value percent of the price are taken off
	IntroFixed   IntroMethod = "fixed"   // the price is Value, in the shop's basis
)

// maxIntroPeriods bounds an introduction: ten years of months.
const maxIntroPeriods = 120

// Intro is the introduction of a rule: the first periods of a product are sold for less. It is what
// the shop chose to lose: no ending and no floor applies to it.
type Intro struct {
	// Periods is for how many periods, the one that is ordered included. Zero is no introduction.
	Periods int         `json:"periods"`
	Method  IntroMethod `json:"method"`
	// Value is a percentage or an amount in the shop's currency, by Method.
	Value decimal.Decimal `json:"value"`
	// OncePerCustomer: a customer has it once for a product.
	OncePerCustomer bool `json:"once_per_customer"`
}

// IntroPrice is what a product costs for its first periods.
type IntroPrice struct {
	// Price is in the shop's basis, Net without VAT.
	Price, Net      money.Amount
	Periods         int
	OncePerCustomer bool
}

// intro is the introduction of a price by its rule, nil where there is none or it would be no cheaper.
func (b *book) intro(r *Rule, regular *Price) *IntroPrice {
	if r == nil || r.Intro.Periods == 0 || regular == nil {
		return nil
	}
	wanted := decimal.Zero
	switch r.Intro.Method {
	case IntroPercent:
		wanted = regular.Price.Decimal().Mul(hundred.Sub(r.Intro.Value)).Shift(-2)
	case IntroFixed:
		wanted = r.Intro.Value
	}
	shown := b.payable(grid{1, 0}, wanted.Shift(b.currency.Exponent()).Round(0).IntPart())
	if shown >= regular.Price.Minor {
		return nil
	}
	return &IntroPrice{
		Price: money.New(shown, b.currency), Net: money.New(b.netOf(shown), b.currency),
		Periods: r.Intro.Periods, OncePerCustomer: r.Intro.OncePerCustomer,
	}
}

func (c *ruleCheck) intro(r Rule) {
	i := r.Intro
	if i.Periods == 0 && i.Method == "" && i.Value.IsZero() && !i.OncePerCustomer {
		return
	}
	if r.Premium || r.Action != "" || r.Scope == ScopeKind && r.Target == KindDomain {
		c.refuse("intro", "not_allowed", "Only products have an introduction, domain names have not.")
	}
	if i.Periods < 1 || i.Periods > maxIntroPeriods {
		c.refuse("intro.periods", "out_of_range", "From 1 to %d periods.", maxIntroPeriods)
	}
	switch i.Method {
	case IntroFree:
		if !i.Value.IsZero() {
			c.refuse("intro.value", "not_allowed", "What is free has no value.")
		}
	case IntroPercent:
		if !i.Value.IsPositive() || !i.Value.LessThan(hundred) {
			c.refuse("intro.value", "out_of_range", "More than 0 and less than 100 percent.")
		}
		c.digits("intro.value", i.Value)
	case IntroFixed:
		if !i.Value.IsPositive() {
			c.refuse("intro.value", "out_of_range", "A price of more than nothing; use the method free for nothing.")
		}
		c.amount("intro.value", i.Value)
	default:
		c.refuse("intro.method", "invalid", "One of free, percent, fixed.")
	}
}
