package task_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hostfront/db"
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

// lasting is a kind that the other side works on until over.
func lasting(over *bool) task.Kind {
	return task.Kind{Name: "move", Queue: "q", AlarmAfter: time.Hour,
		Do:   func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: true}, nil },
		Poll: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: !*over}, nil }}
}

func TestTheJournalOfWhatTookDaysIsForgottenWithTheOthersOfItsTime(t *testing.T) {
	t.Parallel()
	over := false
	b := setup(t, lasting(&over))
	moved := b.add(task.Params{Kind: "move", Subject: "m1"})
	b.drain()
	b.clock.Advance(9 * 24 * time.Hour)
	b.drain()
	over = true
	b.toNext()
	b.drain()
	b.wantState(moved, task.Done)
	tries := len(b.outcomes(moved))
	b.clock.Advance(keepFor - 9*24*time.Hour)
	if did := b.prune(); tries < 3 || did["attempts"] != tries {
		t.Errorf("%v of %d tries were forgotten", did, tries)
	}
}

func TestWhatEndedLessThanAWeekBeforeItsTurnIsKept(t *testing.T) {
	t.Parallel()
	over := false
	b := setup(t, lasting(&over))
	moved := b.add(task.Params{Kind: "move", Subject: "m1"})
	b.drain()
	b.clock.Advance(keepFor - 6*24*time.Hour)
	over = true
	b.drain()
	b.wantState(moved, task.Done)
	tries := len(b.outcomes(moved))
	b.clock.Advance(6*24*time.Hour + time.Hour)
	if did := b.prune(); did["attempts"] != 0 || len(b.outcomes(moved)) != tries {
		t.Errorf("%v were forgotten of what ended six days ago", did)
	}
}

func TestALongJournalIsForgottenInParts(t *testing.T) {
	t.Parallel()
	parts := 0
	count := func(point string) error {
		if point == db.CutBefore {
			parts++
		}
		return nil
	}
	b := setupCut(t, count, task.Kind{Name: "mail", Queue: "q", Idempotent: true, Passing: true,
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil }})
	long := b.add(task.Params{Kind: "mail", Subject: "m1"})
	b.add(task.Params{Kind: "mail", Subject: "m2"})
	b.drain()
	b.tx(func(q *db.Queries) error {
		for i := range 1200 {
			err := q.TaskAttemptOperator(t.Context(), db.TaskAttemptOperatorParams{
				ID: fmt.Sprintf("att_%04d", i), TaskID: long, Number: int64(i), StartedAt: db.At(b.clock.Now()), EndedAt: db.At(b.clock.Now()),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	b.clock.Advance(keepFor + time.Hour)
	parts = 0
	if did := b.prune(); did["tasks"] != 2 || did["attempts"] != 1202 || parts < 3 {
		t.Errorf("%v were forgotten in %d parts", did, parts)
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
