package service

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/upstream"
)

// ExpiryReport is what a run of the job service.sync_expiries did.
type ExpiryReport struct {
	Seen    int `json:"seen"`
	Moved   int `json:"moved"`
	Missing int `json:"missing"` // live here and not in the upstream's list
	Errors  int `json:"errors"`
}

// SyncExpiries compares the expiry of every live name with the upstream's list, so that
// what is shown and billed is what the registry holds. One name that cannot be moved
// keeps no other waiting.
func (s *Services) SyncExpiries(ctx context.Context) (ExpiryReport, error) {
	var report ExpiryReport
	var failures []error
	for name, a := range s.adapters {
		if a.domains == nil {
			continue
		}
		listed, err := a.domains.Domains(ctx)
		if errors.Is(err, upstream.ErrForbidden) {
			continue
		}
		if err != nil {
			return report, fmt.Errorf("list the names of %s: %w", name, err)
		}
		expiries := make(map[string]db.Instant, len(listed))
		for _, d := range listed {
			expiries[d.Name] = db.At(d.ExpiresAt)
		}
		failures = append(failures, s.syncExpiries(ctx, name, expiries, &report))
	}
	return report, errors.Join(failures...)
}

func (s *Services) syncExpiries(ctx context.Context, upstreamName string, expiries map[string]db.Instant, report *ExpiryReport) error {
	const page = 500
	var failures []error
	for cursor := ""; ; {
		rows, err := s.Store.Read().ServicesLiveDomains(ctx, db.ServicesLiveDomainsParams{Upstream: upstreamName, After: cursor, MaxRows: page})
		if err != nil {
			return fmt.Errorf("live names of %s: %w", upstreamName, err)
		}
		for _, row := range rows {
			report.Seen++
			if err := s.syncExpiry(ctx, row, expiries, report); err != nil {
				report.Errors++
				failures = append(failures, err)
			}
			cursor = row.ID
		}
		if len(rows) < page {
			return errors.Join(failures...)
		}
	}
}

func (s *Services) syncExpiry(ctx context.Context, row db.ServicesLiveDomainsRow, expiries map[string]db.Instant, report *ExpiryReport) error {
	now, listed := expiries[row.Name]
	if !listed {
		report.Missing++
		return nil
	}
	if now == 0 || now == row.ExpiresAt {
		return nil
	}
	err := s.Store.Tx(ctx, func(q *db.Queries) error {
		svc, err := q.ServiceByID(ctx, row.ID)
		if err != nil {
			return err
		}
		return s.moveExpiry(ctx, q, svc, now)
	})
	if err != nil {
		return fmt.Errorf("move the expiry of service %s: %w", row.ID, err)
	}
	report.Moved++
	return nil
}
