package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/money"
	"hostfront/upstream"
)

// told is an item as the upstream's answer has it, in the mirror's terms.
type told struct {
	db.CatalogItem
	prices []toldPrice
}

type toldPrice struct {
	cycle      string
	cost, list *money.Amount
	assumed    bool
}

// answer is what the upstream sells, complete but for what the key may not read.
type answer struct {
	items          []told
	products, tlds int
	// skipped says, to the operator, what of the answer was left out.
	skipped []string
	// forbidden are the classes that the key may not read: nothing is said about them.
	forbidden map[string]bool
}

var errEmpty = errors.New("the upstream's catalogue is empty")

// ask reads the upstream's whole catalogue; any failure is the failure of all. But a part
// that the key may not read is left as it is, and takes the other not along.
func (c *Catalog) ask(ctx context.Context, progress func(stage string, done, total int)) (*answer, error) {
	a := &answer{forbidden: map[string]bool{}}
	progress("products", 0, 0)
	products, err := c.conf.Source.Products(ctx)
	if err := a.read(classProduct, err); err != nil {
		return nil, fmt.Errorf("products: %w", err)
	}
	progress("products", len(products), len(products))
	progress("tlds", 0, 0)
	tlds, err := c.conf.Source.TLDs(ctx)
	if err := a.read(classTLD, err); err != nil {
		return nil, fmt.Errorf("tlds: %w", err)
	}
	progress("tlds", len(tlds), len(tlds))
	return a, c.answered(a, products, tlds)
}

// read notes a class that the key may not read. Any other failure stays one, and so does the
// second class.
func (a *answer) read(class string, err error) error {
	if !errors.Is(err, upstream.ErrForbidden) || len(a.forbidden) > 0 {
		return err
	}
	a.forbidden[class] = true
	a.skip("the key has no permission to list every %s: what is mirrored of them stays as it is", class)
	return nil
}

// answered puts an answer in the mirror's terms.
func (c *Catalog) answered(a *answer, products []upstream.Product, tlds []upstream.TLD) error {
	a.items = make([]told, 0, len(products)+len(tlds))
	seen := make(map[[2]string]bool, len(products)+len(tlds))
	if a.forbidden[classProduct] {
		products = nil
	}
	if a.forbidden[classTLD] {
		tlds = nil
	}
	for _, p := range products {
		if p.Ref == "" || seen[[2]string{classProduct, p.Ref}] {
			a.skip("product %q has no ref of its own", p.Name)
			continue
		}
		seen[[2]string{classProduct, p.Ref}] = true
		item, err := c.toldProduct(a, p)
		if err != nil {
			return err
		}
		a.items = append(a.items, item)
		a.products++
	}
	for _, t := range tlds {
		if t.Name == "" || seen[[2]string{classTLD, t.Name}] {
			a.skip("TLD %q is nameless or named twice", t.Name)
			continue
		}
		seen[[2]string{classTLD, t.Name}] = true
		a.items = append(a.items, c.toldTLD(a, t))
		a.tlds++
	}
	if a.products == 0 && a.tlds == 0 {
		return errEmpty
	}
	return nil
}

func (c *Catalog) toldProduct(a *answer, p upstream.Product) (told, error) {
	attributes, err := json.Marshal(p.Attributes) // sorts the keys
	if err != nil {
		return told{}, fmt.Errorf("attributes of product %s: %w", p.Ref, err)
	}
	if p.Attributes == nil {
		attributes = []byte("{}")
	}
	t := told{CatalogItem: db.CatalogItem{
		Upstream: c.upstream, Class: classProduct, Ref: p.Ref, Kind: p.Kind, Category: p.Category,
		Name: p.Name, Description: p.Description, Billing: p.Billing, RequiresDomain: p.RequiresDomain,
		RequiresTargetUrl: p.RequiresTargetURL, Attributes: string(attributes),
	}}
	for _, price := range p.Prices {
		if price.Cycle != upstream.CycleMonth && price.Cycle != upstream.CycleYear {
			a.skip("product %s has a price for the cycle %q", p.Ref, price.Cycle)
			continue
		}
		t.prices = append(t.prices, toldPrice{
			cycle: price.Cycle,
			cost:  c.usable(a, "product "+p.Ref, price.Cost), list: c.usable(a, "product "+p.Ref, price.List),
		})
	}
	return t, nil
}

// toldTLD takes the one list price that the upstream tells for the cost of a
// registration: assumed, until a name is quoted exactly or the operator sets it.
func (c *Catalog) toldTLD(a *answer, t upstream.TLD) told {
	list := c.usable(a, "TLD "+t.Name, t.List)
	return told{
		CatalogItem: db.CatalogItem{
			Upstream: c.upstream, Class: classTLD, Ref: t.Name, Kind: KindDomain, Category: KindDomain,
			Name: Display(t.Name), Billing: upstream.BillingYearly, TransferSupported: t.TransferSupported,
			Attributes: "{}",
		},
		prices: []toldPrice{{cycle: upstream.CycleYear, cost: list, list: list, assumed: true}},
	}
}

// usable is the amount when it can be a cost of this shop, else nil: not for sale.
func (c *Catalog) usable(a *answer, what string, amount *money.Amount) *money.Amount {
	if amount == nil {
		return nil
	}
	if amount.IsNegative() || amount.Currency != c.conf.Currency || amount.Minor > maxPrice {
		a.skip("%s costs %s, which this shop cannot sell at", what, amount)
		return nil
	}
	return amount
}

// maxSkipped bounds the report, not what is skipped.
const maxSkipped = 50

func (a *answer) skip(format string, args ...any) {
	if len(a.skipped) < maxSkipped {
		a.skipped = append(a.skipped, fmt.Sprintf(format, args...))
	}
}
