package task_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// eventually waits for a signal that must come; the time-out is for a test that
// is broken.
func eventually(t *testing.T, what string, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(30 * time.Second):
		t.Fatalf("%s did not happen", what)
	}
}

func (b *bundle) start(e *task.Engine) {
	b.t.Helper()
	if err := e.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := e.Stop(context.Background()); err != nil {
			b.t.Error(err)
		}
	})
}

// TestSixteenEnginesRunEachTaskOnce is sixteen processes on one database, half of
// them stepping and half with workers.
func TestSixteenEnginesRunEachTaskOnce(t *testing.T) {
	t.Parallel()
	const engines, tasks = 16, 300
	var ran sync.Map
	var count atomic.Int64
	all := make(chan struct{})
	kind := task.Kind{Name: "order", Queue: "up", Do: func(_ context.Context, tk task.Task) (task.Progress, error) {
		if _, twice := ran.LoadOrStore(tk.ID, true); twice {
			t.Errorf("task %s ran twice", tk.ID)
		}
		if count.Add(1) == tasks {
			close(all)
		}
		return task.Progress{}, nil
	}}
	b := setup(t, kind)
	b.tx(func(q *db.Queries) error {
		for i := range tasks {
			if _, err := b.engine.Add(t.Context(), q, task.Params{Kind: "order", Subject: fmt.Sprint("s", i%50)}); err != nil {
				return err
			}
		}
		return nil
	})
	var stepping sync.WaitGroup
	for i := range engines {
		e := b.another(false, kind)
		if i%2 == 0 {
			b.start(e)
			continue
		}
		stepping.Go(func() {
			for did, err := e.Step(context.Background()); did || err != nil; did, err = e.Step(context.Background()) {
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	eventually(t, "the last task", all)
	stepping.Wait()
}

// TestATaskRunsAtOnceWhenItsTransactionCommits: with the ticker alone the two
// hundred tasks, each made by the one before, would take minutes.
func TestATaskRunsAtOnceWhenItsTransactionCommits(t *testing.T) {
	t.Parallel()
	const chain = 200
	over := make(chan struct{})
	var b *bundle
	made := 0
	kind := task.Kind{Name: "link", Queue: "up", Idempotent: true,
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil },
		Done: func(ctx context.Context, q *db.Queries, _ task.Task) error {
			if made++; made == chain {
				close(over)
				return nil
			}
			_, err := b.engine.Add(ctx, q, task.Params{Kind: "link"})
			return err
		}}
	b = setup(t, kind)
	b.start(b.engine)
	b.add(task.Params{Kind: "link"})
	eventually(t, "the end of the chain", over)
}

// gate is a Do that reports and waits until it is opened, which may be twice.
type gate struct {
	entered, leave chan struct{}
	open           func()
}

func newGate() *gate {
	g := &gate{entered: make(chan struct{}, 64), leave: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.leave) })
	return g
}

func (g *gate) do(context.Context, task.Task) (task.Progress, error) {
	g.entered <- struct{}{}
	<-g.leave
	return task.Progress{Result: "through"}, nil
}

func TestShutdownLetsARunningTaskFinishAndStoresItsOutcome(t *testing.T) {
	t.Parallel()
	g := newGate()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: g.do})
	ctx, cancel := context.WithCancel(t.Context())
	if err := b.engine.Start(ctx); err != nil {
		t.Fatal(err)
	}
	id := b.add(task.Params{Kind: "order"})
	eventually(t, "the call", g.entered)
	cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- b.engine.Stop(context.Background()) }()
	g.open()
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if got := b.wantState(id, task.Done); text(got.Result) != `"through"` {
		t.Fatalf("result %s", got.Result)
	}
	if err := b.engine.Stop(t.Context()); err != nil {
		t.Fatalf("the second stop: %v", err)
	}
	if _, err := b.engine.Step(t.Context()); !errors.Is(err, task.ErrStopped) {
		t.Fatalf("a step after the stop: %v", err)
	}
}

