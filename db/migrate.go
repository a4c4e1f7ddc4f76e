package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations are the files of the schema, as they are embedded.
func Migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // only a malformed name can fail, and it is written here
	}
	return files
}

// newestVersion is the highest version this program knows.
func newestVersion() (int64, error) {
	files, err := fs.Glob(embedded, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, f := range files {
		digits, _, _ := strings.Cut(strings.TrimPrefix(f, "migrations/"), "_")
		v, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no version: %w", f, err)
		}
		newest = max(newest, v)
	}
	return newest, nil
}

// schemaVersion is the highest version that was applied to a database.
func schemaVersion(ctx context.Context, on interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (int64, error) {
	var v int64
	const q = "SELECT CAST(coalesce(max(version_id), 0) AS BIGINT) FROM goose_db_version WHERE is_applied"
	err := on.QueryRowContext(ctx, q).Scan(&v)
	return v, err
}

// Current is nil when the database answers and its schema is this program's. A
// command that runs beside a server asks before it starts, and so does a probe
// of readiness: neither migrates.
func (s *Store) Current(ctx context.Context) error {
	newest, err := newestVersion()
	if err != nil {
		return err
	}
	has, err := schemaVersion(ctx, s.Read().db)
	if err != nil {
		return fmt.Errorf("the database does not answer or was never migrated: %w", err)
	}
	if has != newest {
		return fmt.Errorf("the database has schema %d, this hostfront wants %d: run hostfront migrate", has, newest)
	}
	return nil
}

// refuseNewer keeps an older program from writing into a newer schema.
func refuseNewer(name string, has int64) error {
	newest, err := newestVersion()
	if err != nil {
		return err
	}
	if has > newest {
		return fmt.Errorf("database %s was written by a newer hostfront (schema %d, this one knows %d): nothing was changed", name, has, newest)
	}
	return nil
}

// provider is goose over the embedded migrations; it has no global state.
func provider(dialect goose.Dialect, on *sql.DB, o Options, more ...goose.ProviderOption) (*goose.Provider, error) {
	more = append(more, goose.WithDisableGlobalRegistry(true), goose.WithSlog(o.Log))
	return goose.NewProvider(dialect, on, Migrations(), more...)
}
