package catalog

import (
	"hostfront/db"
	"hostfront/money"
	"hostfront/upstream"
)

// offer is one thing about an item that has a price, or the reason why it has none.
type offer struct {
	action, cycle string
	// cost is nil when none is known.
	cost *money.Amount
	priced
}

// offers is everything about an item that could have a price.
func (c *Catalog) offers(b *book, m *mirror, it *item) []offer {
	if it.Class == classTLD {
		return c.tldOffers(b, m, it)
	}
	return productOffers(b, it)
}

func productOffers(b *book, it *item) []offer {
	offers := make([]offer, 0, 2)
	for _, cycle := range []string{upstream.CycleMonth, upstream.CycleYear} {
		row, ok := it.price(cycle)
		if !ok {
			continue
		}
		found := b.mirrored(it.subject("", cycle), row)
		found.intro = b.intro(found.rule, found.price)
		offers = append(offers, offer{cycle: cycle, cost: amountOf(row.Cost, row.Currency), priced: found})
	}
	return offers
}

// tldOffers prices the actions on a TLD. Nothing may be bought that the shop could
// not renew, or whose registrant the upstream cannot carry.
func (c *Catalog) tldOffers(b *book, m *mirror, it *item) []offer {
	carried := true
	if c.conf.SellableTLD != nil {
		carried, _ = c.conf.SellableTLD(it.Ref)
	}
	renew := b.tldPrice(m, it, ActionRenew)
	offers := make([]offer, 0, 4)
	for _, action := range []string{ActionRegister, ActionRenew, ActionTransfer, ActionRestore} {
		o := offer{action: action, cycle: upstream.CycleYear}
		cost, _, ok := m.cost(it, action)
		if ok {
			o.cost = &cost
		}
		buys := action == ActionRegister || action == ActionTransfer
		switch {
		case !carried:
			o.reason = unpricedRegistrant
		case action == ActionRenew:
			o.priced = renew
		case buys && renew.price == nil:
			o.reason = unpricedNoRenew
		case buys && len(c.years(it.Ref, action)) == 0:
			o.reason = unpricedNoTerm
		default:
			o.priced = b.tldPrice(m, it, action)
		}
		offers = append(offers, o)
	}
	return offers
}

// mirrored prices a subject at its mirrored cost, if that is to be sold at.
func (b *book) mirrored(s subject, row db.CatalogPrice) priced {
	switch {
	case !row.Offered || !row.Cost.Valid:
		return priced{reason: unpricedNoCost}
	case row.Held == heldUp:
		return priced{reason: unpricedHeld}
	}
	return b.price(s, money.New(row.Cost.Int64, money.Currency(row.Currency)), row.Assumed)
}

// tldPrice prices an action on a TLD, unless its mirrored cost jumped up.
func (b *book) tldPrice(m *mirror, it *item, action string) priced {
	if row, _ := it.price(upstream.CycleYear); row.Held == heldUp {
		return priced{reason: unpricedHeld}
	}
	cost, assumed, ok := m.cost(it, action)
	if !ok {
		return priced{reason: unpricedNoCost}
	}
	return b.price(it.subject(action, upstream.CycleYear), cost, assumed)
}

// cost is what an action on a TLD costs: as the operator set it, else the cost of a
// registration, which for anything else is an assumption. A restore costs more than
// that everywhere, so it has only a cost that was set.
func (m *mirror) cost(it *item, action string) (cost money.Amount, assumed, ok bool) {
	if action == ActionTransfer && !it.TransferSupported {
		return money.Amount{}, false, false
	}
	if cost, ok := m.set[costKey{it.Ref, action}]; ok {
		return cost, false, true
	}
	if action == ActionRestore {
		return money.Amount{}, false, false
	}
	if cost, ok := m.set[costKey{it.Ref, ActionRegister}]; ok {
		return cost, true, true
	}
	row, _ := it.price(upstream.CycleYear)
	if !row.Offered || !row.Cost.Valid {
		return money.Amount{}, false, false
	}
	return money.New(row.Cost.Int64, money.Currency(row.Currency)), row.Assumed, true
}

func (it *item) subject(action, cycle string) subject {
	return subject{
		id: it.ID, ref: it.Ref, category: it.Category, kind: it.Kind, upstream: it.Upstream,
		action: action, cycle: cycle,
	}
}
