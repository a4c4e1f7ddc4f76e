package api

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// defaultSyncAge is how old the mirror may be before /readyz mentions it: twice
// the pause between two syncs, and some.
const defaultSyncAge = 3 * time.Hour

// checks are what /readyz looks at. An upstream that is away is none of them: the
// shop goes on selling from its mirror.
func (s *Server) checks(ctx context.Context) []Check {
	return []Check{s.databaseCheck(ctx), s.migrationCheck(ctx), s.catalogCheck(ctx), s.permissionCheck()}
}

// permissionCheck names what the upstream's key was refused: that feature is off, the rest sells on.
func (s *Server) permissionCheck() Check {
	check := Check{Name: "permissions", OK: true}
	if missing := s.cfg.Rights.Forbidden(); len(missing) > 0 {
		check.OK, check.Detail = false, "the upstream's key lacks: "+strings.Join(missing, ", ")
	}
	return check
}

// databaseCheck reads the shop's own tables.
func (s *Server) databaseCheck(ctx context.Context) Check {
	check := Check{Name: "database", OK: true, Needed: true}
	if _, err := s.cfg.Jobs.Jobs(ctx); err != nil {
		s.cfg.Log.ErrorContext(ctx, "database is not ready", "error", err)
		check.OK, check.Detail = false, "the database does not answer"
	}
	return check
}

// migrationCheck says whether the schema is exactly this program's: beside a newer
// replica it is not.
func (s *Server) migrationCheck(ctx context.Context) Check {
	check := Check{Name: "migration", OK: true, Needed: true}
	if err := s.cfg.Store.Current(ctx); err != nil {
		s.cfg.Log.ErrorContext(ctx, "schema is not this version's", "error", err)
		check.OK, check.Detail = false, "the database is not at this version"
	}
	return check
}

func (s *Server) catalogCheck(ctx context.Context) Check {
	check := Check{Name: "catalog", OK: true}
	status, err := s.cfg.Catalog.SyncStatus(ctx)
	if err != nil {
		check.OK, check.Detail = false, "the state of the mirror cannot be read"
		return check
	}
	limit := s.cfg.MaxSyncAge
	if limit == 0 {
		limit = defaultSyncAge
	}
	switch age := s.cfg.Clock.Now().Sub(status.SyncedAt); {
	case status.SyncedAt.IsZero():
		check.OK, check.Detail = false, "the upstream's catalogue was never mirrored"
	case age > limit:
		check.OK, check.Detail = false, fmt.Sprintf("the mirror is %s old", age.Round(time.Minute))
	default:
		check.Detail = fmt.Sprintf("mirrored %s ago", age.Round(time.Second))
	}
	return check
}
