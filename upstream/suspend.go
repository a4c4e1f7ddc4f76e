package upstream

import "context"

// Suspender is an upstream that switches a site off and on again and keeps its data. A
// call that finds it so already is no error: both may be made again.
type Suspender interface {
	SuspendSite(ctx context.Context, siteID string) error
	UnsuspendSite(ctx context.Context, siteID string) error
}

// Terminator is an upstream that ends a site for good, with its data. A site that is gone
// already is ErrNotFound.
type Terminator interface {
	TerminateSite(ctx context.Context, siteID string) error
}
