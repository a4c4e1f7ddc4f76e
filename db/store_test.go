package db_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func put(ctx context.Context, name, value string) func(q *db.Queries) error {
	return func(q *db.Queries) error {
		return q.SettingPut(ctx, db.SettingPutParams{Name: name, Value: value, UpdatedAt: 5})
	}
}

// value is what a setting holds, or "" when there is none.
func value(t *testing.T, s *db.Store, name string) string {
	t.Helper()
	v, err := s.Read().SettingByName(context.Background(), name)
	if err != nil {
		return ""
	}
	return v.Value
}

func TestWhatIsCommittedIsReadAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	for i := range 20 {
		want := strconv.Itoa(i)
		if err := s.Tx(ctx, put(ctx, "a", want)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Read().SettingByName(ctx, "a")
		if err != nil || got.Value != want || got.UpdatedAt != 5 {
			t.Fatalf("got %+v, %v; want %s", got, err, want)
		}
	}
}

func TestAFailedClosureLeavesNothing(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	refused := errors.New("refused")
	err := s.Tx(ctx, func(q *db.Queries) error {
		if err := put(ctx, "a", "1")(q); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("got %v, want the closure's error", err)
	}
	if v := value(t, s, "a"); v != "" {
		t.Errorf("a failed transaction left %q", v)
	}
}

func TestAPanicReachesTheCallerAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	func() {
		defer func() {
			if v := recover(); !strings.Contains(fmt.Sprint(v), "boom") {
				t.Errorf("recovered %v, want the closure's panic", v)
			}
		}()
		_ = s.Tx(ctx, func(q *db.Queries) error {
			if err := put(ctx, "a", "1")(q); err != nil {
				return err
			}
			panic("boom")
		})
	}()
	if v := value(t, s, "a"); v != "" {
		t.Errorf("a transaction that panicked left %q", v)
	}
	if err := s.Tx(ctx, put(ctx, "b", "2")); err != nil {
		t.Errorf("after the panic: %v", err)
	}
}

