package db

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// migrate runs on a connection of its own, since goose wants a pool and the
// writer's connection is taken. Each file is one transaction; the lock file
// keeps two migrations apart.
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
	if err := f.backupBefore(ctx, p, on); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	return nil
}

// backupBefore keeps the file as it was when a migration is about to change it.
// A file that holds nothing yet needs no copy.
func (f *sqliteFile) backupBefore(ctx context.Context, p *goose.Provider, on *sql.DB) error {
	var tables int64
	const list = "SELECT CAST(coalesce(sum(1), 0) AS INTEGER) FROM sqlite_master WHERE type = 'table'"
	if err := on.QueryRowContext(ctx, list).Scan(&tables); err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	if tables == 0 {
		return nil
	}
	has, err := schemaVersion(ctx, on)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	if err := refuseNewer(f.path, has); err != nil {
		return err
	}
	pending, err := p.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", f.path, err)
	}
	if !pending || has == 0 {
		return nil
	}
	at := f.options.Clock.Now().UTC().Format("20060102T150405.000Z")
	if err := f.backup(ctx, fmt.Sprintf("%s.backup-%d-%s", f.path, has, at)); err != nil {
		return fmt.Errorf("migrate %s: the backup before it did not work, nothing was changed: %w", f.path, err)
	}
	return f.pruneBefore()
}

// keptBefore is how many of the copies made before migrations are kept.
const keptBefore = 5

// pruneBefore removes the oldest copies that were made before migrations: files with
// exactly the name that backupBefore gives.
func (f *sqliteFile) pruneBefore() error {
	name := regexp.MustCompile(`^` + regexp.QuoteMeta(filepath.Base(f.path)) + `\.backup-[0-9]+-([0-9]{8}T[0-9]{6}\.[0-9]{3}Z)$`)
	entries, err := os.ReadDir(filepath.Dir(f.path))
	if err != nil {
		return fmt.Errorf("look for old backups of %s: %w", f.path, err)
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !e.Type().IsRegular() || !name.MatchString(e.Name()) })
	at := func(e os.DirEntry) string { return name.FindStringSubmatch(e.Name())[1] }
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(at(b), at(a)) })
	for _, e := range entries[min(keptBefore, len(entries)):] {
		if err := os.Remove(filepath.Join(filepath.Dir(f.path), e.Name())); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}
