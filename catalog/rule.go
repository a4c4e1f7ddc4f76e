package catalog

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"hostfront/db"
)

// Scope is how much of the catalogue a rule is about. The most specific rule that
// matches decides; within a scope, one that names an action or a cycle goes first.
type Scope string

// The scopes, most specific first.
const (
	ScopeProduct  Scope = "product"  // Target: a product's id or upstream ref, or a TLD ("nl")
	ScopeCategory Scope = "category" // Target: the upstream's category ("hosting_10gb")
	ScopeKind     Scope = "kind"     // Target: "hosting", "forward", "dns", "domain"
	ScopeUpstream Scope = "upstream" // Target: "ljpc"
	ScopeShop     Scope = "shop"     // everything; no target
)

var scopes = []Scope{ScopeProduct, ScopeCategory, ScopeKind, ScopeUpstream, ScopeShop}

// Method is how a rule makes a price out of a cost.
type Method string

// The methods. Percent, Add and Margin work on the cost without VAT.
const (
	Percent Method = "percent" // cost plus Value percent of it
	Add     Method = "add"     // cost plus Value
	Margin  Method = "margin"  // Value percent of the price without VAT remains
	Fixed   Method = "fixed"   // the price is Value, in the shop's basis
)

// Ending is what a displayed price ends in; it is reached upward, never down.
type Ending string

// The endings. They apply to the shop's basis: with VAT where that is gross.
const (
	EndingNone Ending = ""
	Ending99   Ending = ".99"
	Ending95   Ending = ".95"
	Ending00   Ending = ".00"
	EndingStep Ending = "step" // a multiple of Step
)

// Rule is one price rule of the shop.
type Rule struct {
	ID     string `json:"id"`
	Scope  Scope  `json:"scope"`
	Target string `json:"target"`
	// Action narrows the rule to register, renew, transfer or restore: to domains.
	// Empty: all.
	Action string `json:"action"`
	// Cycle narrows the rule to "month" or "year". Empty: both.
	Cycle string `json:"cycle"`
	// Premium rules price premium domains and nothing else; without one they are
	// not for sale.
	Premium bool   `json:"premium"`
	Method  Method `json:"method"`
	// Value is a percentage or an amount in the shop's currency, by Method.
	Value  decimal.Decimal `json:"value"`
	Ending Ending          `json:"ending"`
	// Step is the amount whose multiples prices are, for EndingStep.
	Step decimal.Decimal `json:"step"`
	// Floor is what must remain above the cost, without VAT, in the shop's currency.
	// A price that would fall below it is raised.
	Floor decimal.Decimal `json:"floor"`
	// Intro is what the first periods of a product are sold for, of a rule that has one.
	Intro Intro `json:"intro"`
}

func readRules(ctx context.Context, q *db.Queries) ([]Rule, error) {
	rows, err := q.CatalogRules(ctx)
	if err != nil {
		return nil, err
	}
	rules := make([]Rule, len(rows))
	for i, row := range rows {
		if rules[i], err = ruleOf(row); err != nil {
			return nil, err
		}
	}
	return rules, nil
}

func ruleOf(row db.CatalogRule) (Rule, error) {
	r := Rule{
		ID: row.ID, Scope: Scope(row.Scope), Target: row.Target, Action: row.Action, Cycle: row.Cycle,
		Premium: row.Premium, Method: Method(row.Method), Ending: Ending(row.Ending),
		Intro: Intro{Periods: int(row.IntroPeriods), Method: IntroMethod(row.IntroMethod), OncePerCustomer: row.IntroOnce},
	}
	for _, number := range []struct {
		text string
		into *decimal.Decimal
	}{{row.Value, &r.Value}, {row.Step, &r.Step}, {row.MinMargin, &r.Floor}, {row.IntroValue, &r.Intro.Value}} {
		d, err := decimal.NewFromString(number.text)
		if err != nil {
			return Rule{}, fmt.Errorf("price rule %s holds %q, which is not a number: %w", row.ID, number.text, err)
		}
		*number.into = d
	}
	return r, nil
}
