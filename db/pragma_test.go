package db_test

import (
	"context"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestConnectionsAreAsDurableAndStrictAsTheyMustBe(t *testing.T) {
	skipOnPostgres(t)
	s, ctx := dbtest.Open(t), context.Background()
	read := func(q *db.Queries, pragma string) (v string) {
		t.Helper()
		if err := q.Conn().QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	shared := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"}
	for pragma, want := range shared {
		if got := read(s.Read(), pragma); got != want {
			t.Errorf("readers: %s is %s, want %s", pragma, got, want)
		}
	}
	if got := read(s.Read(), "query_only"); got != "1" {
		t.Errorf("readers: query_only is %s", got)
	}
	if err := s.Tx(ctx, func(q *db.Queries) error {
		for pragma, want := range shared {
			if got := read(q, pragma); got != want {
				t.Errorf("writer: %s is %s, want %s", pragma, got, want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
