package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hostfront/clock"
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
	damage, err := shop.Store.Damage(ctx)
	switch {
	case err != nil:
		e.fail("database", "%v", err)
	case len(damage) > 0:
		e.fail("database", "damaged, stop the shop and restore a backup: %s", strings.Join(damage, "; "))
	default:
		e.ok("database", "%s is reachable, %s, and its schema is this version's", shop.Store.Engine(), e.whole())
	}
}

// whole is what was looked at to call the database whole.
func (e *examination) whole() string {
	if e.config.postgres() {
		return "knows of no wrong checksum or index"
	}
	return "whole in every page and reference"
}

// backups says when the last copy was made.
func (e *examination) backups(context.Context) {
	switch {
	case e.config.DatabaseURL == "":
		return
	case e.config.postgres():
		e.ok("backups", "not made here: PostgreSQL is backed up with pg_dump, or by your provider")
		return
	case e.config.Backup.Folder == "":
		e.warn("backups", "none are made: set HOSTFRONT_BACKUP_FOLDER, best on another disk, or run `hostfront backup` daily")
		return
	case e.config.checkBackup() != nil:
		return // said among the settings
	}
	if err := mayWrite(e.config.Backup.Folder); err != nil {
		e.fail("backups", "HOSTFRONT_BACKUP_FOLDER %s cannot be written to: %v", e.config.Backup.Folder, err)
		return
	}
	newest, err := e.config.backupFolder(nil, clock.System{}).Newest()
	switch age := (clock.System{}).Now().Sub(newest); {
	case err != nil:
		e.fail("backups", "%v", err)
	case newest.IsZero():
		e.warn("backups", "there is none in %s yet: `hostfront backup` makes one, and the running shop one a night", e.config.Backup.Folder)
	case age > oldBackup:
		e.fail("backups", "the newest is of %s: `hostfront backup` makes one and says why it cannot", newest.Format(time.RFC3339))
	default:
		e.ok("backups", "the newest is of %s", newest.Format(time.RFC3339))
	}
}

// mayWrite makes a file in a folder, and removes it.
func mayWrite(folder string) error {
	probe, err := os.CreateTemp(folder, ".hostfront-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// file is the path of an SQLite file; there is none on PostgreSQL.
func (e *examination) file() (string, bool) {
	if e.config.postgres() {
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
	case info.Size() == 0:
		e.warn("database", "%s is empty: `hostfront migrate` fills it, and so does `hostfront serve`", path)
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
