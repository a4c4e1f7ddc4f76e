package task_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// bundle is an engine on a database of its own, with clocks that stand still.
type bundle struct {
	t      *testing.T
	store  *db.Store
	clock  *clock.Manual
	steady *clock.Manual
	events *event.Log
	log    *bytes.Buffer
	engine *task.Engine
	kinds  []task.Kind
}

// calm is entropy that spreads no pause: the middle of the range.
type calm struct{}

func (calm) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0
	}
	if len(p) > 0 {
		p[0] = 0x80
	}
	return len(p), nil
}

func setup(t *testing.T, kinds ...task.Kind) *bundle {
	t.Helper()
	return setupCut(t, nil, kinds...)
}

func setupCut(t *testing.T, cut func(string) error, kinds ...task.Kind) *bundle {
	t.Helper()
	b := &bundle{t: t, clock: clock.NewManual(dbtest.Start()), steady: clock.NewManual(dbtest.Start()), kinds: kinds}
	b.store = dbtest.Open(t, func(o *db.Options) { o.Clock, o.Cut = b.clock, cut })
	b.events = event.New(b.store, b.clock)
	b.engine = b.another(true, kinds...)
	return b
}

// another is an engine of another process on the same database.
func (b *bundle) another(soleOwner bool, kinds ...task.Kind) *task.Engine {
	b.log = &bytes.Buffer{}
	e := task.New(task.Config{
		Store: b.store, Clock: b.clock, Steady: b.steady, Entropy: calm{}, SoleOwner: soleOwner,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Alarm: b.events.TaskAlarm,
	})
	e.Register(kinds...)
	return e
}

// restart throws the engine away, as a crash does, for a new one.
func (b *bundle) restart() { b.engine = b.another(true, b.kinds...) }

// leading is the kind as one that others may wait for.
func leading(k task.Kind) task.Kind {
	k.Leads = true
	return k
}

func (b *bundle) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) tx(fn func(q *db.Queries) error) {
	b.t.Helper()
	if err := b.store.Tx(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) add(p task.Params) string {
	b.t.Helper()
	var id string
	b.tx(func(q *db.Queries) (err error) {
		id, err = b.engine.Add(b.t.Context(), q, p)
		return err
	})
	return id
}

func (b *bundle) get(id string) task.Task {
	b.t.Helper()
	t, err := b.engine.Get(b.t.Context(), nil, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return t
}

// step does one due thing and tells whether there was one.
func (b *bundle) step() bool {
	b.t.Helper()
	did, err := b.engine.Step(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return did
}

// drain steps until nothing is due.
func (b *bundle) drain() {
	b.t.Helper()
	for b.step() {
	}
}

// toNext moves the shop's clock to the next due task.
func (b *bundle) toNext() {
	b.t.Helper()
	next, ok, err := b.engine.NextDue(b.t.Context())
	if err != nil || !ok {
		b.t.Fatalf("no task is due: %v", err)
	}
	b.clock.Advance(max(0, next.Sub(b.clock.Now())))
}

// through steps and moves the clock until every task is at rest.
func (b *bundle) through() {
	b.t.Helper()
	for range 200 {
		b.drain()
		if _, ok, err := b.engine.NextDue(b.t.Context()); err != nil {
			b.t.Fatal(err)
		} else if !ok {
			return
		}
		b.toNext()
	}
	b.t.Fatal("the tasks do not come to rest")
}

func (b *bundle) wantState(id string, want task.State) task.Task {
	b.t.Helper()
	got := b.get(id)
	if got.State != want {
		b.t.Fatalf("task %s (%s) is %s (%s), want %s", got.Kind, got.Subject, got.State, got.LastError, want)
	}
	return got
}

func (b *bundle) outcomes(id string) []string {
	b.t.Helper()
	attempts, err := b.engine.Journal(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for _, a := range attempts {
		all = append(all, string(a.Phase)+":"+a.Outcome)
	}
	return all
}

func (b *bundle) alarms() []string {
	b.t.Helper()
	open, err := b.events.OpenAlarms(b.t.Context(), "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	codes := []string{}
	for _, a := range open {
		codes = append(codes, a.Code)
	}
	return codes
}

// upstream is a stand-in for the other side: it counts what takes effect.
type upstream struct {
	orders int
	answer func(call int) error // nil answers yes
	calls  int
}

func (u *upstream) order(context.Context, task.Task) (task.Progress, error) {
	u.calls++
	if u.answer != nil {
		if err := u.answer(u.calls); err != nil {
			return task.Progress{}, err
		}
	}
	u.orders++
	return task.Progress{Result: map[string]int{"order": u.orders}}, nil
}

var errLostAnswer = errors.New("the connection was cut")

func came(result fault.Result) error { return fault.Came(result, "code_"+string(result), "a message") }

func text(r json.RawMessage) string { return string(r) }

const minute = time.Minute
