package task_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

func TestTheSameDedupeKeyIsTheSameTask(t *testing.T) {
	t.Parallel()
	up := &upstream{}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order})
	ids := make([]string, 8)
	var adding sync.WaitGroup
	for i := range ids {
		adding.Go(func() {
			err := b.store.Tx(t.Context(), func(q *db.Queries) (err error) {
				ids[i], err = b.engine.Add(t.Context(), q, task.Params{Kind: "order", Subject: fmt.Sprint(i), DedupeKey: "period 2026-02"})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	slices.Sort(ids)
	if distinct := slices.Compact(ids); len(distinct) != 1 {
		t.Fatalf("tasks %v", distinct)
	}
	b.through()
	if up.orders != 1 {
		t.Fatalf("ordered %d times", up.orders)
	}
	if got := b.get(ids[0]); got.DedupeKey != "period 2026-02" {
		t.Fatalf("key %q", got.DedupeKey)
	}
}

func TestATaskOfATransactionThatFailsIsNotThere(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order})
	undone := errors.New("undone")
	err := b.store.Tx(t.Context(), func(q *db.Queries) error {
		if _, err := b.engine.Add(t.Context(), q, task.Params{Kind: "order"}); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if all, _, err := b.engine.List(t.Context(), task.Filter{}); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
}

func TestAddRefusesWhatCannotRun(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order})
	for name, p := range map[string]task.Params{
		"UnregisteredKind":   {Kind: "unheard-of"},
		"UnknownPredecessor": {Kind: "order", AfterTaskID: "tsk_none"},
		"PayloadNotJSON":     {Kind: "order", Payload: func() {}},
	} {
		err := b.store.Tx(t.Context(), func(q *db.Queries) error {
			_, err := b.engine.Add(t.Context(), q, p)
			return err
		})
		if err == nil {
			t.Errorf("%s: added", name)
		}
	}
	if _, err := b.engine.Get(t.Context(), nil, "tsk_none"); !fault.Is(err, "not_found") {
		t.Errorf("%v", err)
	}
}

func TestTasksArePagedFilteredAndCounted(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order}, task.Kind{Name: "mail", Queue: "mail", Do: (&upstream{}).order})
	var want []string
	for range 5 {
		want = append(want, b.add(task.Params{Kind: "order", Subject: "s"}))
		b.add(task.Params{Kind: "mail", InvoiceID: "inv_1"})
	}
	var got []string
	f := task.Filter{Kind: "order", State: task.Ready, Limit: 2}
	for {
		page, next, err := b.engine.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, tk := range page {
			got = append(got, tk.ID)
		}
		if next == "" {
			break
		}
		f.Cursor = next
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if of, err := b.engine.BySubject(t.Context(), nil, "s"); err != nil || len(of) != 5 || of[4].Seq != 5 {
		t.Fatalf("%v, %v", of, err)
	}
	b.clock.Advance(minute)
	stats, err := b.engine.Stats(t.Context())
	if err != nil || len(stats.States) != 2 {
		t.Fatalf("%+v, %v", stats, err)
	}
	mail, order := stats.States[0], stats.States[1]
	if mail.State != task.Blocked || mail.Overdue != 0 || order.Tasks != 5 || order.Overdue != minute || order.Age != minute {
		t.Fatalf("%+v %+v", mail, order)
	}
	if quiet, err := b.engine.Quiet(t.Context()); err != nil || quiet {
		t.Fatalf("quiet %t, %v", quiet, err)
	}
	b.through()
	if quiet, err := b.engine.Quiet(t.Context()); err != nil || !quiet {
		t.Fatalf("quiet %t, %v", quiet, err)
	}
	if stats, _ := b.engine.Stats(t.Context()); len(stats.Outcomes) != 1 || stats.Outcomes[0].Tries != 5 {
		t.Fatalf("%+v", stats.Outcomes)
	}
}

func TestTasksAddedAtOnceForOneSubjectTakePlacesOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order})
	var adding sync.WaitGroup
	for range 8 {
		adding.Go(func() {
			err := b.store.Tx(t.Context(), func(q *db.Queries) error {
				_, err := b.engine.Add(t.Context(), q, task.Params{Kind: "order", Subject: "svc"})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	tasks, err := b.engine.BySubject(t.Context(), nil, "svc")
	if err != nil || len(tasks) != 8 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	for i, tk := range tasks {
		if tk.Seq != int64(i)+1 {
			t.Fatalf("place %d is %d", i, tk.Seq)
		}
	}
}
