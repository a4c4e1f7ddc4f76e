package task_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hostfront/fault"
	"hostfront/task"
)

const keepFor = 100 * 24 * time.Hour

// prune forgets what is older than keepFor.
func (b *bundle) prune() map[string]int {
	b.t.Helper()
	report, err := b.engine.Prune(b.t.Context(), keepFor)
	b.must(err)
	return report.Counts
}

func TestWhatIsLongOverIsForgottenAndNothingElse(t *testing.T) {
	t.Parallel()
	refuse := false
	do := func(context.Context, task.Task) (task.Progress, error) {
		if refuse {
			return task.Progress{}, fault.Came(fault.Rejected, "no", "No.")
		}
		return task.Progress{Result: "x"}, nil
	}
	b := setup(t,
		task.Kind{Name: "mail", Queue: "q", Idempotent: true, Passing: true, Do: do},
		task.Kind{Name: "buy", Queue: "q", Idempotent: true, Do: do})
	mail := b.add(task.Params{Kind: "mail", Subject: "m1"})
	bought := b.add(task.Params{Kind: "buy", Subject: "b1", DedupeKey: "buy:b1"})
	b.drain()
	refuse = true
	failed := b.add(task.Params{Kind: "mail", Subject: "m2"})
	b.drain()
	b.wantState(failed, task.Failed)
	refuse = false
	b.clock.Advance(keepFor - time.Hour)
	recent := b.add(task.Params{Kind: "mail", Subject: "m3"})
	b.drain()

	if did := b.prune(); did["tasks"] != 0 || did["attempts"] != 0 {
		t.Fatalf("an hour too early %v were forgotten", did)
	}
	b.clock.Advance(2 * time.Hour)
	if did := b.prune(); did["tasks"] != 1 || did["attempts"] != 2 {
		t.Errorf("%v were forgotten, want the mail, and its try and that of the purchase", did)
	}
	if _, err := b.engine.Get(t.Context(), nil, mail); !fault.Is(err, "not_found") {
		t.Errorf("the mail's task: %v", err)
	}
	if got := b.wantState(bought, task.Done); string(got.Result) != `"x"` || len(b.outcomes(bought)) != 0 {
		t.Errorf("the purchase is %+v with %v", got, b.outcomes(bought))
	}
	if again := b.add(task.Params{Kind: "buy", Subject: "b1", DedupeKey: "buy:b1"}); again != bought {
		t.Error("what was bought is bought again")
	}
	for _, id := range []string{failed, recent} {
		if len(b.outcomes(id)) != 1 {
			t.Errorf("task %s lost its journal", id)
		}
	}
	b.must(b.engine.Retry(t.Context(), failed))
	b.drain()
	b.wantState(failed, task.Done)
}

func TestPruningGoesThroughManyTasksOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "mail", Queue: "q", Idempotent: true, Passing: true,
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil }})
	for i := range 230 {
		b.add(task.Params{Kind: "mail", Subject: fmt.Sprintf("m%d", i)})
	}
	b.drain()
	b.clock.Advance(keepFor + time.Hour)
	if did := b.prune(); did["tasks"] != 230 || did["attempts"] != 230 {
		t.Errorf("%v were forgotten", did)
	}
	report, err := b.engine.Prune(t.Context(), keepFor)
	if err != nil || report.Done != 0 {
		t.Errorf("the second run looked at %d: %v", report.Done, err)
	}
}

func TestAKindThatOthersWaitForIsNotPassing(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "a", Queue: "q", Leads: true, Passing: true,
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, errors.New("no") }})
	if err := b.engine.Start(t.Context()); err == nil {
		t.Error("it starts")
	}
}