func TestAStopThatTakesTooLongCutsTheCallOffAndStoresThatItMayHaveHappened(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{}, 1)
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: func(ctx context.Context, _ task.Task) (task.Progress, error) {
		entered <- struct{}{}
		<-ctx.Done()
		return task.Progress{}, ctx.Err()
	}})
	if err := b.engine.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := b.add(task.Params{Kind: "order"})
	eventually(t, "the call", entered)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.engine.Stop(over); !errors.Is(err, context.Canceled) {
		t.Fatalf("stop: %v", err)
	}
	b.wantState(id, task.Held)
}

func TestAnEngineStopsWithoutAStart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.engine.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestStartRefusesUnfinishedTasksOfAKindThatNobodyRegistered(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order})
	b.add(task.Params{Kind: "order", InvoiceID: "inv_1"})
	err := b.another(true).Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "order") {
		t.Fatalf("started: %v", err)
	}
}

func TestStartRefusesAKindThatCannotBe(t *testing.T) {
	t.Parallel()
	good := task.Kind{Name: "order", Queue: "up", Do: (&upstream{}).order}
	for name, kinds := range map[string][]task.Kind{
		"Twice": {good, good}, "NoDo": {{Name: "order", Queue: "up"}}, "NoQueue": {{Name: "order", Do: good.Do}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := setup(t, kinds...).engine.Start(t.Context()); err == nil {
				t.Fatal("started")
			}
		})
	}
}

func TestRunGivesTheEffectAndAWorkerDoesNotRepeatIt(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		return task.Progress{Result: calls.Add(1)}, nil
	}})
	b.start(b.engine)
	for want := int64(1); want <= 30; want++ { // a worker is woken by each of them
		id := b.add(task.Params{Kind: "pay"})
		got, err := b.engine.Run(t.Context(), id)
		if err != nil || got.State != task.Done || text(got.Result) != fmt.Sprint(want) {
			t.Fatalf("run %d: %s %s, %v", want, got.State, got.Result, err)
		}
	}
}

func TestThoseWhoWaitTakeNoMoreThanTwiceTheSlots(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		entered <- struct{}{}
		<-leave
		return task.Progress{}, nil
	}})
	const most = 2 * task.DefaultSlots
	var all sync.WaitGroup
	for range most {
		id := b.add(task.Params{Kind: "pay"})
		all.Go(func() { _, _ = b.engine.Run(t.Context(), id) })
	}
	for range most {
		<-entered
	}
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	last := b.add(task.Params{Kind: "pay"})
	if got, err := b.engine.Run(impatient, last); err != nil || got.State != task.Ready {
		t.Errorf("one more is %s, %v; want it to wait", got.State, err)
	}
	close(leave)
	all.Wait()
	go func() { <-entered }()
	if got, err := b.engine.Run(t.Context(), last); err != nil || got.State != task.Done {
		t.Errorf("when there is room it is %s, %v", got.State, err)
	}
}

func TestRunPastItsDeadlineGivesThePendingTaskAndTheTryGoesOn(t *testing.T) {
	t.Parallel()
	g := newGate()
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: g.do})
	id := b.add(task.Params{Kind: "pay"})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-g.entered; cancel() }()
	got, err := b.engine.Run(ctx, id)
	if err != nil || got.State != task.Running {
		t.Fatalf("%s, %v", got.State, err)
	}
	g.open()
	if err := b.engine.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.wantState(id, task.Done)
}

func TestRunForACallerWhoseTimeIsOverGivesTheTaskAsItIs(t *testing.T) {
	t.Parallel()
	up := &upstream{}
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: up.order})
	done := b.add(task.Params{Kind: "pay"})
	if _, err := b.engine.Run(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	id := b.add(task.Params{Kind: "pay"})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := b.engine.Run(over, id); err != nil || got.State != task.Ready {
		t.Fatalf("%s, %v", got.State, err)
	}
}

func TestRunOfATaskThatIsNotToRunNowGivesItAsItIs(t *testing.T) {
	t.Parallel()
	up := &upstream{}
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: up.order})
	blocked := b.add(task.Params{Kind: "pay", InvoiceID: "inv_1"})
	later := b.add(task.Params{Kind: "pay", RunAt: b.clock.Now().Add(minute)})
	for id, want := range map[string]task.State{blocked: task.Blocked, later: task.Ready} {
		if got, err := b.engine.Run(t.Context(), id); err != nil || got.State != want {
			t.Fatalf("%s, %v", got.State, err)
		}
	}
	if _, err := b.engine.Run(t.Context(), "tsk_none"); !fault.Is(err, "not_found") {
		t.Fatalf("%v", err)
	}
	if up.calls != 0 {
		t.Fatal("it ran")
	}
}

