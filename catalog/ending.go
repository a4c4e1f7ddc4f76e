package catalog

import (
	"github.com/shopspring/decimal"

	"hostfront/money"
)

// maxPrice bounds every price, in minor units, so that sums over thousands of
// lines cannot leave an int64.
const maxPrice = 1_000_000_000_000

// vat is the home rate in the two forms that prices need.
type vat struct {
	percent decimal.Decimal
	factor  decimal.Decimal // 1.21 for 21 percent
}

func newVAT(percent decimal.Decimal) vat {
	return vat{percent: percent, factor: decimal.NewFromInt(1).Add(percent.Shift(-2))}
}

// of is the VAT on a net amount in minor units, rounded as on an invoice.
func (v vat) of(net int64) int64 {
	return decimal.NewFromInt(net).Mul(v.percent).Shift(-2).Round(0).IntPart()
}

// netIn is the amount without VAT that is in a gross one. exact says that VAT on it
// comes back to that gross; one cent in six has no such net at 21 %.
func (v vat) netIn(gross int64) (net int64, exact bool) {
	net = decimal.NewFromInt(gross).DivRound(v.factor, 0).IntPart()
	return net, net+v.of(net) == gross
}

// grid is the prices that an ending allows: those with rest modulo size.
type grid struct{ size, rest int64 }

func (r *Rule) grid(c money.Currency) grid {
	unit := decimal.New(1, c.Exponent()).IntPart()
	switch r.Ending {
	case Ending99:
		return grid{unit, unit * 99 / 100}
	case Ending95:
		return grid{unit, unit * 95 / 100}
	case Ending00:
		return grid{unit, 0}
	case EndingStep:
		return grid{max(1, r.Step.Shift(c.Exponent()).IntPart()), 0}
	}
	return grid{1, 0}
}

// up is the first price of the grid that is not below n.
func (g grid) up(n int64) int64 {
	over := (n - g.rest) % g.size
	if over < 0 {
		over += g.size
	}
	if over == 0 {
		return n
	}
	return n + g.size - over
}

// settle turns the price that a rule wants into the one that is shown, in minor
// units of the basis: on the rule's ending, not below cost plus floor, and in a
// gross shop one that an invoice can come out at. ok is false when it is too large.
func (b *book) settle(r *Rule, wanted decimal.Decimal, cost money.Amount) (price int64, raised, ok bool) {
	start := wanted.Shift(b.currency.Exponent())
	if r.Ending == EndingNone {
		start = start.Round(0)
	}
	start = start.Ceil()
	least := cost.Decimal().Add(r.Floor).Shift(b.currency.Exponent()).Ceil()
	if start.GreaterThan(decimal.NewFromInt(maxPrice)) || least.GreaterThan(decimal.NewFromInt(maxPrice)) {
		return 0, false, false
	}
	g := r.grid(b.currency)
	price = b.payable(g, max(0, start.IntPart()))
	leastNet := least.IntPart()
	if b.netOf(price) >= leastNet {
		return price, false, true
	}
	price = b.payable(g, b.inBasis(least).Ceil().IntPart())
	for b.netOf(price) < leastNet {
		price = b.payable(g, price+1)
	}
	return price, true, true
}

// payable is the first price of the grid, from n upward, that VAT on its net comes
// back to. The prices that lack one are isolated cents, so a grid that meets none
// within a thousand steps (a step of exactly those cents) is left for the next cent.
func (b *book) payable(g grid, n int64) int64 {
	price := g.up(n)
	if b.basis != Gross {
		return price
	}
	for range 1000 {
		if _, exact := b.vat.netIn(price); exact {
			return price
		}
		price += g.size
	}
	return b.payable(grid{1, 0}, n)
}

// netOf is the part of a price that goes on an invoice before VAT.
func (b *book) netOf(price int64) int64 {
	if b.basis != Gross {
		return price
	}
	net, _ := b.vat.netIn(price)
	return net
}
