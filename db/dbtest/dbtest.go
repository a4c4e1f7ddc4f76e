package dbtest

import (
	"context"
	"path/filepath"
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
	o := db.Options{}
	for _, set := range opts {
		set(&o)
	}
	if o.Clock == nil {
		o.Clock = clock.NewManual(Start())
	}
	s, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}
