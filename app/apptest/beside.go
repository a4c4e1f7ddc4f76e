package apptest

import (
	"context"
	"sync"

	"hostfront/app"
	"hostfront/db/dbtest"
)

// Replica is another process of the shop on the same database, for races. On SQLite
// a shop has one process: there it is the shop itself.
func (w *World) Replica() *app.App {
	w.t.Helper()
	if !dbtest.OnPostgres() {
		return w.App
	}
	a, err := app.Open(context.Background(), w.config, w.options)
	w.must(err, "open a replica")
	w.t.Cleanup(func() { w.must(a.Close(), "close a replica") })
	return a
}

// AtOnce calls do n times at the same instant, each with its number, and gives
// their errors in that order.
func AtOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	running.Wait()
	return errs
}
