package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// registrar is an upstream that refuses a second registration, and whose answers
// get lost.
type registrar struct {
	registered, calls int
	lose              func(call int) (effect bool, lost bool)
	verdict           func(r *registrar, look json.RawMessage) (task.Verdict, error)
}

func (r *registrar) kind() task.Kind {
	return task.Kind{
		Name: "domain.register", Queue: "up",
		Look: func(context.Context, task.Task) (any, error) { return map[string]int{"registered": r.registered}, nil },
		Do: func(context.Context, task.Task) (task.Progress, error) {
			r.calls++
			effect, lost := r.lose(r.calls)
			if effect {
				r.registered++
			}
			if lost {
				return task.Progress{}, errLostAnswer
			}
			return task.Progress{Result: "answered"}, nil
		},
		Reconcile: func(_ context.Context, _ task.Task, look json.RawMessage) (task.Verdict, error) {
			return r.verdict(r, look)
		},
	}
}

func byDifference(r *registrar, look json.RawMessage) (task.Verdict, error) {
	var before struct{ Registered int }
	if err := json.Unmarshal(look, &before); err != nil {
		return task.Unclear, err
	}
	if r.registered > before.Registered {
		return task.Yes(task.Progress{Result: "reconciled"}), nil
	}
	return task.No, nil
}

func TestALostAnswerThatTookEffectIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	r := &registrar{lose: func(int) (bool, bool) { return true, true }, verdict: byDifference}
	b := setup(t, r.kind())
	id := b.add(task.Params{Kind: "domain.register"})
	b.drain()
	b.wantState(id, task.Unknown)
	b.through()
	if got := b.wantState(id, task.Done); r.registered != 1 || r.calls != 1 || text(got.Result) != `"reconciled"` {
		t.Fatalf("registered %d, calls %d, result %s", r.registered, r.calls, got.Result)
	}
}

func TestALostAnswerIsDoneAgainOnlyAfterAProvableNo(t *testing.T) {
	t.Parallel()
	r := &registrar{lose: func(call int) (bool, bool) { return call == 2, call == 1 }, verdict: byDifference}
	b := setup(t, r.kind())
	id := b.add(task.Params{Kind: "domain.register"})
	b.through()
	b.wantState(id, task.Done)
	want := []string{"do:unknown", "reconcile:no", "do:done"}
	if got := b.outcomes(id); r.registered != 1 || !slices.Equal(got, want) {
		t.Fatalf("registered %d, journal %v", r.registered, got)
	}
}

func TestAnUnclearReconcileEndsHeldAndAnOperatorSettlesIt(t *testing.T) {
	t.Parallel()
	followed := 0
	r := &registrar{
		lose:    func(int) (bool, bool) { return true, true },
		verdict: func(*registrar, json.RawMessage) (task.Verdict, error) { return task.Unclear, nil },
	}
	k := r.kind()
	k.Done = func(_ context.Context, _ *db.Queries, tk task.Task) error { followed++; return nil }
	b := setup(t, k)
	id := b.add(task.Params{Kind: "domain.register"})
	b.through()
	b.wantState(id, task.Held)
	if got := b.alarms(); r.calls != 1 || !slices.Equal(got, []string{task.AlarmHeld}) {
		t.Fatalf("calls %d, alarms %v", r.calls, got)
	}
	err := b.engine.Settle(t.Context(), id, task.Settlement{Outcome: "done", Result: json.RawMessage(`"by-hand"`), Note: "seen in the panel"})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.wantState(id, task.Done); followed != 1 || text(got.Result) != `"by-hand"` || len(b.alarms()) != 0 {
		t.Fatalf("followed %d, result %s, alarms %v", followed, got.Result, b.alarms())
	}
	if got := b.outcomes(id); got[len(got)-1] != "operator:settled: done" {
		t.Fatalf("journal %v", got)
	}
}

func TestALostAnswerIsHeldWhereNothingCanReconcile(t *testing.T) {
	t.Parallel()
	up := &upstream{answer: func(int) error { return errLostAnswer }}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	b.wantState(id, task.Held)
	if up.calls != 1 {
		t.Fatalf("called %d times", up.calls)
	}
}

func TestAReconcileThatIsRefusedSaysNothingAboutTheCall(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{"Rejected": came(fault.Rejected), "Away": came(fault.Unavailable), "Untyped": errors.New("cut")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			r := &registrar{lose: func(int) (bool, bool) { return true, true }}
			r.verdict = func(r *registrar, look json.RawMessage) (task.Verdict, error) {
				if asked++; asked < 4 {
					return task.Verdict{}, refusal
				}
				return byDifference(r, look)
			}
			b := setup(t, r.kind())
			id := b.add(task.Params{Kind: "domain.register"})
			b.through()
			b.wantState(id, task.Done)
			if r.registered != 1 {
				t.Fatalf("registered %d times", r.registered)
			}
		})
	}
}

func TestAnIdempotentKindIsSimplyDoneAgain(t *testing.T) {
	t.Parallel()
	up := &upstream{answer: func(call int) error {
		if call < 3 {
			return errLostAnswer
		}
		return nil
	}}
	b := setup(t, task.Kind{Name: "mail.send", Queue: "mail", Idempotent: true, Do: up.order})
	id := b.add(task.Params{Kind: "mail.send"})
	b.through()
	if got := b.wantState(id, task.Done); got.Attempts != 3 {
		t.Fatalf("attempts %d", got.Attempts)
	}
}

func TestALookThatFailsKeepsTheCallFromBeingMade(t *testing.T) {
	t.Parallel()
	looks := 0
	r := &registrar{lose: func(int) (bool, bool) { return true, false }, verdict: byDifference}
	k := r.kind()
	inner := k.Look
	k.Look = func(ctx context.Context, tk task.Task) (any, error) {
		if looks++; looks == 1 {
			return nil, errors.New("cut")
		}
		return inner(ctx, tk)
	}
	b := setup(t, k)
	id := b.add(task.Params{Kind: "domain.register"})
	b.drain()
	b.wantState(id, task.Ready)
	if r.calls != 0 {
		t.Fatal("the call was made without a look")
	}
	b.through()
	b.wantState(id, task.Done)
	journal, err := b.engine.Journal(t.Context(), id)
	if err != nil || text(journal[1].Look) != `{"registered":0}` {
		t.Fatalf("journal %+v, %v", journal, err)
	}
}
