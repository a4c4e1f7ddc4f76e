package ljpc

import (
	"context"

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

// termsOf gives the terms of an item's product. A process that has not read the
// catalogue yet reads it once, when the item names a cycle that may have to be
// left out. A product that LJPc no longer lists has no terms: the order will tell.
func (c *Client) termsOf(ctx context.Context, item upstream.OrderItem) (productTerms, error) {
	ref := item.ProductRef
	c.mu.Lock()
	terms, known := c.billing[ref]
	read := len(c.billing) > 0
	c.mu.Unlock()
	if known || read || item.Cycle == "" {
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
