package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hostfront/db"
)

// folder is the names and contents of everything in a folder.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]string{}
	for _, e := range entries {
		if e.IsDir() {
			held[e.Name()] = "folder"
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		held[e.Name()] = string(content)
	}
	return held
}

// migratedFile is a closed SQLite file of the present schema.
func migratedFile(t *testing.T, path string) {
	t.Helper()
	s, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Migrate(context.Background()), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func execOn(t *testing.T, path string, statements ...string) {
	t.Helper()
	on, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer on.Close()
	for _, s := range statements {
		if _, err := on.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFileThatIsNotOursIsRefusedAndNotTouched(t *testing.T) {
	t.Parallel()
	newest, err := db.NewestVersion()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		make func(t *testing.T, path string)
		says string
	}{
		"text": {func(t *testing.T, path string) { write(t, path, strings.Repeat("not a database. ", 400)) }, "is not an SQLite database"},
		"tiny": {func(t *testing.T, path string) { write(t, path, "x") }, "is not an SQLite database"},
		"directory": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a directory"},
		"another program's": {func(t *testing.T, path string) { execOn(t, path, "CREATE TABLE theirs (id INTEGER)") }, "another program"},
		"newer": {func(t *testing.T, path string) {
			migratedFile(t, path)
			execOn(t, path, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)", newest+1))
		}, fmt.Sprintf("newer hostfront (schema %d, this one knows %d)", newest+1, newest)},
		"newer, with its log beside it": {func(t *testing.T, path string) {
			migratedFile(t, path)
			crashed(t, path, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)", newest+1))
		}, "newer hostfront"},
		"damaged": {func(t *testing.T, path string) {
			migratedFile(t, path)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(content[100:4096], bytes.Repeat([]byte{0xff}, 3996))
			write(t, path, string(content))
		}, "is damaged"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "shop.db")
			c.make(t, path)
			before := folder(t, dir)
			s, err := db.Open(context.Background(), path, db.Options{})
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if text := err.Error(); !strings.Contains(text, c.says) || !strings.Contains(text, path) || strings.Contains(text, "\n") {
				t.Errorf("it says %q, want one sentence with %q and the path", text, c.says)
			}
			after := folder(t, dir)
			for file := range after {
				if strings.HasSuffix(file, "-shm") {
					delete(after, file) // an index of the log in memory, rebuilt by every reader
					delete(before, file)
				}
			}
			if fmt.Sprint(before) != fmt.Sprint(after) {
				t.Errorf("the folder was touched: %d entries before, %d after", len(before), len(after))
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// crashed leaves the file and its log as a power cut would, with a statement
// that is committed in the log alone.
func crashed(t *testing.T, path, statement string) {
	t.Helper()
	live := filepath.Join(t.TempDir(), "live.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, live, string(content))
	on, err := sql.Open("sqlite", "file:"+live+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer on.Close()
	if _, err := on.Exec(statement); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(live + end)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path+end, string(content))
	}
}

func TestAFolderThatCannotHoldADatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	locked := filepath.Join(dir, "locked")
	if err := os.Mkdir(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		filepath.Join(dir, "none", "shop.db"): "does not exist",
		filepath.Join(dir, "file", "shop.db"): "",
	}
	if os.Geteuid() != 0 { // root may write anywhere
		cases[filepath.Join(locked, "shop.db")] = "cannot be written to"
	}
	for path, says := range cases {
		if _, err := db.Open(context.Background(), path, db.Options{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", path, err, says)
		}
	}
}

func TestAURLThatMeansNothingIsRefusedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", ":memory:", "file::memory:?cache=shared", "mysql://shop:hunter2@host/shop", "postgres://shop:hunter2@host:port/shop"} {
		_, err := db.Open(context.Background(), url, db.Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want an error without the password", url, err)
		}
	}
}

func TestOddPathsAreOpenedAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "a#b.db", "ünï.db", "a&mode=ro.db"} {
		path := filepath.Join(dir, name)
		for _, prefix := range []string{"", "sqlite:", "file:", "sqlite://"} {
			s, err := db.Open(context.Background(), prefix+path, db.Options{})
			if err != nil {
				t.Fatalf("%s: %v", prefix+name, err)
			}
			if err := errors.Join(s.Migrate(context.Background()), s.Close()); err != nil {
				t.Errorf("%s: %v", prefix+name, err)
			}
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s was opened under another name: %v", name, err)
		}
	}
}
