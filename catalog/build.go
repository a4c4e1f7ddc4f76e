package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"hostfront/money"
	"hostfront/upstream"
)

// build makes the snapshot of a mirror: everything priced, sorted and rendered. A product whose
// row cannot be read is left out, and keeps nothing else from being sold: the next sync writes it
// anew.
func (c *Catalog) build(m *mirror) *Snapshot {
	s := emptySnapshot(c.newBook(m.rules))
	s.version = m.version
	var products, tlds []entry
	for _, space := range c.conf.OwnSpaces {
		if p := ownProduct(space, s.book); p != nil {
			p.Upstream = c.upstream
			products = append(products, s.addProduct(p))
		}
	}
	for _, it := range m.items {
		there := it.WithdrawnAt.IsZero()
		switch {
		case it.Class == classProduct:
			p, err := c.product(s.book, it)
			if err != nil {
				c.log.Error("a product is left out of the catalogue", "error", err)
				continue
			}
			if there && len(p.Cycles) > 0 {
				products = append(products, s.addProduct(p))
			} else {
				s.former[p.ID] = p
			}
		case it.Class == classTLD && there:
			if t := c.tld(s.book, m, it); t != nil {
				s.tlds[t.Name] = t
				tlds = append(tlds, tldEntry(t))
			}
		}
	}
	s.productList = newList(listProducts, products)
	s.tldList = newList(listTLDs, tlds)
	s.products = make([]*Product, len(s.productList.entries))
	for i, e := range s.productList.entries {
		s.products[i] = s.productByID[e.id]
	}
	return s
}

func (s *Snapshot) addProduct(p *Product) entry {
	s.productByID[p.ID] = p
	return productEntry(p)
}

func (c *Catalog) product(b *book, it *item) (*Product, error) {
	p := &Product{
		ID: it.ID, Upstream: it.Upstream, Ref: it.Ref, Kind: it.Kind, Category: it.Category,
		Name: it.Name, Description: it.Description, RequiresDomain: it.RequiresDomain,
		RequiresTargetURL: it.RequiresTargetUrl, ClientChoice: it.Billing == upstream.BillingClientChoice,
	}
	if err := json.Unmarshal([]byte(it.Attributes), &p.Attributes); err != nil {
		return nil, fmt.Errorf("attributes of product %s: %w", it.ID, err)
	}
	for _, o := range productOffers(b, it) {
		if o.price == nil {
			continue
		}
		p.Cycles = append(p.Cycles, CyclePrice{
			Cycle: o.cycle, Price: o.price.Price, Net: o.price.Net, Cost: o.price.Cost, Setup: money.Zero(b.currency),
			Least: o.price.Cost.Add(b.floor(o.rule)), Intro: o.intro,
		})
	}
	return p, nil
}

// tld is a TLD with its prices, or nil when nothing about it is for sale.
func (c *Catalog) tld(b *book, m *mirror, it *item) *TLD {
	t := &TLD{
		Name: it.Ref, TransferSupported: it.TransferSupported, Years: c.years(it.Ref, ActionRegister),
		id: it.ID, upstream: it.Upstream,
	}
	for _, o := range c.tldOffers(b, m, it) {
		switch o.action {
		case ActionRegister:
			t.Register = o.price
		case ActionRenew:
			t.Renew = o.price
		case ActionTransfer:
			t.Transfer = o.price
		case ActionRestore:
			t.Restore = o.price
		}
	}
	if t.Register == nil && t.Transfer == nil {
		return nil
	}
	t.Indicative = t.Register == nil || t.Register.CostAssumed
	return t
}

func (c *Catalog) years(tld, action string) []int {
	if c.conf.Terms == nil {
		return []int{1}
	}
	years := slices.Clone(c.conf.Terms.DomainYears(tld, action))
	slices.Sort(years)
	return years
}

// ownProduct is the product of an own space, or nil when it has no price.
func ownProduct(space OwnSpace, b *book) *Product {
	id := strconv.FormatInt(space.SpaceID, 10)
	p := &Product{
		ID: "prd_space_" + id, Ref: id, Kind: upstream.KindOwn, Category: "hosting_own",
		Name: space.Name, Description: space.Description, RequiresDomain: true, SpaceID: space.SpaceID,
		Attributes: map[string]string{},
	}
	for _, price := range []struct {
		cycle  string
		amount *money.Amount
	}{{upstream.CycleMonth, space.Month}, {upstream.CycleYear, space.Year}} {
		if price.amount == nil || !price.amount.IsPositive() || price.amount.Currency != b.currency {
			continue
		}
		shown := b.payable(grid{1, 0}, price.amount.Minor)
		p.Cycles = append(p.Cycles, CyclePrice{
			Cycle: price.cycle, Price: money.New(shown, b.currency), Net: money.New(b.netOf(shown), b.currency),
			Cost: money.Zero(b.currency), Setup: money.Zero(b.currency), Least: money.Zero(b.currency),
		})
	}
	if len(p.Cycles) == 0 {
		return nil
	}
	return p
}
