package service

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hostfront/db"
	"hostfront/upstream"
)

// Usage is what a site uses, in bytes. A nil figure was not measured; a nil quota is
// no limit.
type Usage struct {
	DiskUsedBytes  *int64 `json:"disk_used_bytes"`
	EmailUsedBytes *int64 `json:"email_used_bytes"`
	QuotaBytes     *int64 `json:"quota_bytes"`
	// MeasuredAt is when the upstream said so.
	MeasuredAt time.Time `json:"measured_at"`
	// Stale: the upstream did not answer just now, this is what it said last.
	Stale bool `json:"stale"`
}

// measure asks the upstream for a site's usage when the last one is not fresh, and
// keeps the answer. Whatever goes wrong leaves the last one, which then is stale.
func (s *Services) measure(ctx context.Context, row db.Service) db.Service {
	a := s.adapters[row.Upstream]
	if a == nil || a.sites == nil || row.SiteID == "" || s.fresh(row) {
		return row
	}
	read, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	site, err := a.sites.Site(read, row.SiteID)
	if err != nil {
		if !errors.Is(err, upstream.ErrForbidden) {
			s.Log.Warn("usage not read", "service", row.ID, "error", err)
		}
		return row
	}
	text, err := json.Marshal(Usage{DiskUsedBytes: site.DiskUsedBytes, EmailUsedBytes: site.EmailUsedBytes, QuotaBytes: site.QuotaBytes})
	if err != nil {
		return row
	}
	row.Usage, row.UsageAt = string(text), s.now()
	err = s.Store.Tx(ctx, func(q *db.Queries) error {
		return q.ServiceSetUsage(ctx, db.ServiceSetUsageParams{ID: row.ID, Usage: row.Usage, UsageAt: row.UsageAt})
	})
	if err != nil {
		s.Log.Warn("usage not kept", "service", row.ID, "error", err)
	}
	return row
}

func (s *Services) fresh(row db.Service) bool {
	return row.UsageAt > 0 && s.now() < row.UsageAt.Add(usageFresh)
}

func (s *Services) usageOf(row db.Service) *Usage {
	var u Usage
	if row.Usage == "" || json.Unmarshal([]byte(row.Usage), &u) != nil {
		return nil
	}
	u.MeasuredAt, u.Stale = row.UsageAt.Time(), !s.fresh(row)
	return &u
}
