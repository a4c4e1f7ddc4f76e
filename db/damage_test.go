package db_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestAWholeDatabaseHasNoDamage(t *testing.T) {
	t.Parallel()
	damage, err := dbtest.Open(t).Damage(t.Context())
	if err != nil || len(damage) != 0 {
		t.Fatalf("%v, %v", damage, err)
	}
}

func TestADamagedPageAndALostRowAreFound(t *testing.T) {
	skipOnPostgres(t)
	ctx := context.Background()
	s := dbtest.Open(t)
	for _, name := range []string{"a", "b", "c"} {
		if err := s.Tx(ctx, put(ctx, name, strings.Repeat(name, 9000))); err != nil {
			t.Fatal(err)
		}
	}
	for what, spoil := range map[string]func(path string){
		"a page of rubbish": func(path string) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			at := strings.Index(string(content), strings.Repeat("c", 3000)) &^ 4095
			copy(content[at:], strings.Repeat("\xff", 4096))
			write(t, path, string(content))
		},
		"a row that names none": func(path string) {
			on, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer on.Close()
			const orphan = `INSERT INTO account_refresh_tokens (token_hash, session_id, created_at, expires_at) VALUES ('x', 'ses_none', 1, 2)`
			if _, err := on.ExecContext(ctx, orphan); err != nil {
				t.Fatal(err)
			}
		},
	} {
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := s.Backup(ctx, path); err != nil {
			t.Fatal(err)
		}
		spoil(path)
		spoilt, err := db.Open(ctx, path, db.Options{})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if damage, err := spoilt.Damage(ctx); err != nil || len(damage) == 0 {
			t.Errorf("%s: %v, %v", what, damage, err)
		}
		if err := spoilt.Close(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := db.CheckBackup(ctx, path); err == nil {
			t.Errorf("%s: it passes for a backup", what)
		}
	}
}

func TestOfTheCopiesBeforeMigrationsTheNewestFiveAreKept(t *testing.T) {
	skipOnPostgres(t)
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "shop.db")
	olderFile(t, path)
	for _, old := range []string{"3-20250101T000000.000Z", "1-20250102T000000.000Z", "2-20250103T000000.000Z", "9-20250104T000000.000Z", "1-20250105T000000.000Z", "kept-by-hand"} {
		write(t, path+".backup-"+old, "")
	}
	s, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(path + ".backup-*")
	if err != nil || len(left) != 6 {
		t.Errorf("left are %v, %v; want five and the one that is not ours", left, err)
	}
	if _, err := os.Stat(path + ".backup-3-20250101T000000.000Z"); err == nil {
		t.Error("the oldest is still there")
	}
}
