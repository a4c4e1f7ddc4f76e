package catalog

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
)

// SyncStatus is how the last syncs went, by any process.
type SyncStatus struct {
	// SyncedAt is the last sync that held, changed or not; zero: none yet.
	SyncedAt time.Time
	// FailedAt and Failure are about the last sync when it failed, else empty. The
	// failure is for the operator.
	FailedAt time.Time
	Failure  string
	Version  int64
}

// SyncStatus reads how old the mirror is and whether the last sync failed.
func (c *Catalog) SyncStatus(ctx context.Context) (SyncStatus, error) {
	q := c.store.Read()
	version, err := q.CatalogVersion(ctx)
	if err != nil {
		return SyncStatus{}, fmt.Errorf("read the catalogue's version: %w", err)
	}
	status := SyncStatus{Version: version}
	rows, err := q.CatalogSync(ctx, c.upstream)
	if err != nil {
		return SyncStatus{}, fmt.Errorf("read the last sync: %w", err)
	}
	for _, row := range rows {
		status.SyncedAt, status.FailedAt, status.Failure = row.SyncedAt.Time(), row.FailedAt.Time(), row.Failure
	}
	return status, nil
}

func (c *Catalog) syncSucceeded(ctx context.Context, q *db.Queries) error {
	rows, err := q.CatalogSync(ctx, c.upstream)
	if err != nil {
		return err
	}
	if len(rows) > 0 && !rows[0].FailedAt.IsZero() {
		if err := c.events.Clear(ctx, q, AlarmSyncFailed, c.upstream); err != nil {
			return err
		}
	}
	return q.CatalogSyncSucceeded(ctx, db.CatalogSyncSucceededParams{
		Upstream: c.upstream, SyncedAt: db.At(c.clock.Now()),
	})
}

// syncFailed notes a failure and raises the alarm. A sync that was told to stop did
// not fail. The failure comes back with the upstream's name.
func (c *Catalog) syncFailed(ctx context.Context, cause error) error {
	cause = fmt.Errorf("sync of the %s catalogue: %w", c.upstream, cause)
	if ctx.Err() != nil {
		return cause
	}
	err := c.store.Tx(ctx, func(q *db.Queries) error {
		if err := q.CatalogSyncFailed(ctx, db.CatalogSyncFailedParams{
			Upstream: c.upstream, FailedAt: db.At(c.clock.Now()), Failure: cause.Error(),
		}); err != nil {
			return err
		}
		return c.events.Raise(ctx, q, event.Alarm{
			Code: AlarmSyncFailed, Subject: c.upstream,
			Message: "The catalogue was not synchronised and stays as it was: " + cause.Error(),
		})
	})
	if err != nil {
		c.log.Error("failed sync not noted", "upstream", c.upstream, "error", err)
	}
	return cause
}
