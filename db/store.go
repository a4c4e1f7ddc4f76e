package db

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"

	"hostfront/clock"
)

// Options are what a Store is handed instead of reaching for it.
type Options struct {
	// Clock is the business clock: the time in ids and in the names of backups.
	// Nil is the wall clock.
	Clock clock.Clock
	// Entropy feeds the random half of ids. Nil is crypto/rand.
	Entropy io.Reader
	// Cut is the tests' seam for a crash at a commit: it is called with
	// CutBefore and CutAfter around every commit. An error before keeps the
	// commit from happening; an error after is given to the caller although the
	// transaction is committed, as a process that dies there never hears of it.
	Cut func(point string) error
	// Group bounds how many transactions share one commit on SQLite. Zero is a
	// sensible default; one gives every transaction a commit of its own, which
	// is what the enumeration of crash points needs.
	Group int
	// Readers bounds the pool behind Read. Zero is a sensible default.
	Readers int
	// Log gets what an operator should know: migrations, backups. Nil is silent.
	Log *slog.Logger

	// done counts what the store does.
	done *tally
}

// The points that Options.Cut is called with.
const (
	CutBefore = "commit:before"
	CutAfter  = "commit:after"
)

// The engines.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// ErrNested is what a transaction inside a transaction gets, at once: on SQLite
// it would wait for itself for ever.
var ErrNested = errors.New("a transaction was opened inside a transaction: pass q down instead")

// ErrOver is what a Queries gets that is used after its transaction has ended.
var ErrOver = errors.New("the transaction of this Queries has ended")

// ErrClosed is what a closed Store answers.
var ErrClosed = errors.New("the database is closed")

// backend is what differs between the engines.
type backend interface {
	tx(ctx context.Context, level isolation, fn func(q *Queries) error) error
	read() *Queries
	migrate(ctx context.Context) error
	damage(ctx context.Context) ([]string, error)
	close() error
}

// isolation is how strictly a transaction is kept apart from those beside it.
type isolation int

const (
	serializable isolation = iota
	readCommitted
)

// Store is an open database. Safe for concurrent use.
type Store struct {
	engine string
	back   backend
	ids    *ids
	inside *marks
	done   *tally
}

// Open opens the database at url: a path (or sqlite:path) is an SQLite file,
// created if there is none; postgres://… is PostgreSQL. It does not migrate.
// What cannot be used (another program's file, a newer schema, a folder without
// leave to write) is one sentence, and is not touched.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	o = o.withDefaults()
	at, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	s := &Store{engine: at.engine, ids: newIDs(o.Clock, o.Entropy), inside: &marks{}, done: &tally{}}
	o.Cut, o.done = s.done.counting(o.Cut), s.done
	if at.engine == Postgres {
		s.back, err = openPostgres(ctx, at.dsn, o, s.inside)
	} else {
		s.back, err = openSQLite(ctx, at.dsn, o, s.inside)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Entropy == nil {
		o.Entropy = rand.Reader
	}
	if o.Cut == nil {
		o.Cut = func(string) error { return nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Group <= 0 {
		o.Group = 64
	}
	if o.Readers <= 0 {
		o.Readers = 8
	}
	return o
}

// Engine is SQLite or Postgres.
func (s *Store) Engine() string { return s.engine }

// Read gives queries that see the latest commit and cannot write; on both
// engines the database itself refuses. A statement that writes, RETURNING
// included, belongs in Tx.
func (s *Store) Read() *Queries { return s.back.read() }

// Migrate brings the schema up to this program's, under a lock, forward only.
// An SQLite file that holds data is backed up beside itself first.
func (s *Store) Migrate(ctx context.Context) error { return s.back.migrate(ctx) }

// Close waits for the transactions under way and closes the database. It may be
// called twice.
func (s *Store) Close() error { return s.back.close() }
