package upstream

import (
	"context"
	"time"
)

// Sites is an upstream that shows the sites it hosts for the account.
type Sites interface {
	Sites(ctx context.Context) ([]Site, error)
	// Site reads one; ErrNotFound when it is not there or not ours.
	Site(ctx context.Context, id string) (Site, error)
}

// SingleSignOn is an upstream that signs a customer in to a control panel.
type SingleSignOn interface {
	// LoginURL makes a URL that works once, "" when the site has none. It is never
	// cached, logged or stored.
	LoginURL(ctx context.Context, siteID string) (string, error)
}

// Site is a hosted site and what it uses.
type Site struct {
	ID, Domain, Status string
	// QuotaBytes is nil when there is no limit; the usages are nil until measured.
	QuotaBytes, DiskUsedBytes, EmailUsedBytes *int64
	// CreatedAt is zero when the upstream did not say.
	CreatedAt time.Time
}
