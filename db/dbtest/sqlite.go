package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hostfront/db"
)

// migrated is the content of a migrated SQLite file. Migrating takes longer than
// most tests, so that it is done once and copied.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hostfront-template-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closed: the log is written back, the file is whole
})

func migrate(url string) error {
	ctx := context.Background()
	s, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		s.Close()
		return err
	}
	return s.Close()
}

func sqliteCopy(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	return sqliteFile(t, content)
}

func sqliteFile(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(folder(t), "test.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
