package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// sqliteHeader is how every SQLite file begins.
const sqliteHeader = "SQLite format 3\x00"

// checkFile refuses what must not be opened for writing, before anything is
// written: a file that is not ours would be changed by merely opening it.
func checkFile(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := checkFolder(path); err != nil {
			return err
		}
		return createPrivate(path)
	case err != nil:
		return fmt.Errorf("database %s cannot be read: %w", path, err)
	case info.IsDir():
		return fmt.Errorf("database %s is a directory: give the path of a file in it", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("database %s is not a regular file", path)
	}
	if err := writable(path); err != nil {
		return err
	}
	if err := checkFolder(path); err != nil {
		return err
	}
	if info.Size() == 0 {
		return nil
	}
	if err := checkHeader(path); err != nil {
		return err
	}
	return checkSchema(ctx, path)
}

// checkFolder asks for leave to write beside the file: SQLite keeps its log there.
func checkFolder(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("database %s: the folder %s does not exist", path, dir)
	}
	probe, err := os.CreateTemp(dir, ".hostfront-*")
	if err != nil {
		return fmt.Errorf("database %s: the folder %s cannot be written to", path, dir)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// createPrivate makes an empty file that its owner alone may read: SQLite would let
// everybody, and gives its log the rights of its file.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("database %s cannot be created: %w", path, err)
	}
	return f.Close()
}

func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("database %s cannot be written to: %w", path, err)
	}
	return f.Close()
}

func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("database %s cannot be read: %w", path, err)
	}
	defer f.Close()
	head := make([]byte, len(sqliteHeader))
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, []byte(sqliteHeader)) {
		return fmt.Errorf("%s is not an SQLite database: nothing was changed", path)
	}
	return nil
}

// checkSchema reads the schema's version without leaving a trace.
func checkSchema(ctx context.Context, path string) error {
	look, err := sql.Open("sqlite", traceless(path))
	if err != nil {
		return fmt.Errorf("database %s cannot be read: %w", path, err)
	}
	defer look.Close()
	var tables, ours int64
	const list = "SELECT CAST(coalesce(sum(1), 0) AS INTEGER), CAST(coalesce(sum(name = 'goose_db_version'), 0) AS INTEGER) FROM sqlite_master WHERE type = 'table'"
	if err := look.QueryRowContext(ctx, list).Scan(&tables, &ours); err != nil {
		return fmt.Errorf("database %s is damaged, nothing was changed: %w", path, err)
	}
	if tables == 0 {
		return nil
	}
	if ours == 0 {
		return fmt.Errorf("%s is the SQLite database of another program: nothing was changed", path)
	}
	has, err := schemaVersion(ctx, look)
	if err != nil {
		return fmt.Errorf("database %s is damaged, nothing was changed: %w", path, err)
	}
	return refuseNewer(path, has)
}

// traceless opens for reading alone. Without a log beside it the file is
// complete and nobody writes it, so that even the lock files are not made.
func traceless(path string) string {
	if _, err := os.Stat(path + "-wal"); err != nil {
		return fileURI(path) + "?mode=ro&immutable=1"
	}
	return fileURI(path) + "?mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)"
}
