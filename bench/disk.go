package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"hostfront/clock"
	"hostfront/db"
)

// diskRun is what the disk and the database can do here at most: the raw limits of
// everything below.
type diskRun struct {
	// flushes is how often a second a page is written and flushed to the disk.
	flushes float64
	// alone and together are transactions a second: one after the other, and many at
	// once, which share their commits.
	alone, together float64
}

func disk(ctx context.Context, dir string, each time.Duration) (diskRun, error) {
	var run diskRun
	var err error
	if run.flushes, err = flushes(filepath.Join(dir, "flush"), each); err != nil {
		return run, err
	}
	store, err := openStore(ctx, filepath.Join(dir, "disk.db"))
	if err != nil {
		return run, err
	}
	defer store.Close()
	if run.alone, err = transactions(ctx, store, 1, each); err != nil {
		return run, err
	}
	run.together, err = transactions(ctx, store, 64, each)
	return run, err
}

// flushes writes a page of a WAL and flushes it, again and again.
func flushes(path string, each time.Duration) (float64, error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	page := make([]byte, 4096)
	began, n := time.Now(), 0
	for ; time.Since(began) < each; n++ {
		if _, err := file.Write(page); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

func openStore(ctx context.Context, path string) (*db.Store, error) {
	store, err := db.Open(ctx, path, db.Options{Clock: clock.System{}, Log: quietly()})
	if err != nil {
		return nil, err
	}
	return store, store.Migrate(ctx)
}

// transactions is how many small ones a second so many callers get through.
func transactions(ctx context.Context, store *db.Store, callers int, each time.Duration) (float64, error) {
	var n atomic.Int64
	var failed atomic.Pointer[error]
	var running sync.WaitGroup
	began := time.Now()
	for range callers {
		running.Go(func() {
			for time.Since(began) < each && failed.Load() == nil {
				i := n.Add(1)
				if err := store.Tx(ctx, func(q *db.Queries) error { return put(ctx, q, i%10_000, i) }); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	running.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(n.Load()) / time.Since(began).Seconds(), nil
}

func put(ctx context.Context, q *db.Queries, key, value int64) error {
	return q.SettingPut(ctx, db.SettingPutParams{Name: fmt.Sprint("bench", key), Value: fmt.Sprint(value)})
}

// rawInserts is one transaction of so many rows: what a sync cannot do without.
func rawInserts(ctx context.Context, dir string, rows int64) (time.Duration, error) {
	store, err := openStore(ctx, filepath.Join(dir, "raw.db"))
	if err != nil {
		return 0, err
	}
	defer store.Close()
	began := time.Now()
	err = store.Tx(ctx, func(q *db.Queries) error {
		for i := range rows {
			if err := put(ctx, q, i, i); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(began), err
}

// disks set no bar: they say what the machine gives.
func disks(ctx context.Context, o settings) ([]result, error) {
	run, err := disk(ctx, o.dir, o.each)
	if err != nil {
		return nil, err
	}
	return []result{{
		name: "transactions, one after the other", value: run.alone, unit: "/s",
		peer: fmt.Sprintf("bare write and fsync of a page: %s/s", number(run.flushes)),
		note: fmt.Sprintf("ratio %.2f; SQLite, WAL, synchronous=FULL", run.alone/run.flushes),
	}, {
		name: "transactions, 64 callers", value: run.together, unit: "/s",
		peer: fmt.Sprintf("bare write and fsync of a page: %s/s", number(run.flushes)),
		note: fmt.Sprintf("ratio %.2f: those that wait share a commit", run.together/run.flushes),
	}}, nil
}
