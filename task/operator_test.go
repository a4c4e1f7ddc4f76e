package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

func TestAnOperatorMayOnlyDoWhatTheStateAllows(t *testing.T) {
	t.Parallel()
	const settle, retry, cancel = "settle", "retry", "cancel"
	scripts := map[task.State][]string{ // what is allowed
		task.Blocked:        {cancel},
		task.Ready:          {settle, retry, cancel},
		task.Waiting:        {settle, retry},
		task.Unknown:        {settle, retry},
		task.Settling:       {retry},
		task.ActionRequired: {settle, retry, cancel},
		task.Held:           {settle, retry, cancel},
		task.Done:           {},
		task.Failed:         {},
		task.Cancelled:      {},
	}
	for state, allowed := range scripts {
		for _, action := range []string{settle, retry, cancel} {
			t.Run(string(state)+"/"+action, func(t *testing.T) {
				t.Parallel()
				b, id := inState(t, state)
				err := map[string]func() error{
					settle: func() error { return b.engine.Settle(t.Context(), id, task.Settlement{Outcome: "failed"}) },
					retry:  func() error { return b.engine.Retry(t.Context(), id) },
					cancel: func() error { return b.engine.Cancel(t.Context(), id, "") },
				}[action]()
				may := false
				for _, a := range allowed {
					may = may || a == action
				}
				if may && err != nil {
					t.Fatal(err)
				}
				if !may && !fault.Is(err, "task_state") {
					t.Fatalf("want a conflict, got %v", err)
				}
				if !may {
					b.wantState(id, state)
				}
			})
		}
	}
}

// inState brings a task to a state along a way of its own.
func inState(t *testing.T, want task.State) (*bundle, string) {
	t.Helper()
	k := task.Kind{
		Name: "order", Queue: "up",
		Do:        func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, doFor(want) },
		Poll:      func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil },
		Reconcile: func(context.Context, task.Task, json.RawMessage) (task.Verdict, error) { return task.Unclear, nil },
		Failed:    func(context.Context, *db.Queries, task.Task, *fault.Outcome) error { return nil },
	}
	switch want {
	case task.Waiting:
		k.Do = func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: true}, nil }
	case task.Settling:
		k.Done = func(context.Context, *db.Queries, task.Task) error { return errors.New("in the way") }
	case task.Cancelled:
		k.Check = func(context.Context, *db.Queries, task.Task) error { return task.ErrNotNeeded }
	}
	b := setup(t, k)
	p := task.Params{Kind: "order"}
	if want == task.Blocked {
		p.InvoiceID = "inv_1"
	}
	id := b.add(p)
	b.step()
	b.wantState(id, want)
	return b, id
}

func doFor(want task.State) error {
	switch want {
	case task.Ready:
		return came(fault.Unavailable)
	case task.Unknown:
		return errLostAnswer
	case task.ActionRequired:
		return came(fault.ActionRequired)
	case task.Held:
		return came(fault.Held)
	case task.Failed:
		return came(fault.Rejected)
	}
	return nil
}

func TestAHeldTaskThatWasPlacedIsPolledNotOrderedAgain(t *testing.T) {
	t.Parallel()
	up, polls := &upstream{}, 0
	b := setup(t, task.Kind{Name: "order", Queue: "up",
		Do: func(ctx context.Context, tk task.Task) (task.Progress, error) {
			p, err := up.order(ctx, tk)
			p.Waiting = true
			return p, err
		},
		Poll: func(context.Context, task.Task) (task.Progress, error) {
			if polls++; polls == 1 {
				return task.Progress{}, came(fault.Held)
			}
			return task.Progress{}, nil
		}})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	b.wantState(id, task.Held)
	if err := b.engine.Retry(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(id, task.Done)
	if up.orders != 1 {
		t.Fatalf("ordered %d times", up.orders)
	}
}

func TestATaskSettledAsPlacedIsPolledToItsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		return task.Progress{}, errLostAnswer
	}, Poll: func(_ context.Context, tk task.Task) (task.Progress, error) {
		if text(tk.Result) != `{"order":7}` {
			t.Errorf("poll saw %s", tk.Result)
		}
		return task.Progress{}, nil
	}})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	b.wantState(id, task.Held)
	err := b.engine.Settle(t.Context(), id, task.Settlement{Outcome: "placed", Result: json.RawMessage(`{"order":7}`)})
	if err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(id, task.Done)
}

func TestASettlementWhoseConsequencesFailChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up",
		Do:   func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, came(fault.Held) },
		Done: func(context.Context, *db.Queries, task.Task) error { return errors.New("in the way") }})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	if err := b.engine.Settle(t.Context(), id, task.Settlement{Outcome: "done"}); err == nil {
		t.Fatal("settled")
	}
	b.wantState(id, task.Held)
	for _, bad := range []task.Settlement{{Outcome: "maybe"}, {Outcome: "placed"}, {Outcome: "done", Result: json.RawMessage("{")}} {
		if err := b.engine.Settle(t.Context(), id, bad); !fault.Is(err, "invalid_fields") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestARetryOfAReadyTaskDoesNotJumpItsPredecessor(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, leading(r.kind("k")))
	first := b.add(task.Params{Kind: "k", Payload: "held"})
	second := b.add(task.Params{Kind: "k", AfterTaskID: first})
	b.through()
	if err := b.engine.Retry(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(second, task.Ready)
}

func TestAFailedTaskWithoutConsequencesIsRetried(t *testing.T) {
	t.Parallel()
	up := &upstream{answer: func(call int) error {
		if call == 1 {
			return came(fault.Rejected)
		}
		return nil
	}}
	b := setup(t, task.Kind{Name: "mail.send", Queue: "mail", Idempotent: true, Do: up.order})
	id := b.add(task.Params{Kind: "mail.send", Subject: "m"})
	b.add(task.Params{Kind: "mail.send", Subject: "m"})
	b.through()
	b.wantState(id, task.Failed)
	if err := b.engine.Retry(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(id, task.Done)
}
