package task_test

import (
	"context"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// whims is an upstream that does what it is told to, call by call: it takes
// effect or not, and answers or not.
type whims struct {
	effects    map[string]int
	registered map[string]bool
	doing      func() string
	reading    func() error
	followed   map[string]int
}

func (w *whims) kind() task.Kind {
	return task.Kind{
		Name: "domain.register", Queue: "up",
		Look: func(_ context.Context, tk task.Task) (any, error) { return w.registered[tk.Subject], w.reading() },
		Do:   func(_ context.Context, tk task.Task) (task.Progress, error) { return w.do(tk.Subject) },
		Poll: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, w.reading() },
		Reconcile: func(_ context.Context, tk task.Task, look json.RawMessage) (task.Verdict, error) {
			if err := w.reading(); err != nil {
				return task.Unclear, err
			}
			if string(look) == "false" && w.registered[tk.Subject] {
				return task.Yes(task.Progress{Waiting: true}), nil
			}
			return task.No, nil
		},
		Done: func(_ context.Context, _ *db.Queries, tk task.Task) error { w.followed[tk.ID]++; return nil },
	}
}

func (w *whims) do(name string) (task.Progress, error) {
	whim := w.doing()
	if whim == "yes" || whim == "yes-lost" {
		w.effects[name]++
		w.registered[name] = true
	}
	switch whim {
	case "yes":
		return task.Progress{Waiting: true}, nil
	case "away":
		return task.Progress{}, came(fault.Unavailable)
	case "refused":
		return task.Progress{}, came(fault.Rejected)
	case "mend":
		return task.Progress{}, came(fault.ActionRequired)
	default:
		return task.Progress{}, errLostAnswer
	}
}

// TestNoStoryMakesACallTakeEffectTwice runs tasks through random stories of lost
// answers, refusals, outages and restarts: each comes to rest, none takes effect
// twice, one that is done took effect once and was followed once.
func TestNoStoryMakesACallTakeEffectTwice(t *testing.T) {
	t.Parallel()
	w := &whims{effects: map[string]int{}, registered: map[string]bool{}, followed: map[string]int{}}
	b := setup(t, w.kind())
	rapid.Check(t, func(rt *rapid.T) {
		left := rapid.IntRange(1, 12).Draw(rt, "whims")
		w.doing = func() string {
			if left--; left < 0 {
				return "yes"
			}
			return rapid.SampledFrom([]string{"yes", "yes-lost", "lost", "away", "refused", "mend"}).Draw(rt, "do")
		}
		w.reading = func() error {
			if left--; left < 0 || rapid.Bool().Draw(rt, "reads") {
				return nil
			}
			return came(fault.Unavailable)
		}
		name := b.store.NewID("dom")
		id := b.add(task.Params{Kind: "domain.register", Subject: name})
		for b.through(); b.get(id).State == task.ActionRequired; b.through() {
			if rapid.Bool().Draw(rt, "restart") {
				b.restart()
			}
			b.tx(func(q *db.Queries) error { return b.engine.Resume(t.Context(), q, id, nil) })
		}
		got := b.get(id)
		once := map[task.State]int{task.Done: 1, task.Failed: 0}
		want, rest := once[got.State]
		if !rest || w.effects[name] != want || w.followed[id] != want {
			rt.Fatalf("%s with %d effects, followed %d times: %v", got.State, w.effects[name], w.followed[id], b.outcomes(id))
		}
	})
}
