package event_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/task"
)

func setup(t *testing.T) (*db.Store, *event.Log, *clock.Manual) {
	t.Helper()
	c := clock.NewManual(dbtest.Start())
	store := dbtest.Open(t, func(o *db.Options) { o.Clock = c })
	return store, event.New(store, c), c
}

func emit(t *testing.T, store *db.Store, l *event.Log, p event.Params) error {
	t.Helper()
	return store.Tx(t.Context(), func(q *db.Queries) error { return l.Emit(t.Context(), q, p) })
}

func kinds(events []event.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.Kind)
	}
	return all
}

func TestAnEventAndWhatItsSubscribersWriteAreOneTransaction(t *testing.T) {
	t.Parallel()
	store, l, _ := setup(t)
	engine := task.New(task.Config{Store: store, Clock: clock.System{}})
	engine.Register(task.Kind{Name: "mail.send", Queue: "mail", Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil }})
	broken := true
	l.Subscribe("invoice.paid", func(ctx context.Context, q *db.Queries, e event.Event) error {
		_, err := engine.Add(ctx, q, task.Params{Kind: "mail.send", Subject: e.Subject, Payload: e.Data})
		return err
	})
	l.Subscribe("invoice.paid", func(context.Context, *db.Queries, event.Event) error {
		if broken {
			return errors.New("in the way")
		}
		return nil
	})
	paid := event.Params{Kind: "invoice.paid", Subject: "inv_1", CustomerID: "cus_1", Data: map[string]string{"invoice_id": "inv_1"}}
	count := func() (events, tasks int) {
		all, err := l.After(t.Context(), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		of, err := engine.BySubject(t.Context(), nil, "inv_1")
		if err != nil {
			t.Fatal(err)
		}
		return len(all), len(of)
	}
	if err := emit(t, store, l, paid); err == nil {
		t.Fatal("the subscriber's error was lost")
	}
	if events, tasks := count(); events != 0 || tasks != 0 {
		t.Fatalf("%d events and %d tasks are left of it", events, tasks)
	}
	broken = false
	if err := emit(t, store, l, paid); err != nil {
		t.Fatal(err)
	}
	if events, tasks := count(); events != 1 || tasks != 1 {
		t.Fatalf("%d events, %d tasks", events, tasks)
	}
}

func TestEventsAreReadBySubjectAndCustomerFromBehindACursor(t *testing.T) {
	t.Parallel()
	store, l, c := setup(t)
	for _, p := range []event.Params{
		{Kind: "order.received", Subject: "ord_1", CustomerID: "cus_1"},
		{Kind: "order.received", Subject: "ord_2", CustomerID: "cus_2"},
		{Kind: "order.completed", Subject: "ord_1", CustomerID: "cus_1"},
		{Kind: "sync.done", Subject: "catalog"},
	} {
		c.Advance(time.Second)
		if err := emit(t, store, l, p); err != nil {
			t.Fatal(err)
		}
	}
	of, err := l.BySubject(t.Context(), "ord_1", "", 0)
	if err != nil || !slices.Equal(kinds(of), []string{"order.received", "order.completed"}) || string(of[0].Data) != "{}" {
		t.Fatalf("%+v, %v", of, err)
	}
	if rest, _ := l.BySubject(t.Context(), "ord_1", of[0].ID, 0); !slices.Equal(kinds(rest), []string{"order.completed"}) {
		t.Fatalf("%+v", rest)
	}
	if mine, _ := l.ByCustomer(t.Context(), "cus_2", "", 0); len(mine) != 1 || mine[0].Subject != "ord_2" {
		t.Fatalf("%+v", mine)
	}
	if nobodys, _ := l.ByCustomer(t.Context(), "", "", 0); len(nobodys) != 0 {
		t.Fatalf("%+v", nobodys)
	}
	if page, _ := l.After(t.Context(), of[0].ID, 2); len(page) != 2 || !page[0].At.Equal(dbtest.Start().Add(2*time.Second)) {
		t.Fatalf("%+v", page)
	}
}

func TestOneAlarmIsOpenForACodeAndSubject(t *testing.T) {
	t.Parallel()
	store, l, c := setup(t)
	tell := func(a task.Alarm) {
		t.Helper()
		c.Advance(time.Minute)
		if err := store.Tx(t.Context(), func(q *db.Queries) error { return l.TaskAlarm(t.Context(), q, a) }); err != nil {
			t.Fatal(err)
		}
	}
	open := func() []event.Alarm {
		t.Helper()
		alarms, err := l.OpenAlarms(t.Context(), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return alarms
	}
	tell(task.Alarm{Code: "task.held", Subject: "tsk_1", Message: "first"})
	tell(task.Alarm{Code: "task.held", Subject: "tsk_2", Message: "other"})
	tell(task.Alarm{Code: "task.held", Subject: "tsk_1", Message: "again"})
	got := open()
	if len(got) != 2 || got[0].Raises != 2 || got[0].Message != "again" || got[0].LatestAt.Sub(got[0].RaisedAt) != 2*time.Minute {
		t.Fatalf("%+v", got)
	}
	tell(task.Alarm{Code: "task.held", Subject: "tsk_1", Over: true})
	tell(task.Alarm{Code: "task.held", Subject: "tsk_1", Over: true})
	if got = open(); len(got) != 1 || got[0].Subject != "tsk_2" {
		t.Fatalf("%+v", got)
	}
	tell(task.Alarm{Code: "task.held", Subject: "tsk_1", Message: "anew"})
	if got = open(); len(got) != 2 || got[1].Raises != 1 {
		t.Fatalf("%+v", got)
	}
}
