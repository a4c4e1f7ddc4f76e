package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"

	"hostfront/db"
	"hostfront/db/dbtest"
)

// grouped is a store whose writer is held while transactions queue up behind it.
type grouped struct {
	*db.Store
	commits int
	cut     error // given at the next commit

	release chan struct{}
}

// openGrouped runs inside a synctest bubble, where "everyone waits" can be known.
func openGrouped(t *testing.T, size int) *grouped {
	t.Helper()
	g := &grouped{release: make(chan struct{})}
	s, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "group.db"), db.Options{
		Group: size,
		Cut: func(point string) error {
			if point == db.CutBefore {
				g.commits++
				return g.cut
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	g.Store = s
	return g
}

// hold occupies the writer until release is closed; its own transaction fails,
// so that the group is made of the others alone.
func (g *grouped) hold(t *testing.T) {
	t.Helper()
	go func() {
		_ = g.Tx(context.Background(), func(*db.Queries) error {
			<-g.release
			return errors.New("held")
		})
	}()
	synctest.Wait()
}

// queue starts a transaction and waits until it stands in the queue.
func (g *grouped) queue(ctx context.Context, fn func(q *db.Queries) error) <-chan error {
	answer := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				answer <- v.(error)
			}
		}()
		answer <- g.Tx(ctx, fn)
	}()
	synctest.Wait()
	return answer
}

func TestWaitingTransactionsShareACommit(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, ctx := openGrouped(t, 64), context.Background()
		g.hold(t)
		var answers []<-chan error
		for i := range 20 {
			answers = append(answers, g.queue(ctx, put(ctx, strconv.Itoa(i), "x")))
		}
		close(g.release)
		for i, a := range answers {
			if err := <-a; err != nil || value(t, g.Store, strconv.Itoa(i)) != "x" {
				t.Errorf("transaction %d: %v, or not there when it was answered", i, err)
			}
		}
		if g.commits != 1 {
			t.Errorf("%d commits for 20 waiting transactions, want one", g.commits)
		}
		g.Close()
	})
}

func TestAGroupOfOneCommitsEach(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, ctx := openGrouped(t, 1), context.Background()
		g.hold(t)
		a, b := g.queue(ctx, put(ctx, "a", "1")), g.queue(ctx, put(ctx, "b", "2"))
		close(g.release)
		if err := errors.Join(<-a, <-b); err != nil || g.commits != 2 {
			t.Errorf("%v, %d commits; want two", err, g.commits)
		}
		g.Close()
	})
}

func TestOneThatFailsTakesBackOnlyItsOwn(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, ctx := openGrouped(t, 64), context.Background()
		spoil := func(name string, then func() error) func(q *db.Queries) error {
			return func(q *db.Queries) error {
				if err := put(ctx, name, "spoiled")(q); err != nil {
					return err
				}
				if err := put(ctx, "first", "spoiled")(q); err != nil {
					return err
				}
				return then()
			}
		}
		refused := errors.New("refused")
		g.hold(t)
		first := g.queue(ctx, put(ctx, "first", "1"))
		failed := g.queue(ctx, spoil("failed", func() error { return refused }))
		panicked := g.queue(ctx, spoil("panicked", func() error { panic("boom") }))
		bad := g.queue(ctx, func(q *db.Queries) error {
			_, err := q.Conn().ExecContext(ctx, "INSERT INTO settings (name, value, updated_at) VALUES ('bad', 'x', -1)")
			return err
		})
		last := g.queue(ctx, put(ctx, "last", "2"))
		close(g.release)
		if err := errors.Join(<-first, <-last); err != nil {
			t.Errorf("the good ones: %v", err)
		}
		var p *db.Panic
		if err := <-failed; !errors.Is(err, refused) {
			t.Errorf("the failed one: %v", err)
		}
		if err := <-panicked; !errors.As(err, &p) || p.Value != "boom" {
			t.Errorf("the one that panicked: %v", err)
		}
		if err := <-bad; err == nil {
			t.Error("a row that breaks a CHECK was taken")
		}
		for name, want := range map[string]string{"first": "1", "last": "2", "failed": "", "panicked": "", "bad": ""} {
			if got := value(t, g.Store, name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if g.commits != 1 {
			t.Errorf("%d commits, want one", g.commits)
		}
		g.Close()
	})
}

