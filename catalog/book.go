package catalog

import (
	"github.com/shopspring/decimal"

	"hostfront/money"
)

// subject is one thing that needs a price: what rules match on.
type subject struct {
	id, ref, category, kind, upstream string
	action, cycle                     string
	premium                           bool
}

// priced is the price that the rules give a subject, and how they came to it.
type priced struct {
	price *Price
	rule  *Rule
	// wanted is the price that the rule asked for before the ending and the floor, in the basis.
	wanted decimal.Decimal
	// raised: the rule asked for less than cost plus floor.
	raised bool
	// intro is what the first periods of a product are sold for, nil without an introduction.
	intro *IntroPrice
	// reason is why there is no price.
	reason string
}

// book prices subjects by a set of rules. It does not change after it was made.
type book struct {
	rules    map[bookKey][]*Rule
	currency money.Currency
	basis    Basis
	vat      vat
}

type bookKey struct {
	scope   Scope
	target  string
	premium bool
}

func newBook(rules []Rule, currency money.Currency, basis Basis, homeRate decimal.Decimal) *book {
	b := &book{rules: make(map[bookKey][]*Rule, len(rules)), currency: currency, basis: basis, vat: newVAT(homeRate)}
	for i := range rules {
		r := rules[i]
		key := bookKey{r.Scope, r.key().target, r.Premium}
		b.rules[key] = append(b.rules[key], &r)
	}
	return b
}

// match is the most specific rule for a subject, or nil.
func (b *book) match(s subject) *Rule {
	for _, scope := range scopes {
		var best *Rule
		for _, target := range s.targets(scope) {
			if target == "" && scope != ScopeShop {
				continue
			}
			for _, r := range b.rules[bookKey{scope, target, s.premium}] {
				if r.matches(s) && (best == nil || r.weight() > best.weight()) {
					best = r
				}
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

func (s subject) targets(scope Scope) [2]string {
	switch scope {
	case ScopeProduct:
		return [2]string{s.id, s.ref}
	case ScopeCategory:
		return [2]string{s.category}
	case ScopeKind:
		return [2]string{s.kind}
	case ScopeUpstream:
		return [2]string{s.upstream}
	}
	return [2]string{}
}

func (r *Rule) matches(s subject) bool {
	return (r.Action == "" || r.Action == s.action) && (r.Cycle == "" || r.Cycle == s.cycle)
}

// weight orders the rules of one scope: naming the action counts for more than
// naming the cycle.
func (r *Rule) weight() int {
	weight := 0
	if r.Action != "" {
		weight += 2
	}
	if r.Cycle != "" {
		weight++
	}
	return weight
}

// price gives the subject its price at a cost: what the first matching rule makes
// of it, with its ending, and never below the cost plus the rule's floor.
func (b *book) price(s subject, cost money.Amount, assumed bool) priced {
	if cost.Currency != b.currency || cost.IsNegative() {
		return priced{reason: unpricedCurrency}
	}
	rule := b.match(s)
	if rule == nil {
		return priced{reason: unpricedNoRule}
	}
	out := priced{rule: rule, wanted: b.wanted(rule, cost)}
	price, raised, ok := b.settle(rule, out.wanted, cost)
	switch {
	case !ok:
		out.reason = unpricedRange
	case price <= 0:
		out.reason = unpricedZero
	default:
		out.raised = raised
		out.price = &Price{
			Price: money.New(price, b.currency), Net: money.New(b.netOf(price), b.currency),
			Cost: cost, CostAssumed: assumed,
		}
	}
	return out
}

var hundred = decimal.NewFromInt(100)

// wanted is what the rule asks for, in the shop's basis, before it is rounded.
func (b *book) wanted(r *Rule, cost money.Amount) decimal.Decimal {
	net := cost.Decimal()
	switch r.Method {
	case Percent:
		net = net.Add(net.Mul(r.Value).Shift(-2))
	case Add:
		net = net.Add(r.Value)
	case Margin:
		net = net.Mul(hundred).DivRound(hundred.Sub(r.Value), 12)
	case Fixed:
		return r.Value
	}
	return b.inBasis(net)
}

func (b *book) inBasis(net decimal.Decimal) decimal.Decimal {
	if b.basis == Gross {
		return net.Mul(b.vat.factor)
	}
	return net
}
