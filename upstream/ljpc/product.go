package ljpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"hostfront/upstream"
)

// Products lists what can be ordered: the account's price as the cost and the
// public price as the list price, of the same products. Without a key there is
// only the public price, and nothing has a cost.
func (c *Client) Products(ctx context.Context) ([]upstream.Product, error) {
	public, err := c.readCatalogue(ctx, true)
	if err != nil {
		return nil, err
	}
	products := onlyList(public)
	if c.keyed {
		account, err := c.readCatalogue(ctx, false)
		if err != nil {
			return nil, err
		}
		products = withList(account, public)
	}
	c.rememberTerms(products)
	return products, nil
}

// readCatalogue reads the raw catalogue, all of it or an error.
func (c *Client) readCatalogue(ctx context.Context, public bool) ([]upstream.Product, error) {
	call := get(OpProducts, pathProducts, nil)
	call.NoCredentials = public
	body, err := c.askRaw(ctx, call)
	if err != nil {
		return nil, err
	}
	products, skipped, err := readProducts(body)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	if skipped > 0 {
		c.log.Debug("products of undocumented categories are not sold", slog.Int("skipped", skipped))
	}
	return products, nil
}

// readProducts reads the products of the documented categories, and counts the others.
func readProducts(body object) (products []upstream.Product, skipped int, err error) {
	if !body.has(fieldProducts) {
		return nil, 0, fmt.Errorf("no products in the answer, only %v", body.keys())
	}
	entries, err := listOf(map[string]any(body), fieldProducts)
	if err != nil {
		return nil, 0, err
	}
	seen := make(map[string]bool, len(entries))
	for i, entry := range entries {
		kind, documented := kindOf(entry.text(fieldCategory))
		if !documented {
			skipped++
			continue
		}
		p, err := readProduct(entry, kind)
		if err != nil {
			return nil, 0, fmt.Errorf("product %d of the catalogue: %w", i, err)
		}
		if seen[p.Ref] {
			return nil, 0, fmt.Errorf("product %s is in the catalogue twice", p.Ref)
		}
		seen[p.Ref] = true
		products = append(products, p)
	}
	return products, skipped, nil
}

func readProduct(o object, kind string) (upstream.Product, error) {
	p := upstream.Product{
		Ref: o.text(fieldProductUUID), Category: o.text(fieldCategory), Kind: kind,
		Name: o.text(fieldProductName), Description: o.text(fieldDescription),
		RequiresDomain: true, RequiresTargetURL: kind == upstream.KindForward,
	}
	if p.Ref == "" {
		return p, errors.New("no product_uuid")
	}
	if !o.has(fieldMonthlyPrice) && !o.has(fieldYearlyPrice) {
		return p, errors.New("neither a monthly nor a yearly price, not even null")
	}
	if p.Name == "" {
		p.Name = p.Category
	}
	p.Attributes = attributesOf(p.Category, o)
	return p, readPrice(&p, o)
}

// onlyList turns prices that were read without a key into list prices.
func onlyList(products []upstream.Product) []upstream.Product {
	bare := make([]upstream.Product, len(products))
	for i, p := range products {
		bare[i] = p
		bare[i].Prices = make([]upstream.Price, len(p.Prices))
		for j, price := range p.Prices {
			bare[i].Prices[j] = upstream.Price{Cycle: price.Cycle, List: price.Cost}
		}
	}
	return bare
}

// withList adds the public prices to the account's. A product that only the
// public sees is not ours to sell.
func withList(account, public []upstream.Product) []upstream.Product {
	type key struct{ ref, cycle string }
	list := map[key]upstream.Price{}
	for _, p := range public {
		for _, price := range p.Prices {
			list[key{p.Ref, price.Cycle}] = price
		}
	}
	for _, p := range account {
		for i := range p.Prices {
			p.Prices[i].List = list[key{p.Ref, p.Prices[i].Cycle}].Cost
		}
	}
	return account
}
