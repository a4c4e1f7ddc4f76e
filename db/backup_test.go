package db_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestABackupIsWholeWhileTransactionsRun(t *testing.T) {
	skipOnPostgres(t)
	ctx := context.Background()
	s := dbtest.Open(t)
	// Two settings always move together; a copy of half a transaction would tell.
	both := func(n string) func(q *db.Queries) error {
		return func(q *db.Queries) error {
			return errors.Join(put(ctx, "a", n)(q), put(ctx, "b", n)(q))
		}
	}
	if err := s.Tx(ctx, both("x")); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for n := "x"; ; n += "x" {
			select {
			case <-stop:
				return
			default:
			}
			if err := s.Tx(ctx, both(n)); err != nil {
				t.Error(err)
			}
		}
	})
	path := filepath.Join(t.TempDir(), "copy.db")
	err := s.Backup(ctx, path)
	close(stop)
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.CheckBackup(ctx, path); err != nil {
		t.Fatal(err)
	}
	copied, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if a, b := value(t, copied, "a"), value(t, copied, "b"); a == "" || a != b {
		t.Errorf("the copy holds %d and %d, want the same", len(a), len(b))
	}
}

func TestABackupOverwritesNothingAndLeavesNoDraft(t *testing.T) {
	skipOnPostgres(t)
	ctx, dir := context.Background(), t.TempDir()
	s := dbtest.Open(t)
	path := filepath.Join(dir, "copy.db")
	write(t, path, "precious")
	if err := s.Backup(ctx, path); err == nil {
		t.Error("a file was overwritten")
	}
	if err := s.Backup(ctx, filepath.Join(dir, "none", "copy.db")); err == nil {
		t.Error("a backup into no folder succeeded")
	}
	if err := s.Backup(ctx, filepath.Join(dir, "it's a copy.db")); err != nil {
		t.Error(err)
	}
	held := folder(t, dir)
	if held["copy.db"] != "precious" || len(held) != 2 {
		t.Errorf("%d files remain, want the old one and the new one", len(held))
	}
}

func TestADamagedBackupIsFound(t *testing.T) {
	skipOnPostgres(t)
	ctx := context.Background()
	s := dbtest.Open(t)
	for _, name := range []string{"a", "b", "c"} {
		if err := s.Tx(ctx, put(ctx, name, strings.Repeat(name, 9000))); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(content[:len(content)-4096]))
	if err := db.CheckBackup(ctx, path); err == nil {
		t.Error("a backup without its last page passed")
	}
}

// olderFile is a file as the first migration alone left it.
func olderFile(t *testing.T, path string) {
	t.Helper()
	const first = "00001_settings.sql"
	content, err := fs.ReadFile(db.Migrations(), first)
	if err != nil {
		t.Fatal(err)
	}
	on, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer on.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, on, fstest.MapFS{first: {Data: content}}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := on.Exec("INSERT INTO settings (name, value, updated_at) VALUES ('old', 'kept', 1)"); err != nil {
		t.Fatal(err)
	}
}

func TestAMigrationBacksUpWhatItChangesAndOnlyThat(t *testing.T) {
	skipOnPostgres(t)
	ctx, dir := context.Background(), t.TempDir()
	path := filepath.Join(dir, "shop.db")
	olderFile(t, path)
	at := time.Date(2027, time.March, 4, 5, 6, 7, 0, time.UTC)
	open := func() *db.Store {
		s, err := db.Open(ctx, path, db.Options{Clock: clock.NewManual(at)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	behind := open()
	if err := behind.Current(ctx); err == nil || !strings.Contains(err.Error(), "has schema 1") {
		t.Errorf("a schema that is behind: %v", err)
	}
	behind.Close()
	for range 2 { // the second time there is nothing to migrate, nor to back up
		s := open()
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if value(t, s, "old") != "kept" {
			t.Error("the migration lost what was there")
		}
		s.Close()
	}
	backups, err := filepath.Glob(path + ".backup-*")
	if err != nil || len(backups) != 1 || backups[0] != path+".backup-1-20270304T050607.000Z" {
		t.Fatalf("backups %v, %v; want one, of schema 1, with the clock's time", backups, err)
	}
	before, err := sql.Open("sqlite", "file:"+backups[0])
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	var v int64
	if err := before.QueryRow("SELECT max(version_id) FROM goose_db_version").Scan(&v); err != nil || v != 1 {
		t.Errorf("the backup is of schema %d, %v; want 1", v, err)
	}
}

func TestANewFileIsNotBackedUp(t *testing.T) {
	skipOnPostgres(t)
	dir := t.TempDir()
	migratedFile(t, filepath.Join(dir, "shop.db"))
	if held := folder(t, dir); len(held) != 1 {
		t.Errorf("%d files beside a new database that was closed, want none", len(held)-1)
	}
}

func TestASecondServerIsRefusedUntilTheFirstIsGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.db")
	release, err := db.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Lock("sqlite:" + path)
	if err == nil || !strings.Contains(err.Error(), "in use by another hostfront") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the second got %v, want one sentence", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = db.Lock(path)
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// A program that is being started has every open file until it runs: a lock that was let go of
// must not stay with it.
func TestALockIsFreeAtOnceWhileProgramsAreStarted(t *testing.T) {
	t.Parallel()
	path, done := filepath.Join(t.TempDir(), "shop.db"), make(chan struct{})
	var starting sync.WaitGroup
	for range 2 {
		starting.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_ = exec.Command("true").Run() // what it does is no matter
				}
			}
		})
	}
	defer starting.Wait()
	defer close(done)
	for n := range 20_000 {
		release, err := db.Lock(path)
		if err != nil {
			t.Errorf("lock %d: %v", n, err)
			return
		}
		if err := release(); err != nil {
			t.Error(err)
			return
		}
	}
}

func TestABackupWithoutTablesIsNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.db")
	made, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = made.Exec("CREATE TABLE a (b INTEGER); DROP TABLE a")
	}
	if err := errors.Join(err, made.Close()); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckBackup(t.Context(), path); err == nil || !strings.Contains(err.Error(), "nothing of a shop") {
		t.Errorf("a file without tables: %v", err)
	}
}

func TestServersOnPostgresRunSideBySide(t *testing.T) {
	t.Parallel()
	for range 2 {
		release, err := db.Lock("postgres://host/shop")
		if err != nil {
			t.Fatal(err)
		}
		defer release()
	}
}

func TestWhatWasAnsweredSurvivesAPowerCut(t *testing.T) {
	skipOnPostgres(t)
	ctx := context.Background()
	url := dbtest.URL(t)
	s := dbtest.OpenAt(t, url)
	if err := s.Tx(ctx, put(ctx, "a", "1")); err != nil {
		t.Fatal(err)
	}
	after := filepath.Join(t.TempDir(), "after.db")
	for _, end := range []string{"", "-wal"} { // what the disk holds at this moment
		content, err := os.ReadFile(url + end)
		if err != nil {
			t.Fatal(err)
		}
		write(t, after+end, string(content))
	}
	if got := value(t, dbtest.OpenAt(t, after), "a"); got != "1" {
		t.Errorf("after the cut the database holds %q, want 1", got)
	}
}
