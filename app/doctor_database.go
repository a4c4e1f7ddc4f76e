package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"hostfront/db"
)

// The free space below which the doctor speaks up, in bytes.
const (
	littleSpace = 1 << 30
	hardlyAny   = 100 << 20
)

// database opens the database for reading and says whether this program may use it.
func (e *examination) database(ctx context.Context) {
	if e.config.DatabaseURL == "" {
		return // said among the settings
	}
	if path, ok := e.file(); ok && !e.fileThere(path) {
		return
	}
	shop, err := newApp(ctx, e.config, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		e.fail("database", "%v", err)
		return
	}
	if err := shop.Store.Current(ctx); err != nil {
		_ = shop.Close()
		e.fail("database", "%v", err)
		return
	}
	e.shop = shop
	if err := shop.restoreOffset(ctx); err != nil {
		e.fail("database", "%v", err)
	} else if offset := shop.Clock.Offset(); offset != 0 {
		e.warn("database", "its clock was moved %s ahead, as a demo's: do not sell from this database", offset)
	}
	e.ok("database", "%s is reachable and its schema is this version's", shop.Store.Engine())
}

// file is the path of an SQLite file; there is none on PostgreSQL.
func (e *examination) file() (string, bool) {
	scheme, _, found := strings.Cut(e.config.DatabaseURL, "://")
	if found && (scheme == db.Postgres || scheme == "postgresql") {
		return "", false
	}
	return sqlitePath(e.config.DatabaseURL), true
}

// fileThere looks at the file before it is opened, which would make one.
func (e *examination) fileThere(path string) bool {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.warn("database", "there is no %s yet: `hostfront migrate` makes it, and so does `hostfront serve`", path)
		return false
	case err != nil:
		e.fail("database", "%s cannot be read: %v", path, err)
		return false
	case info.Mode().Perm()&0o077 != 0:
		e.warn("database", "%s can be read by other users of this machine (%s): chmod 600 it, its -wal and its -shm", path, info.Mode().Perm())
	}
	return true
}

// disk says how much room the SQLite file has: a migration copies it first.
func (e *examination) disk(context.Context) {
	path, ok := e.file()
	if !ok || e.config.DatabaseURL == "" {
		return
	}
	free, err := freeSpace(filepath.Dir(path))
	if err != nil {
		e.warn("disk", "the free space at %s cannot be read: %v", filepath.Dir(path), err)
		return
	}
	size := uint64(0)
	if info, err := os.Stat(path); err == nil {
		size = uint64(info.Size())
	}
	switch {
	case free < hardlyAny:
		e.fail("disk", "%d MB are free at %s: make room, or the shop stops at the next write", free>>20, filepath.Dir(path))
	case free < littleSpace || free < 2*size:
		e.warn("disk", "%d MB are free at %s beside a database of %d MB: a backup before a migration needs as much again", free>>20, filepath.Dir(path), size>>20)
	default:
		e.ok("disk", "%d MB are free beside a database of %d MB", free>>20, size>>20)
	}
}
