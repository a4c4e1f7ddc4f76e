package dbtest

import (
	"context"
	"os"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/db"
)

// Start is what the clock of a Store shows when the test hands in none.
func Start() time.Time { return time.Date(2026, time.January, 31, 10, 0, 0, 0, time.UTC) }

// Open gives the test a migrated database of its own, closed when the test ends.
func Open(t testing.TB, opts ...func(*db.Options)) *db.Store {
	t.Helper()
	return OpenAt(t, URL(t), opts...)
}

// OpenAt opens the database at a URL that URL gave: again after a Close, as a
// program does that starts after a crash.
func OpenAt(t testing.TB, url string, opts ...func(*db.Options)) *db.Store {
	t.Helper()
	o := db.Options{Readers: 4}
	for _, set := range opts {
		set(&o)
	}
	if o.Clock == nil {
		o.Clock = clock.NewManual(Start())
	}
	s, err := db.Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// URL is a migrated database for this test alone, removed when the test ends:
// an SQLite file or, with TEST_DATABASE_URL, a PostgreSQL database made there.
func URL(t testing.TB) string {
	t.Helper()
	if at := os.Getenv("TEST_DATABASE_URL"); at != "" {
		return postgresCopy(t, at)
	}
	return sqliteCopy(t)
}

// CopyOf is a copy, for this test alone, of a database that URL gave to another and that
// is closed now.
func CopyOf(t testing.TB, url string) string {
	t.Helper()
	if at := os.Getenv("TEST_DATABASE_URL"); at != "" {
		return postgresCopyOf(t, at, databaseOf(url))
	}
	content, err := os.ReadFile(url)
	if err != nil {
		t.Fatal(err)
	}
	return sqliteFile(t, content)
}

// OnPostgres is true when the tests run against PostgreSQL.
func OnPostgres() bool { return os.Getenv("TEST_DATABASE_URL") != "" }
