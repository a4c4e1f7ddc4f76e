package db

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// Work is what the store has done since it was opened. On SQLite transactions that wait
// beside each other share a commit, and with it the flush to the disk: the ratio says how many.
// Reads are the statements that ran outside a transaction.
type Work struct{ Transactions, Commits, Reads int64 }

// Work counts the write transactions that were committed, the commits they took, and the
// statements of Read.
func (s *Store) Work() Work {
	return Work{Transactions: s.done.transactions.Load(), Commits: s.done.commits.Load(), Reads: s.done.reads.Load()}
}

type tally struct{ transactions, commits, reads atomic.Int64 }

// reader counts the statements that go through to the connections that read.
type reader struct {
	DBTX
	done *tally
}

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.done.reads.Add(1)
	return r.DBTX.QueryContext(ctx, query, args...)
}

func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	r.done.reads.Add(1)
	return r.DBTX.QueryRowContext(ctx, query, args...)
}

// counting is the seam around every commit, which also counts those that came through.
func (t *tally) counting(cut func(point string) error) func(point string) error {
	return func(point string) error {
		if point == CutAfter {
			t.commits.Add(1)
		}
		return cut(point)
	}
}
