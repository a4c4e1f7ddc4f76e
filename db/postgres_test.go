package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestPlaceholdersAreRewrittenAndNothingElse(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"SELECT 1":                     "SELECT 1",
		"a = ? AND b = ?":              "a = $1 AND b = $2",
		"a = ?2 AND b = ?1 AND c = ?2": "a = $2 AND b = $1 AND c = $2",
		"a = ?3 AND b = ?":             "a = $3 AND b = $4",
		"a = ?12":                      "a = $12",
		"a = '?' AND b = ?":            "a = '?' AND b = $1",
		"a = 'it''s ?' AND b = ?":      "a = 'it''s ?' AND b = $1",
		`"what?" = ?`:                  `"what?" = $1`,
		"-- why?\nSELECT ? -- end?":    "-- why?\nSELECT $1 -- end?",
		"/* ? */ SELECT ?":             "/* ? */ SELECT $1",
		"SELECT '? unfinished":         "SELECT '? unfinished",
		"-- name: X :one\nSELECT x FROM y WHERE z=?1": "-- name: X :one\nSELECT x FROM y WHERE z=$1",
	}
	for in, want := range cases {
		if got := db.Numbered(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func onlyOnPostgres(t *testing.T) {
	t.Helper()
	if !dbtest.OnPostgres() {
		t.Skip("about PostgreSQL: set TEST_DATABASE_URL")
	}
	t.Parallel()
}

func TestATransactionThatLostRunsAgain(t *testing.T) {
	onlyOnPostgres(t)
	s, ctx := dbtest.Open(t), context.Background()
	if err := s.Tx(ctx, put(ctx, "n", "0")); err != nil {
		t.Fatal(err)
	}
	// Both read before either writes: one of them must lose.
	var read sync.WaitGroup
	read.Add(2)
	var runs atomic.Int64
	var both sync.WaitGroup
	for range 2 {
		var first sync.Once
		both.Go(func() {
			err := s.Tx(ctx, func(q *db.Queries) error {
				runs.Add(1)
				if _, err := q.SettingByName(ctx, "n"); err != nil {
					return err
				}
				first.Do(func() { read.Done(); read.Wait() })
				return increment(ctx)(q)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if got := value(t, s, "n"); got != "2" || runs.Load() < 3 {
		t.Errorf("counted %s in %d runs, want 2 in 3 or more", got, runs.Load())
	}
}

func TestADeadlockRunsAgain(t *testing.T) {
	onlyOnPostgres(t)
	s, ctx := dbtest.Open(t), context.Background()
	for _, name := range []string{"a", "b"} {
		if err := s.Tx(ctx, put(ctx, name, "0")); err != nil {
			t.Fatal(err)
		}
	}
	var held sync.WaitGroup
	held.Add(2)
	var both sync.WaitGroup
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		var first sync.Once
		both.Go(func() {
			err := s.TxReadCommitted(ctx, func(q *db.Queries) error {
				if err := put(ctx, order[0], order[0])(q); err != nil {
					return err
				}
				first.Do(func() { held.Done(); held.Wait() })
				return put(ctx, order[1], order[0])(q)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if a, b := value(t, s, "a"), value(t, s, "b"); a != b {
		t.Errorf("a is %s and b is %s, want one transaction's values", a, b)
	}
}

func TestALostTransactionGivesUpWhenItsContextEnds(t *testing.T) {
	onlyOnPostgres(t)
	s := dbtest.Open(t)
	ctx, cancel := context.WithCancel(context.Background())
	lost := &pgconn.PgError{Code: "40001"}
	runs := 0
	err := s.Tx(ctx, func(*db.Queries) error {
		if runs++; runs == 3 {
			cancel()
		}
		return lost
	})
	if !errors.Is(err, context.Canceled) || runs != 3 {
		t.Errorf("got %v after %d runs, want the context's end after 3", err, runs)
	}
}

func TestATransactionThatAlwaysLosesEnds(t *testing.T) {
	onlyOnPostgres(t)
	s := dbtest.Open(t)
	runs := 0
	var refused *pgconn.PgError
	err := s.Tx(context.Background(), func(*db.Queries) error { runs++; return &pgconn.PgError{Code: "40P01"} })
	if !errors.As(err, &refused) || runs < 10 || runs > 100 {
		t.Errorf("got %v after %d runs", err, runs)
	}
}

func TestAServerThatIsNotThereIsOneSentenceWithoutItsPassword(t *testing.T) {
	t.Parallel()
	_, err := db.Open(context.Background(), "postgres://shop:hunter2@127.0.0.1:1/shop?connect_timeout=2", db.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("got %v", err)
	}
}

func TestANewerSchemaOnPostgresIsRefused(t *testing.T) {
	onlyOnPostgres(t)
	ctx, url := context.Background(), dbtest.URL(t)
	s := dbtest.OpenAt(t, url)
	if err := s.Tx(ctx, func(q *db.Queries) error {
		_, err := q.Conn().ExecContext(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Open(ctx, url, db.Options{}); err == nil || !strings.Contains(err.Error(), "newer hostfront") {
		t.Errorf("got %v, want that it is newer", err)
	}
}

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	onlyOnPostgres(t)
	url := dbtest.URL(t)
	s := dbtest.OpenAt(t, url)
	ctx := context.Background()
	// Back to an empty database, as two replicas find it on the first day.
	if err := s.TxReadCommitted(ctx, func(q *db.Queries) error {
		_, err := q.Conn().ExecContext(ctx, "DROP SCHEMA public CASCADE")
		if err == nil {
			_, err = q.Conn().ExecContext(ctx, "CREATE SCHEMA public")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var together sync.WaitGroup
	for range 2 {
		replica := dbtest.OpenAt(t, url)
		together.Go(func() {
			if err := replica.Migrate(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if err := s.Tx(ctx, put(ctx, "a", "1")); err != nil {
		t.Error(err)
	}
}
