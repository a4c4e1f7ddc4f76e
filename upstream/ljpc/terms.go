package ljpc

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hostfront/money"
	"hostfront/upstream"
)

// productTerms is what an order of a product must respect.
type productTerms struct {
	billing string
	kind    string
}

func (c *Client) rememberTerms(products []upstream.Product) {
	terms := make(map[string]productTerms, len(products))
	for _, p := range products {
		terms[p.Ref] = productTerms{billing: p.Billing, kind: p.Kind}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.billing = terms
}

// termsOf gives a product's terms. A process that has not read the catalogue yet
// reads it once. A product that LJPc no longer lists has no terms: the order will
// tell.
func (c *Client) termsOf(ctx context.Context, ref string) (productTerms, error) {
	c.mu.Lock()
	terms, known := c.billing[ref]
	read := len(c.billing) > 0
	c.mu.Unlock()
	if known || read {
		return terms, nil
	}
	products, err := c.readCatalogue(ctx, true)
	if err != nil {
		return productTerms{}, err
	}
	c.rememberTerms(products)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.billing[ref], nil
}

// spacePrefix begins the ref of a product that stands for one of the operator's
// own spaces: "space:12".
const spacePrefix = "space:"

// SpaceRef is the product ref of one of the operator's own spaces.
func SpaceRef(id int64) string { return spacePrefix + strconv.FormatInt(id, 10) }

// spaceProducts are the operator's own spaces: LJPc lists none of them. They cost
// nothing upstream, so that only a fixed price of the shop's gives them one.
func (c *Client) spaceProducts() []upstream.Product {
	products := make([]upstream.Product, 0, len(c.spaces))
	for _, id := range c.spaces {
		free := money.Zero(currency)
		products = append(products, upstream.Product{
			Ref: SpaceRef(id), Category: categoryOwn, Kind: upstream.KindOwn,
			Name: fmt.Sprintf("Site on space %d", id), RequiresDomain: true,
			Billing: upstream.BillingClientChoice,
			Prices: []upstream.Price{
				{Cycle: upstream.CycleMonth, Cost: &free}, {Cycle: upstream.CycleYear, Cost: &free},
			},
			Attributes: map[string]string{"space_id": strconv.FormatInt(id, 10)},
		})
	}
	return products
}

// spaceOf is the space that an item is for, when it is one of the operator's.
func (c *Client) spaceOf(item upstream.OrderItem) (int64, bool) {
	id := item.SpaceID
	if rest, found := strings.CutPrefix(item.ProductRef, spacePrefix); id == 0 && found {
		id, _ = strconv.ParseInt(rest, 10, 64)
	}
	return id, slices.Contains(c.spaces, id)
}