func TestACommitThatFailsFailsTheWholeGroup(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, ctx := openGrouped(t, 64), context.Background()
		orphan := func(q *db.Queries) error {
			_, err := q.Conn().ExecContext(ctx, "INSERT INTO child (parent) VALUES ('none')")
			return err
		}
		if err := g.Tx(ctx, func(q *db.Queries) error {
			_, err := q.Conn().ExecContext(ctx, "CREATE TABLE parent (id TEXT PRIMARY KEY)")
			if err == nil {
				_, err = q.Conn().ExecContext(ctx, "CREATE TABLE child (parent TEXT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		g.hold(t)
		a, b := g.queue(ctx, put(ctx, "a", "1")), g.queue(ctx, orphan)
		close(g.release)
		if <-a == nil || <-b == nil || value(t, g.Store, "a") != "" {
			t.Error("a group whose commit failed was answered with success, or left something")
		}
		if err := g.Tx(ctx, put(ctx, "b", "2")); err != nil {
			t.Errorf("afterwards: %v", err)
		}
		g.cut = errors.New("cut")
		if err := g.Tx(ctx, put(ctx, "c", "3")); !errors.Is(err, g.cut) || value(t, g.Store, "c") != "" {
			t.Errorf("cut before the commit: %v, holds %q", err, value(t, g.Store, "c"))
		}
		g.Close()
	})
}

func TestOneWhoseContextEndsWhileItWaitsNeverStarts(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g := openGrouped(t, 64)
		ctx, cancel := context.WithCancel(context.Background())
		g.hold(t)
		gone := g.queue(ctx, func(*db.Queries) error { t.Error("the closure ran"); return nil })
		other := g.queue(context.Background(), put(context.Background(), "a", "1"))
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled before the writer is free", err)
		}
		close(g.release)
		if err := <-other; err != nil {
			t.Errorf("the one behind it: %v", err)
		}
		g.Close()
	})
}

func TestAContextThatEndsInAGroupHurtsNobodyElse(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, all := openGrouped(t, 64), context.Background()
		ctx, cancel := context.WithCancel(all)
		g.hold(t)
		first := g.queue(all, put(all, "first", "1"))
		cut := g.queue(ctx, func(q *db.Queries) error {
			cancel()
			return put(ctx, "cut", "x")(q)
		})
		last := g.queue(all, put(all, "last", "2"))
		close(g.release)
		if err := errors.Join(<-first, <-last); err != nil || value(t, g.Store, "first") != "1" || value(t, g.Store, "last") != "2" {
			t.Errorf("the others: %v", err)
		}
		if err := <-cut; !errors.Is(err, context.Canceled) || value(t, g.Store, "cut") != "" {
			t.Errorf("the one whose context ended: %v", err)
		}
		g.Close()
	})
}

func TestACloseLetsTheGroupUnderWayFinish(t *testing.T) {
	skipOnPostgres(t)
	synctest.Test(t, func(t *testing.T) {
		g, ctx := openGrouped(t, 64), context.Background()
		running := g.queue(ctx, func(q *db.Queries) error {
			<-g.release
			return put(ctx, "a", "1")(q)
		})
		closed := make(chan error, 1)
		go func() { closed <- g.Close() }()
		synctest.Wait()
		close(g.release)
		if err := errors.Join(<-running, <-closed); err != nil {
			t.Error(err)
		}
		if err := g.Tx(ctx, put(ctx, "b", "2")); !errors.Is(err, db.ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", err)
		}
	})
}

func skipOnPostgres(t *testing.T) {
	t.Helper()
	if dbtest.OnPostgres() {
		t.Skip("about SQLite's writer")
	}
	t.Parallel()
}
