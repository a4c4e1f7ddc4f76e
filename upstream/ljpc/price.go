package ljpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hostfront/upstream"
)

// PriceDomains asks the exact price of names for this account. A nil price is
// not sellable: a TLD that LJPc does not sell, or a name that the answer left out.
func (c *Client) PriceDomains(ctx context.Context, names []string) (map[string]*upstream.DomainPrice, error) {
	found := make(map[string]*upstream.DomainPrice, len(names))
	for batch := range slices.Chunk(names, c.maxCheck) {
		call := get(OpPrice, pathPrice, domainQuery(batch))
		data, err := c.ask(ctx, call)
		if err != nil {
			return nil, err
		}
		prices, err := readPrices(data, batch)
		if err != nil {
			return nil, c.http.Unreadable(call, err)
		}
		for _, name := range batch {
			found[name] = prices[name]
		}
	}
	return found, nil
}

func readPrices(data any, names []string) (map[string]*upstream.DomainPrice, error) {
	answers, err := readKeyed(data, names)
	if err != nil {
		return nil, err
	}
	prices := make(map[string]*upstream.DomainPrice, len(names))
	for name, answer := range answers {
		if answer == nil {
			continue
		}
		m, ok := answer.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the price of %s is not an object", name)
		}
		if prices[name], err = readDomainPrice(m); err != nil {
			return nil, fmt.Errorf("the price of %s: %w", name, err)
		}
	}
	return prices, nil
}

// readDomainPrice reads {"price": {"amount", "currency"}, "premium"}, with the
// money in the object itself where it is not nested.
func readDomainPrice(o object) (*upstream.DomainPrice, error) {
	holder := o
	if nested := o.inner(fieldMoney); nested != nil {
		holder = nested
	}
	if code := holder.text(fieldCurrency); code != "" && !strings.EqualFold(code, string(currency)) {
		return nil, fmt.Errorf("in %.10q, where the document promises EUR", code)
	}
	if !holder.has(fieldAmount) {
		return nil, errors.New("no amount in it")
	}
	cost, err := holder.price(fieldAmount)
	if err != nil || cost == nil {
		return nil, err
	}
	return &upstream.DomainPrice{Cost: *cost, Premium: o.is(fieldPremium)}, nil
}
