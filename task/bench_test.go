package task_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/task"
)

// BenchmarkTasks is tasks from ready to done through the workers: a claim and an
// outcome each, durable.
func BenchmarkTasks(b *testing.B) {
	for _, slots := range []int{8, 32} {
		b.Run(fmt.Sprintf("slots-%d", slots), func(b *testing.B) { benchmarkTasks(b, slots) })
	}
}

func benchmarkTasks(b *testing.B, slots int) {
	ctx := context.Background()
	store, err := db.Open(ctx, filepath.Join(b.TempDir(), "bench.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	var done atomic.Int64
	all := make(chan struct{})
	engine := task.New(task.Config{Store: store, Clock: clock.System{}, SoleOwner: true, Slots: map[string]int{"upstream": slots}})
	engine.Register(task.Kind{
		Name: "bench", Queue: "upstream", Idempotent: true,
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Result: "ok"}, nil },
		Done: func(context.Context, *db.Queries, task.Task) error {
			if done.Add(1) == int64(b.N) {
				close(all)
			}
			return nil
		},
	})
	err = store.Tx(ctx, func(q *db.Queries) error {
		for range b.N {
			if _, err := engine.Add(ctx, q, task.Params{Kind: "bench", Payload: map[string]string{"name": "example.nl"}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := engine.Start(ctx); err != nil {
		b.Fatal(err)
	}
	<-all
	if err := engine.Stop(ctx); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}
