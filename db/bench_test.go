package db_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

// One after the other: each waits for a commit of its own. The values differ,
// since SQLite flushes nothing for a row that stays as it was.
func BenchmarkTxAlone(b *testing.B) {
	s, ctx := dbtest.Open(b), context.Background()
	for n := 0; b.Loop(); n++ {
		if err := s.Tx(ctx, put(ctx, fmt.Sprint("k", n%1000), fmt.Sprint(n))); err != nil {
			b.Fatal(err)
		}
	}
}

// Many at once: those that wait share a commit on SQLite.
func BenchmarkTxInGroups(b *testing.B) {
	for _, callers := range []int{4, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			var commits, n atomic.Int64
			s := dbtest.Open(b, func(o *db.Options) {
				o.Cut = func(point string) error {
					if point == db.CutBefore {
						commits.Add(1)
					}
					return nil
				}
			})
			ctx := context.Background()
			b.SetParallelism(callers)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					i := n.Add(1)
					if err := s.Tx(ctx, put(ctx, fmt.Sprint("k", i%100000), fmt.Sprint(i))); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/float64(commits.Load()), "tx/commit")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	s, ctx := dbtest.Open(b), context.Background()
	if err := s.Tx(ctx, put(ctx, "a", "1")); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.Read().SettingByName(ctx, "a"); err != nil {
				b.Error(err)
			}
		}
	})
}

// What it costs to know that a transaction is not inside another one.
func BenchmarkGoroutineID(b *testing.B) {
	for _, depth := range []int{0, 40} {
		b.Run(fmt.Sprintf("depth=%d", depth), func(b *testing.B) { deep(depth, b) })
	}
}

func deep(depth int, b *testing.B) {
	if depth > 0 {
		deep(depth-1, b)
		return
	}
	for b.Loop() {
		db.GoroutineID()
	}
}

func BenchmarkNewID(b *testing.B) {
	s := dbtest.Open(b)
	for b.Loop() {
		s.NewID("inv")
	}
}
