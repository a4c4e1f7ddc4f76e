package order

import (
	"context"
	"time"

	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
)

// ChangeParams is another product, or another cycle, for something that the customer has.
type ChangeParams struct {
	// CustomerID is whose it must be; empty is staff, who may change everybody's.
	CustomerID     string
	SubscriptionID string
	// ProductID is the product it is to be; empty is the one it is.
	ProductID string
	// Cycle is "month" or "year"; empty is the one it has.
	Cycle string
	When  billing.ChangeWhen
	// AsOf and Token are those of a preview; see billing.ChangeParams.
	AsOf  time.Time
	Token string
}

// PreviewChange shows what a change comes to, at today's prices.
func (o *Orders) PreviewChange(ctx context.Context, p ChangeParams) (billing.ChangePreview, error) {
	q := o.Store.Read()
	change, err := o.changeOf(ctx, q, p)
	if err != nil {
		return billing.ChangePreview{}, err
	}
	return o.Billing.PreviewChange(ctx, q, change)
}

// Change makes a change; with the key of an earlier request it answers with the change that
// was made then.
func (o *Orders) Change(ctx context.Context, p ChangeParams, key Idempotency) (change billing.Change, replayed bool, err error) {
	err = o.Store.Tx(ctx, func(q *db.Queries) error {
		change, replayed, err = o.change(ctx, q, p, key)
		return err
	})
	return change, replayed, err
}

func (o *Orders) change(ctx context.Context, q *db.Queries, p ChangeParams, key Idempotency) (billing.Change, bool, error) {
	if key.Key != "" {
		made, found, err := Claimed(ctx, q, key)
		if err != nil {
			return billing.Change{}, false, err
		}
		if found {
			change, err := o.Billing.ChangeByID(ctx, q, made)
			return change, true, err
		}
	}
	wanted, err := o.changeOf(ctx, q, p)
	if err != nil {
		return billing.Change{}, false, err
	}
	change, err := o.Billing.Change(ctx, q, wanted)
	if err != nil || key.Key == "" {
		return change, false, err
	}
	_, err = Claim(ctx, q, key, change.ID, o.Clock.Now())
	return change, false, err
}

// changeOf finds what a change is to, at the price of today.
func (o *Orders) changeOf(ctx context.Context, q *db.Queries, p ChangeParams) (billing.ChangeParams, error) {
	sub, err := o.Billing.Subscription(ctx, q, p.SubscriptionID)
	if err == nil && p.CustomerID != "" && sub.CustomerID != p.CustomerID {
		err = fault.Missing("subscription", p.SubscriptionID)
	}
	if err != nil {
		return billing.ChangeParams{}, err
	}
	if sub.Kind != billing.HostingSubscription {
		return billing.ChangeParams{}, fault.New(fault.Conflict, "not_changeable", "A domain has no other product or cycle to change to.")
	}
	svc, err := o.Services.ByID(ctx, q, sub.ServiceID)
	if err != nil {
		return billing.ChangeParams{}, err
	}
	product, cycle, err := o.changeTarget(p, sub)
	if err != nil {
		return billing.ChangeParams{}, err
	}
	description := product.Name + " for " + catalog.Display(svc.Name)
	return billing.ChangeParams{
		SubscriptionID: sub.ID, When: p.When, AsOf: p.AsOf, Token: p.Token,
		To: billing.ChangeTarget{
			ProductID: product.ID, Description: description, Cycle: cycle.Cycle, Net: cycle.Net, Cost: cycle.Cost, Least: cycle.Least,
		},
		TaskKind: service.KindServiceChange,
		TaskPayload: service.ChangePayload{
			ServiceID: svc.ID, ProductID: product.ID, ProductRef: product.Ref, ProductName: product.Name, Description: description, Cycle: cycle.Cycle,
		},
	}, nil
}

// changeTarget is a product on sale of the same kind, and its price for a cycle.
func (o *Orders) changeTarget(p ChangeParams, sub billing.Subscription) (*catalog.Product, catalog.CyclePrice, error) {
	id, cycle := p.ProductID, p.Cycle
	if id == "" {
		id = sub.ProductID
	}
	if cycle == "" {
		cycle = sub.Cycle.String()
	}
	now := o.Catalog.Snapshot()
	product, ok := now.Product(id)
	if !ok {
		return nil, catalog.CyclePrice{}, fault.InvalidField("product_id", "not_for_sale", "This product is not for sale.")
	}
	if was, known := now.Known(sub.ProductID); id != sub.ProductID && (!known || !exchangeable(was, product)) {
		return nil, catalog.CyclePrice{}, fault.InvalidField("product_id", "other_kind", "Only a product of the same kind can take its place.")
	}
	price, ok := product.Cycle(cycle)
	if !ok {
		return nil, catalog.CyclePrice{}, fault.InvalidField("cycle", "not_for_sale", "This product is not sold by this cycle.")
	}
	return product, price, nil
}

// exchangeable: the same kind of thing, from the same upstream, that needs the same of its
// customer.
func exchangeable(a, b *catalog.Product) bool {
	return a.Kind == b.Kind && a.Upstream == b.Upstream && a.SpaceID == b.SpaceID &&
		a.RequiresDomain == b.RequiresDomain && a.RequiresTargetURL == b.RequiresTargetURL
}