func TestAnOpenBreakerCostsNoAttemptsAndLetsOneTryWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	away := atomic.Bool{}
	away.Store(true)
	b := setup(t, task.Kind{Name: "pay", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		calls.Add(1)
		if away.Load() {
			return task.Progress{}, came(fault.Unavailable)
		}
		return task.Progress{}, nil
	}})
	run := func(want task.State) task.Task {
		t.Helper()
		got, err := b.engine.Run(t.Context(), b.add(task.Params{Kind: "pay"}))
		if err != nil || got.State != want {
			t.Fatalf("%s, %v", got.State, err)
		}
		return got
	}
	for range 5 {
		run(task.Ready)
	}
	if got := run(task.Ready); got.Attempts != 0 || calls.Load() != 5 {
		t.Fatalf("attempts %d, calls %d", got.Attempts, calls.Load())
	}
	stats, err := b.engine.Stats(t.Context())
	if err != nil || len(stats.Open) != 1 {
		t.Fatalf("%+v, %v", stats, err)
	}
	b.clock.Advance(1000 * minute) // the shop's clock is not the breaker's
	run(task.Ready)
	b.steady.Advance(6 * time.Second)
	run(task.Ready)
	if calls.Load() != 6 {
		t.Fatalf("calls %d, want one try", calls.Load())
	}
	away.Store(false)
	b.steady.Advance(minute)
	run(task.Done)
	run(task.Done)
}

func TestTasksKeepToTheSlotsOfTheirQueue(t *testing.T) {
	t.Parallel()
	g := newGate()
	b := setup(t)
	e := task.New(task.Config{Store: b.store, Clock: b.clock, Steady: clock.NewManual(b.clock.Now()), Slots: map[string]int{"up": 3}})
	e.Register(task.Kind{Name: "order", Queue: "up", Do: g.do}, task.Kind{Name: "mail", Queue: "mail", Do: g.do})
	b.engine = e
	for range 10 {
		b.add(task.Params{Kind: "order"})
	}
	b.start(e)
	for range 3 {
		eventually(t, "a call", g.entered)
	}
	mail := b.add(task.Params{Kind: "mail"})
	eventually(t, "the mail, whose queue is another", g.entered)
	b.wantState(mail, task.Running)
	running, _, err := e.List(t.Context(), task.Filter{State: task.Running, Queue: "up"})
	if err != nil || len(running) != 3 {
		t.Fatalf("%d run, %v", len(running), err)
	}
	g.open()
}

func TestAQueueThatYieldsWaitsForTheOthersAndIsNotForgotten(t *testing.T) {
	t.Parallel()
	orders, mails := newGate(), newGate()
	defer orders.open() // a test that fails does not keep the engine from stopping
	defer mails.open()
	b := setup(t)
	e := task.New(task.Config{
		Store: b.store, Clock: b.clock, Steady: clock.NewManual(b.clock.Now()), Slots: map[string]int{"up": 2}, Yielding: []string{"mail"},
	})
	e.Register(task.Kind{Name: "order", Queue: "up", Do: orders.do}, task.Kind{Name: "mail", Queue: "mail", Do: mails.do})
	b.engine = e
	for range 4 {
		b.add(task.Params{Kind: "order"})
	}
	b.start(e)
	eventually(t, "an order", orders.entered)
	eventually(t, "an order", orders.entered)
	for range 3 {
		b.add(task.Params{Kind: "mail"})
	}
	eventually(t, "one mail, although the others have all they can do", mails.entered)
	running, _, err := e.List(t.Context(), task.Filter{State: task.Running, Queue: "mail"})
	if err != nil || len(running) != 1 {
		t.Fatalf("%d mails run where one may, %v", len(running), err)
	}
	orders.open()
	eventually(t, "a mail, now that nobody else has much to do", mails.entered)
	eventually(t, "another one beside it", mails.entered)
}
