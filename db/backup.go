package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoBackup is what Backup answers on PostgreSQL, which has tools of its own.
var ErrNoBackup = errors.New("hostfront backs up SQLite only: use pg_dump for PostgreSQL")

// Backup writes a copy of the SQLite database to path, as of one instant and
// beside a running server. The copy is checked before it gets its name, by
// CheckBackup and then by the caller's checks, which are given the draft's path; and
// a file that is already there is never overwritten.
func (s *Store) Backup(ctx context.Context, path string, checks ...func(ctx context.Context, draft string) error) error {
	f, ok := s.back.(*sqliteFile)
	if !ok {
		return ErrNoBackup
	}
	return f.backup(ctx, path, checks...)
}

func (f *sqliteFile) backup(ctx context.Context, path string, checks ...func(ctx context.Context, draft string) error) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up to %s: there is a file already", path)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".hostfront-backup-*")
	if err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	defer os.RemoveAll(dir)
	draft := filepath.Join(dir, "draft")
	if err := f.vacuumInto(ctx, draft); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	for _, check := range append([]func(context.Context, string) error{CheckBackup}, checks...) {
		if err := check(ctx, draft); err != nil {
			return fmt.Errorf("back up to %s: %w", path, err)
		}
	}
	if err := publish(draft, path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	f.options.Log.InfoContext(ctx, "database backed up", "path", path)
	return nil
}

// vacuumInto copies through a connection that sees one snapshot; query_only
// does not allow VACUUM, so that it is not a reader's.
func (f *sqliteFile) vacuumInto(ctx context.Context, draft string) error {
	from, err := sql.Open("sqlite", fileURI(f.path)+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer from.Close()
	if err := createPrivate(draft); err != nil {
		return err
	}
	_, err = from.ExecContext(ctx, "VACUUM INTO ?", draft)
	return err
}

// CheckBackup reads every page of an SQLite file and says whether it can be
// restored by this program: whole, and of a schema that is known.
func CheckBackup(ctx context.Context, path string) error {
	if err := checkHeader(path); err != nil {
		return err
	}
	look, err := sql.Open("sqlite", traceless(path))
	if err != nil {
		return err
	}
	defer look.Close()
	var verdict string
	if err := look.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("%s is damaged: %w", path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is damaged: %s", path, verdict)
	}
	if empty, err := holdsNothing(ctx, look); err != nil || empty {
		return errors.Join(err, fmt.Errorf("%s holds nothing of a shop", path))
	}
	orphans, err := foreignKeys(ctx, look)
	if err != nil || len(orphans) > 0 {
		return errors.Join(err, fmt.Errorf("%s is damaged: %s", path, strings.Join(orphans, ", ")))
	}
	return checkSchema(ctx, path)
}

// holdsNothing is true of a file without tables, and of one whose schema was never made.
func holdsNothing(ctx context.Context, look *sql.DB) (bool, error) {
	var tables int64
	const list = "SELECT CAST(coalesce(sum(1), 0) AS INTEGER) FROM sqlite_master WHERE type = 'table'"
	if err := look.QueryRowContext(ctx, list).Scan(&tables); err != nil || tables == 0 {
		return true, err
	}
	version, err := schemaVersion(ctx, look)
	return err == nil && version == 0, nil // what is another program's is refused as that
}

// ReadFile opens an SQLite file that nobody writes for reading alone, without a trace:
// to ask a backup what it holds. The second result closes it.
func ReadFile(path string) (*Queries, func() error, error) {
	look, err := sql.Open("sqlite", traceless(path))
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	return New(look), look.Close, nil
}

// publish makes the draft durable and gives it its name in one step. Linking
// fails when somebody else took the name meanwhile; where the file system has no
// links, renaming must do.
func publish(draft, path string) error {
	if err := flush(draft); err != nil {
		return err
	}
	err := os.Link(draft, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(draft, path)
	}
	if err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

// flush asks the disk to keep what was written; a folder cannot be flushed
// everywhere, and need not be there.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if info, statErr := f.Stat(); statErr == nil && info.IsDir() {
		err = nil
	}
	return errors.Join(err, f.Close())
}
