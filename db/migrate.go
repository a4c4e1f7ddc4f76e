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

// migrations are the embedded files, goose's way.
func migrations() (fs.FS, error) { return fs.Sub(embedded, "migrations") }

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
func schemaVersion(ctx context.Context, on *sql.DB) (int64, error) {
	var v int64
	const q = "SELECT CAST(coalesce(max(version_id), 0) AS BIGINT) FROM goose_db_version WHERE is_applied"
	err := on.QueryRowContext(ctx, q).Scan(&v)
	return v, err
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
	files, err := migrations()
	if err != nil {
		return nil, err
	}
	more = append(more, goose.WithDisableGlobalRegistry(true), goose.WithSlog(o.Log))
	return goose.NewProvider(dialect, on, files, more...)
}

// migrate runs on a connection of its own, since goose wants a pool and the
// writer's connection is taken. SQLite's write lock keeps two apart.
func (f *sqliteFile) migrate(ctx context.Context) error {
	on, err := sql.Open("sqlite", writerDSN(f.path))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	defer on.Close()
	on.SetMaxOpenConns(1)
	p, err := provider(goose.DialectSQLite3, on, f.options)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	return nil
}
