package db

import "sync/atomic"

// Work is what the store has written since it was opened. On SQLite transactions that wait
// beside each other share a commit, and with it the flush to the disk: the ratio says how many.
type Work struct{ Transactions, Commits int64 }

// Work counts the write transactions that were committed, and the commits they took.
func (s *Store) Work() Work {
	return Work{Transactions: s.done.transactions.Load(), Commits: s.done.commits.Load()}
}

type tally struct{ transactions, commits atomic.Int64 }

// counting is the seam around every commit, which also counts those that came through.
func (t *tally) counting(cut func(point string) error) func(point string) error {
	return func(point string) error {
		if point == CutAfter {
			t.commits.Add(1)
		}
		return cut(point)
	}
}
