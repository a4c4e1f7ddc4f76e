package upstream

import "context"

// ProductChange is a site that is to become another product, or be billed by another cycle.
type ProductChange struct {
	SiteID string
	// Product is the upstream's own name of the product, Cycle "month" or "year".
	Product, Cycle string
}

// ProductChanger is an upstream that changes the product of a site that stands, with its
// data kept.
type ProductChanger interface {
	ChangeProduct(ctx context.Context, c ProductChange) error
}
