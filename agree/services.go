package agree

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/review"
	"hostfront/service"
	"hostfront/tally"
)

const pageRows = 500

// prepare reads what is compared with beside the services.
func (r *run) prepare(ctx context.Context) error {
	q := r.Store.Read()
	own, err := q.UpstreamIgnoredAll(ctx, r.upstream)
	if err != nil {
		return fmt.Errorf("read what is ignored at %s: %w", r.upstream, err)
	}
	r.ignored = make(map[string]bool, len(own))
	for _, row := range own {
		r.ignored[row.Kind+row.Subject] = true
	}
	r.held = map[string]string{}
	for after := ""; ; {
		rows, err := q.DomainHoldsOpen(ctx, db.DomainHoldsOpenParams{After: after, MaxRows: pageRows})
		if err != nil {
			return fmt.Errorf("read the holds: %w", err)
		}
		for _, row := range rows {
			r.held[row.ServiceID], after = row.Hold, row.ServiceID
		}
		if len(rows) < pageRows {
			return nil
		}
	}
}

// eachService compares every live service, a page at a time.
func (r *run) eachService(ctx context.Context) error {
	for after := ""; ; {
		rows, err := r.Store.Read().AgreeServices(ctx, db.AgreeServicesParams{Upstream: r.upstream, After: after, MaxRows: pageRows})
		if err != nil {
			return fmt.Errorf("read the services at %s: %w", r.upstream, err)
		}
		for _, row := range rows {
			r.one(ctx, serviceOf(row))
			after = row.ID
		}
		if len(rows) < pageRows {
			return ctx.Err()
		}
	}
}

func (r *run) one(ctx context.Context, s Service) {
	r.report.Count("services", 1)
	if s.Kind == kindDomain {
		r.names++
	} else if s.SiteID != "" {
		r.sites++
	}
	differences := r.comparison.Add(s)
	for _, d := range differences {
		if d.Code == ExpiryDiffers {
			r.seen[d.Code+" "+d.About()] = true
			r.report.Skip(s.ID, tally.One(func() error { return r.moveExpiry(ctx, d) }))
			continue
		}
		r.note(d)
	}
	if theirs := r.comparison.Of(s); theirs != nil && string(theirs.Hold) != r.held[s.ID] {
		hold := service.SeenHold{ServiceID: s.ID, Code: string(theirs.Hold), Status: theirs.Status}
		r.report.Skip(s.ID, tally.One(func() error { return r.setHold(ctx, s, hold) }))
	}
}

// note counts a difference and keeps it while the limit is not passed.
func (r *run) note(d Difference) {
	if d.Code == DomainUnowned && r.ignored[kindDomain+d.Domain.Name] || d.Code == SiteUnowned && r.ignored[kindSite+d.Site.ID] {
		r.report.Count("ignored", 1)
		return
	}
	r.differ++
	r.report.Count(d.Code, 1)
	r.seen[d.Code+" "+d.About()] = true
	if len(r.asks) <= r.Limit {
		r.asks = append(r.asks, d)
	}
}

// yearLess is how far back an expiry moves that has lost a year, whatever hour a registry tells.
const yearLess = 90 * 24 * time.Hour

// moveExpiry follows the expiry that was read. One that cannot be is not followed, and of one that
// is a year too early a customer may have paid for what is not there: of both a person is asked.
func (r *run) moveExpiry(ctx context.Context, d Difference) error {
	now, at, known := r.Clock.Now(), d.Domain.ExpiresAt, d.Service.ExpiresAt
	cannotBe := at.Before(d.Service.CreatedAt) || at.After(now.Add(service.FurthestExpiry))
	asks := cannotBe || at.Before(known.Add(-yearLess))
	err := r.Store.Tx(ctx, func(q *db.Queries) error {
		if !cannotBe {
			if err := r.Services.FollowExpiry(ctx, q, d.Service.ID, at); err != nil {
				return err
			}
		}
		asked := r.question(d, d.Service.ID)
		if asks {
			return r.ask(ctx, q, asked)
		}
		_, err := review.Answered(ctx, q, r.Tasks, asked.Code, asked.Subject, "it has moved on since")
		return err
	})
	if err == nil && asks {
		r.report.Count(ExpiryDiffers, 1)
	}
	if err == nil && !cannotBe {
		r.report.Count("expiries_moved", 1)
	}
	return err
}

func (r *run) setHold(ctx context.Context, s Service, seen service.SeenHold) error {
	return r.Store.Tx(ctx, func(q *db.Queries) error {
		changed, err := r.Services.SetHold(ctx, q, seen)
		if changed {
			r.report.Count("holds_changed", 1)
		}
		return err
	})
}

func serviceOf(row db.AgreeServicesRow) Service {
	return Service{
		ID: row.ID, CustomerID: row.CustomerID, SubscriptionID: row.SubscriptionID, Kind: row.Kind, Name: row.Name, SiteID: row.SiteID,
		ExpiresAt: row.ExpiresAt.Time(), CreatedAt: row.CreatedAt.Time(),
		Keeps: row.LapseAt.IsZero() && keeps(row.SubscriptionState, db.Instant(row.CancelUntil), row.ExpiresAt),
	}
}

// keeps tells whether a name is to be renewed at its next expiry: its subscription goes
// on beyond it. A day's play is for registries that tell another hour.
func keeps(state string, cancelAt, expiresAt db.Instant) bool {
	return state != "cancelled" && (cancelAt.IsZero() || cancelAt > expiresAt.Add(24*time.Hour))
}
