package catalog

import (
	"context"
	"errors"

	"hostfront/fault"
)

// Explanation is how one price came about.
type Explanation struct {
	PreviewLine
	// By is the saved rule that made the price, nil without one.
	By *Rule
	// Wanted is what the rule asked for before its ending and floor, in the shop's basis:
	// a decimal number, possibly finer than cents.
	Wanted string
}

// errNoOffer is why nothing can be explained.
var errNoOffer = errors.New("no such price")

// Explain tells which rule priced what: of is a product's id or a TLD's A-label; action
// is empty for a product; cycle is "month" or "year". The fault is not_found.
func (c *Catalog) Explain(ctx context.Context, of, action, cycle string) (Explanation, error) {
	m, err := c.load(ctx)
	if err != nil {
		return Explanation{}, err
	}
	b := c.newBook(m.rules)
	for _, it := range m.items {
		if it.ID != of && (it.Class != classTLD || it.Ref != of) {
			continue
		}
		for _, o := range c.offers(b, m, it) {
			if o.action == action && o.cycle == cycle {
				return Explanation{PreviewLine: previewLine(it, o, o.priced, b), By: o.rule, Wanted: o.wanted.String()}, nil
			}
		}
	}
	return Explanation{}, fault.Missing("price", of+" "+action+" "+cycle).Because(errNoOffer)
}
