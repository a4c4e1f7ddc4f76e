package catalog

import (
	"context"

	"hostfront/money"
	"hostfront/upstream"
)

// Renewal is what a renewal would be sold at today.
type Renewal struct {
	// Net is the price without VAT.
	Net money.Amount
	// Cost is what the upstream charges, also where that has jumped and waits to be confirmed.
	Cost money.Amount
	// Least is the cost and the floor of the rule: less is selling at a loss.
	Least money.Amount
}

// Renewals is today's price of everything that may be renewed, on sale or not.
type Renewals struct {
	products map[[2]string]Renewal
	tlds     map[string]Renewal
}

// Product is today's renewal of a product by the shop's id, for a cycle.
func (r *Renewals) Product(id, cycle string) (Renewal, bool) {
	found, ok := r.products[[2]string{id, cycle}]
	return found, ok
}

// Name is today's renewal of a domain name for a year, of those that are not premium, and the
// top-level domain it is sold under.
func (r *Renewals) Name(name string) (found Renewal, tld string, ok bool) {
	_, tld, err := NormalizeDomain(name)
	if err != nil {
		tld = behindDot(name)
	}
	found, ok = r.tlds[tld]
	return found, tld, ok
}

// Renewals prices every renewal at the costs that the mirror has. What no rule prices or the
// upstream tells no cost of is not there.
func (c *Catalog) Renewals(ctx context.Context) (*Renewals, error) {
	m, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	b := c.newBook(m.rules)
	r := &Renewals{products: map[[2]string]Renewal{}, tlds: map[string]Renewal{}}
	for _, it := range m.items {
		if it.Class == classTLD {
			if found, ok := b.renewedName(m, it); ok {
				r.tlds[it.Ref] = found
			}
			continue
		}
		for _, cycle := range []string{upstream.CycleMonth, upstream.CycleYear} {
			row, _ := it.price(cycle)
			cost := amountOf(row.Cost, row.Currency)
			if cost == nil {
				continue
			}
			jumped := *cost
			if held := amountOf(row.HeldCost, row.Currency); row.Held == heldUp && held != nil {
				jumped = *held
			}
			if found, ok := b.renewal(it.subject("", cycle), *cost, jumped); ok {
				r.products[[2]string{it.ID, cycle}] = found
			}
		}
	}
	return r, nil
}

func (b *book) renewedName(m *mirror, it *item) (Renewal, bool) {
	cost, _, ok := m.cost(it, ActionRenew)
	if !ok {
		return Renewal{}, false
	}
	jumped := cost
	row, _ := it.price(upstream.CycleYear)
	mirrored, held := amountOf(row.Cost, row.Currency), amountOf(row.HeldCost, row.Currency)
	if row.Held == heldUp && mirrored != nil && held != nil && *mirrored == cost {
		jumped = *held
	}
	return b.renewal(it.subject(ActionRenew, upstream.CycleYear), cost, jumped)
}

// renewal prices a subject at the cost that was accepted, and says what it must bring at the
// cost that the upstream tells now.
func (b *book) renewal(s subject, cost, jumped money.Amount) (Renewal, bool) {
	found := b.price(s, cost, false)
	if found.price == nil {
		return Renewal{}, false
	}
	return Renewal{Net: found.price.Net, Cost: jumped, Least: jumped.Add(b.floor(found.rule))}, true
}

// floor is what a rule wants above the cost, to the cent, rounded up.
func (b *book) floor(r *Rule) money.Amount {
	return money.New(r.Floor.Shift(b.currency.Exponent()).Ceil().IntPart(), b.currency)
}