func TestAClosureThatEndsItsGoroutineStopsNobodyElse(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		ended <- s.Tx(ctx, func(*db.Queries) error { runtime.Goexit(); return nil })
	}()
	if err, answered := <-ended; answered && err == nil {
		t.Error("a transaction whose closure never returned was answered with success")
	}
	if err := s.Tx(ctx, put(ctx, "b", "2")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestConcurrentWritersLoseNoUpdate(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	if err := s.Tx(ctx, put(ctx, "n", "0")); err != nil {
		t.Fatal(err)
	}
	const writers, each = 8, 5
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				if err := s.Tx(ctx, increment(ctx)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got, want := value(t, s, "n"), strconv.Itoa(writers*each); got != want {
		t.Errorf("counted %s, want %s", got, want)
	}
}

func TestACommandBesideTheServerLosesNoUpdate(t *testing.T) {
	t.Parallel()
	ctx, url := context.Background(), dbtest.URL(t)
	server, beside := dbtest.OpenAt(t, url), dbtest.OpenAt(t, url)
	if err := server.Tx(ctx, put(ctx, "n", "0")); err != nil {
		t.Fatal(err)
	}
	const each = 15
	var both sync.WaitGroup
	for _, s := range []*db.Store{server, beside} {
		both.Go(func() {
			for range each {
				if err := s.Tx(ctx, increment(ctx)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	for _, s := range []*db.Store{server, beside} {
		if got, want := value(t, s, "n"), strconv.Itoa(2*each); got != want {
			t.Errorf("counted %s, want %s", got, want)
		}
	}
}

func increment(ctx context.Context) func(q *db.Queries) error {
	return func(q *db.Queries) error {
		row, err := q.SettingByName(ctx, "n")
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(row.Value)
		if err != nil {
			return err
		}
		return put(ctx, "n", strconv.Itoa(n+1))(q)
	}
}

func TestANestedTransactionIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	err := s.Tx(ctx, func(q *db.Queries) error {
		if !s.InTx() {
			t.Error("InTx is false inside a transaction")
		}
		if err := s.Tx(ctx, put(ctx, "b", "2")); !errors.Is(err, db.ErrNested) {
			t.Errorf("Tx in Tx: got %v, want ErrNested", err)
		}
		if err := s.TxReadCommitted(ctx, put(ctx, "b", "2")); !errors.Is(err, db.ErrNested) {
			t.Errorf("TxReadCommitted in Tx: got %v, want ErrNested", err)
		}
		return put(ctx, "a", "1")(q)
	})
	if err != nil || value(t, s, "a") != "1" || value(t, s, "b") != "" {
		t.Errorf("the outer transaction: %v", err)
	}
	if s.InTx() {
		t.Error("InTx is true outside a transaction")
	}
}

func TestQueriesEndWithTheirTransaction(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	var kept *db.Queries
	if err := s.Tx(ctx, func(q *db.Queries) error { kept = q; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := put(ctx, "a", "1")(kept); !errors.Is(err, db.ErrOver) {
		t.Errorf("write: got %v, want ErrOver", err)
	}
	if _, err := kept.SettingByName(ctx, "a"); !errors.Is(err, db.ErrOver) {
		t.Errorf("read: got %v, want ErrOver", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	if err := put(ctx, "a", "1")(s.Read()); err == nil {
		t.Error("Read wrote")
	}
	if v := value(t, s, "a"); v != "" {
		t.Errorf("Read left %q", v)
	}
}

func TestAnEndedContextStartsNothing(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := s.Tx(ctx, func(*db.Queries) error { t.Error("the closure ran"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestAContextThatEndsInsideFailsTheNextStatement(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := s.Tx(ctx, func(q *db.Queries) error {
		if err := put(ctx, "a", "1")(q); err != nil {
			return err
		}
		cancel()
		return put(ctx, "b", "2")(q)
	})
	if err == nil || value(t, s, "a") != "" {
		t.Errorf("got %v and %q, want an error and nothing written", err, value(t, s, "a"))
	}
}

func TestACutBeforeTheCommitLosesItAndOneAfterKeepsIt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cut := errors.New("cut")
	for point, kept := range map[string]string{db.CutBefore: "", db.CutAfter: "1"} {
		var points []string
		s := dbtest.Open(t, func(o *db.Options) {
			o.Cut = func(at string) error {
				points = append(points, at)
				if at == point {
					return cut
				}
				return nil
			}
		})
		if err := s.Tx(ctx, put(ctx, "a", "1")); !errors.Is(err, cut) {
			t.Errorf("%s: got %v, want the cut's error", point, err)
		}
		if got := value(t, s, "a"); got != kept {
			t.Errorf("%s: the database holds %q, want %q", point, got, kept)
		}
		if points[len(points)-1] != point {
			t.Errorf("%s: the points were %v", point, points)
		}
	}
}

func TestNoCallGoesOutInsideATransaction(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	client := &http.Client{Transport: s.Guard(http.DefaultTransport)}
	call := func() error {
		answer, err := client.Post(server.URL, "text/plain", strings.NewReader("x"))
		if err != nil {
			return err
		}
		return answer.Body.Close()
	}
	err := s.Tx(ctx, func(*db.Queries) error { return call() })
	if !errors.Is(err, db.ErrCallInTx) || calls.Load() != 0 {
		t.Errorf("inside: %v after %d calls, want ErrCallInTx after none", err, calls.Load())
	}
	if err := call(); err != nil || calls.Load() != 1 {
		t.Errorf("outside: %v after %d calls, want one", err, calls.Load())
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	if err := s.Current(ctx); err != nil {
		t.Errorf("an open store: %v", err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Tx(ctx, put(ctx, "a", "1")); err == nil {
		t.Error("a closed store took a transaction")
	}
	if _, err := s.Read().SettingByName(ctx, "a"); err == nil {
		t.Error("a closed store answered a read")
	}
	if err := s.Current(ctx); err == nil {
		t.Error("a closed store is current")
	}
}

func TestGoroutinesAreToldApart(t *testing.T) {
	t.Parallel()
	mine, others := db.GoroutineID(), make(chan uint64)
	go func() { others <- db.GoroutineID() }()
	if other := <-others; other == mine || mine != db.GoroutineID() {
		t.Errorf("this goroutine is %d, another %d", mine, other)
	}
}

func TestANewDatabaseIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.db")
	store, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("stat: %v, %v", info, err)
	}
}
