package db_test

import (
	"sync"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestTransactionsThatWaitShareCommitsAndAreCounted(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	before := s.Work()
	var callers sync.WaitGroup
	for range 200 {
		callers.Go(func() {
			err := s.Tx(t.Context(), func(q *db.Queries) error {
				return q.SettingPut(t.Context(), db.SettingPutParams{Name: "n", Value: "v"})
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	work := s.Work()
	transactions, commits := work.Transactions-before.Transactions, work.Commits-before.Commits
	if transactions != 200 || commits < 1 || commits > 200 {
		t.Fatalf("%d transactions in %d commits", transactions, commits)
	}
	if s.Engine() == db.Postgres && commits != 200 {
		t.Fatalf("%d commits of 200 transactions: none are shared on PostgreSQL", commits)
	}
}
