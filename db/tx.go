package db

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// Tx runs fn in one write transaction: all of it is committed when fn returns
// nil, none of it when it returns an error or panics. Inside, only q is used,
// and only until fn returns; fn lasts milliseconds and calls nothing outside the
// database. On PostgreSQL it is SERIALIZABLE and fn may run again, so that it
// touches only q and its own variables. A Tx inside fn gets ErrNested.
//
// On SQLite fn runs on the goroutine that owns the writer, and shares its commit
// with the transactions that waited beside it. A context that ends before fn has
// started keeps it from starting; later it fails the next statement.
func (s *Store) Tx(ctx context.Context, fn func(q *Queries) error) error {
	return s.run(ctx, serializable, fn)
}

// TxReadCommitted is Tx at READ COMMITTED on PostgreSQL, for claims alone: each
// statement sees the latest commit, and whoever claims repeats the whole
// condition in the outer WHERE. On SQLite it is Tx.
func (s *Store) TxReadCommitted(ctx context.Context, fn func(q *Queries) error) error {
	return s.run(ctx, readCommitted, fn)
}

func (s *Store) run(ctx context.Context, level isolation, fn func(q *Queries) error) error {
	if s.inside.here() {
		return ErrNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err := s.back.tx(ctx, level, fn)
	if err == nil {
		s.done.transactions.Add(1)
	}
	return err
}

// InTx is true when the caller is inside the closure of a transaction, where
// nothing outside the database may be called.
func (s *Store) InTx() bool { return s.inside.here() }

// leased is a connection lent to one transaction's closure: it stops answering
// when the closure has ended, so that a q kept by mistake fails loudly instead of
// writing into somebody else's transaction.
type leased struct {
	next DBTX
	over atomic.Bool
}

func lease(next DBTX) *leased { return &leased{next: next} }

func (l *leased) end() { l.over.Store(true) }

func (l *leased) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if l.over.Load() {
		return nil, ErrOver
	}
	return l.next.ExecContext(ctx, query, args...)
}

func (l *leased) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if l.over.Load() {
		return nil, ErrOver
	}
	return l.next.PrepareContext(ctx, query)
}

func (l *leased) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if l.over.Load() {
		return nil, ErrOver
	}
	return l.next.QueryContext(ctx, query, args...)
}

func (l *leased) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if l.over.Load() {
		return failedRow(ErrOver)
	}
	return l.next.QueryRowContext(ctx, query, args...)
}
