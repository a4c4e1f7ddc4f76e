package catalog

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"hostfront/fault"
	"hostfront/money"
	"hostfront/upstream"
)

// maxRules bounds a rule set: more would be a mistake of the program that sends it.
const maxRules = 5000

// checkRules tells what is wrong with a rule set, field by field
// ("rules[3].value"), or nil.
func checkRules(rules []Rule, currency money.Currency) error {
	if len(rules) > maxRules {
		return fault.InvalidField("rules", "too_many", "There can be at most %d rules.", maxRules)
	}
	check := ruleCheck{currency: currency}
	seen := map[ruleKey]int{}
	for i, r := range rules {
		check.at = fmt.Sprintf("rules[%d]", i)
		check.rule(r)
		key := r.key()
		if first, twice := seen[key]; twice {
			check.refuse("", "duplicate", "This matches exactly what rules[%d] matches; keep one of the two.", first)
			continue
		}
		seen[key] = i
	}
	if len(check.fields) > 0 {
		return fault.InvalidFields(check.fields...)
	}
	return nil
}

// ruleKey is what a rule matches: no two rules of a set match the same.
type ruleKey struct {
	scope                 Scope
	target, action, cycle string
	premium               bool
}

func (r *Rule) key() ruleKey {
	target := r.Target
	if r.Scope == ScopeShop {
		target = ""
	}
	return ruleKey{r.Scope, target, r.Action, r.Cycle, r.Premium}
}

type ruleCheck struct {
	currency money.Currency
	at       string
	fields   []fault.Field
}

func (c *ruleCheck) refuse(field, code, format string, args ...any) {
	name := c.at
	if field != "" {
		name += "." + field
	}
	c.fields = append(c.fields, fault.Field{Name: name, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (c *ruleCheck) rule(r Rule) {
	switch {
	case !slices.Contains(scopes, r.Scope):
		c.refuse("scope", "invalid", "One of product, category, kind, upstream, shop.")
	case r.Scope == ScopeShop && r.Target != "":
		c.refuse("target", "not_allowed", "A rule for the whole shop has no target.")
	case r.Scope != ScopeShop && r.Target == "":
		c.refuse("target", "required", "Name the %s that the rule is about.", r.Scope)
	case len(r.Target) > 200:
		c.refuse("target", "too_long", "At most 200 characters.")
	}
	if !slices.Contains([]string{"", ActionRegister, ActionRenew, ActionTransfer, ActionRestore}, r.Action) {
		c.refuse("action", "invalid", "One of register, renew, transfer, restore, or empty for all.")
	}
	if !slices.Contains([]string{"", upstream.CycleMonth, upstream.CycleYear}, r.Cycle) {
		c.refuse("cycle", "invalid", "month, year, or empty for both.")
	}
	c.value(r)
	c.ending(r)
	if r.Floor.IsNegative() {
		c.refuse("floor", "negative", "What must remain above the cost cannot be negative.")
	}
	c.amount("floor", r.Floor)
	c.intro(r)
}

func (c *ruleCheck) value(r Rule) {
	switch r.Method {
	case Percent:
		if r.Value.LessThan(decimal.NewFromInt(-100)) || r.Value.GreaterThan(decimal.NewFromInt(10_000)) {
			c.refuse("value", "out_of_range", "A percentage between -100 and 10000.")
		}
		c.digits("value", r.Value)
	case Margin:
		if r.Value.IsNegative() || r.Value.GreaterThan(decimal.NewFromInt(99)) {
			c.refuse("value", "out_of_range", "A margin between 0 and 99 percent of the price.")
		}
		c.digits("value", r.Value)
	case Add:
		c.amount("value", r.Value)
	case Fixed:
		if !r.Value.IsPositive() {
			c.refuse("value", "out_of_range", "A fixed price is more than nothing.")
		}
		c.amount("value", r.Value)
	default:
		c.refuse("method", "invalid", "One of percent, add, margin, fixed.")
	}
}

func (c *ruleCheck) ending(r Rule) {
	switch r.Ending {
	case EndingNone, Ending00:
	case Ending99, Ending95:
		if c.currency.Exponent() < 2 {
			c.refuse("ending", "not_allowed", "%s has no hundredths to end in.", c.currency)
		}
	case EndingStep:
		if !r.Step.IsPositive() {
			c.refuse("step", "required", "An amount, of which every price is a multiple.")
		}
		c.amount("step", r.Step)
	default:
		c.refuse("ending", "invalid", "One of .99, .95, .00, step, or empty.")
	}
	if r.Ending != EndingStep && !r.Step.IsZero() {
		c.refuse("step", "not_allowed", "Only the ending step has a step.")
	}
}

// amount refuses what is not a whole number of minor units, or absurdly large.
func (c *ruleCheck) amount(field string, d decimal.Decimal) {
	switch {
	case !d.Shift(c.currency.Exponent()).IsInteger():
		c.refuse(field, "too_precise", "%s has %d decimals.", c.currency, c.currency.Exponent())
	case d.Abs().GreaterThan(decimal.NewFromInt(1_000_000_000)):
		c.refuse(field, "out_of_range", "At most 1000000000.")
	}
}

func (c *ruleCheck) digits(field string, d decimal.Decimal) {
	if d.Exponent() < -6 {
		c.refuse(field, "too_precise", "At most six decimals.")
	}
}
