package stripe

import (
	"context"
	"strings"
	"time"

	"hostfront/billing"

	stripego "github.com/stripe/stripe-go/v76"
)

// searchLag is how far Stripe's search may lie behind: under a minute as a rule, up
// to an hour when it has trouble (https://docs.stripe.com/search, "data freshness").
const searchLag = time.Hour

// clockSkew is allowed between the shop's clock and Stripe's.
const clockSkew = 10 * time.Minute

// Find looks a payment up by the shop's id. Neither of Stripe's two ways is enough
// alone: search knows metadata and lies behind, listing is up to date and knows no
// metadata. So what is older than an hour is searched and the last hour is listed.
func (g *Gateway) Find(ctx context.Context, id string) (billing.Status, bool, error) {
	pi, found, err := g.searched(ctx, id)
	if err == nil && !found {
		p := &stripego.PaymentIntentListParams{CreatedRange: since(g.clock.Now().Add(-searchLag - clockSkew))}
		pi, found, err = g.listed(ctx, p, id)
	}
	if err != nil || !found {
		return billing.Status{}, false, outcome(err, reads)
	}
	// Read again: what search gives may be old.
	s, err := g.Fetch(ctx, pi.ID)
	return s, err == nil, err
}

// intentOf finds the intent of a charge among its customer's.
func (g *Gateway) intentOf(ctx context.Context, customer string, c billing.Charge) (*stripego.PaymentIntent, bool, error) {
	p := &stripego.PaymentIntentListParams{Customer: &customer}
	if !c.CreatedAt.IsZero() {
		p.CreatedRange = since(c.CreatedAt.Add(-clockSkew))
	}
	for _, field := range expanded {
		p.AddExpand("data." + field)
	}
	return g.listed(ctx, p, c.ID)
}

func (g *Gateway) listed(ctx context.Context, p *stripego.PaymentIntentListParams, id string) (*stripego.PaymentIntent, bool, error) {
	p.Context = ctx
	p.Limit = stripego.Int64(100)
	list := g.api.PaymentIntents.List(p)
	for list.Next() {
		if pi := list.PaymentIntent(); pi.Metadata[metaPayment] == id {
			return pi, true, nil
		}
	}
	return nil, false, list.Err()
}

func (g *Gateway) searched(ctx context.Context, id string) (*stripego.PaymentIntent, bool, error) {
	if strings.ContainsAny(id, `'"\`) {
		return nil, false, nil
	}
	p := &stripego.PaymentIntentSearchParams{}
	p.Context = ctx
	p.Query = "metadata['" + metaPayment + "']:'" + id + "'"
	list := g.api.PaymentIntents.Search(p)
	for list.Next() {
		if pi := list.PaymentIntent(); pi.Metadata[metaPayment] == id {
			return pi, true, nil
		}
	}
	return nil, false, list.Err()
}

// customerOf finds the customer made for a charge; without a mail address to list by,
// the customers made since the charge are gone through.
func (g *Gateway) customerOf(ctx context.Context, c billing.Charge) (*stripego.Customer, bool, error) {
	p := &stripego.CustomerListParams{Email: optional(c.Email)}
	if c.Email == "" && !c.CreatedAt.IsZero() {
		p.CreatedRange = since(c.CreatedAt.Add(-clockSkew))
	}
	p.Context = ctx
	p.Limit = stripego.Int64(100)
	list := g.api.Customers.List(p)
	for list.Next() {
		if found := list.Customer(); found.Metadata[metaCustomer] == c.CustomerID {
			return found, true, nil
		}
	}
	return nil, false, list.Err()
}

func since(t time.Time) *stripego.RangeQueryParams {
	return &stripego.RangeQueryParams{GreaterThanOrEqual: t.Unix()}
}
