package task_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

func TestATaskIsDoneOnceAndKeepsItsResultAndJournal(t *testing.T) {
	t.Parallel()
	up, followed := &upstream{}, 0
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: func(ctx context.Context, tk task.Task) (task.Progress, error) {
		task.Note(ctx, "sent", map[string]string{"domain": "example.nl"})
		return up.order(ctx, tk)
	}, Done: func(_ context.Context, _ *db.Queries, tk task.Task) error {
		followed++
		if tk.State != task.Done || text(tk.Result) != `{"order":1}` {
			t.Errorf("Done saw %s %s", tk.State, tk.Result)
		}
		return nil
	}})
	id := b.add(task.Params{Kind: "order", Subject: "line_1", Payload: map[string]string{"name": "example.nl"}})
	b.drain()
	got := b.wantState(id, task.Done)
	if up.orders != 1 || followed != 1 || got.Attempts != 1 || text(got.Payload) != `{"name":"example.nl"}` {
		t.Fatalf("orders %d, followed %d, attempts %d, payload %s", up.orders, followed, got.Attempts, got.Payload)
	}
	journal, err := b.engine.Journal(t.Context(), id)
	if err != nil || len(journal) != 1 || len(journal[0].Notes) != 1 || journal[0].Notes[0].Key != "sent" || journal[0].EndedAt.IsZero() {
		t.Fatalf("journal %+v, %v", journal, err)
	}
}

func TestARefusalIsFinalAndItsConsequencesRunInTheSameCommit(t *testing.T) {
	t.Parallel()
	var cause *fault.Outcome
	up := &upstream{answer: func(int) error { return came(fault.Rejected) }}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order, Failed: func(_ context.Context, _ *db.Queries, _ task.Task, c *fault.Outcome) error {
		cause = c
		return nil
	}})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	got := b.wantState(id, task.Failed)
	if cause == nil || cause.Code != "code_rejected" || got.ErrorCode != "code_rejected" || up.calls != 1 {
		t.Fatalf("cause %v, code %s, calls %d", cause, got.ErrorCode, up.calls)
	}
}

func TestAnAwayUpstreamIsTriedAgainWithGrowingPausesAndAnAlarmButNeverFails(t *testing.T) {
	t.Parallel()
	away := true
	up := &upstream{answer: func(int) error {
		if away {
			return came(fault.Unavailable)
		}
		return nil
	}}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order})
	id := b.add(task.Params{Kind: "order"})
	var pauses []time.Duration
	for range 12 {
		b.step()
		before := b.clock.Now()
		b.toNext()
		pauses = append(pauses, b.clock.Now().Sub(before))
	}
	if !slices.IsSorted(pauses) || pauses[0] != 2*time.Second || pauses[11] != 15*minute {
		t.Fatalf("pauses %v", pauses)
	}
	if got := b.wantState(id, task.Ready); got.Attempts != 12 {
		t.Fatalf("attempts %d, want 12", got.Attempts)
	}
	if got := b.alarms(); !slices.Equal(got, []string{task.AlarmUnavailable}) {
		t.Fatalf("alarms %v", got)
	}
	away = false
	b.drain()
	b.wantState(id, task.Done)
	if got := b.alarms(); len(got) != 0 {
		t.Fatalf("alarms %v after it came back", got)
	}
}

func TestARateLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	up := &upstream{answer: func(call int) error {
		if call > 1 {
			return nil
		}
		o := fault.Came(fault.RateLimited, "slow_down", "")
		o.RetryAfter = 10 * minute
		return o
	}}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order})
	id := b.add(task.Params{Kind: "order"})
	b.drain()
	if got := b.wantState(id, task.Ready); !got.RunAt.Equal(b.clock.Now().Add(10 * minute)) {
		t.Fatalf("runs at %s", got.RunAt)
	}
	b.clock.Advance(10*minute - time.Millisecond)
	if b.step() {
		t.Fatal("tried before its time")
	}
	b.clock.Advance(time.Millisecond)
	b.drain()
	b.wantState(id, task.Done)
}

func TestWhatTheCustomerCanMendResumesWithTheMendedPayload(t *testing.T) {
	t.Parallel()
	told := 0
	b := setup(t, task.Kind{Name: "transfer", Queue: "up", Do: func(_ context.Context, tk task.Task) (task.Progress, error) {
		if text(tk.Payload) == `"wrong"` {
			o := fault.Came(fault.ActionRequired, "auth_code_refused", "The code was refused.")
			o.Fields = []fault.Field{{Name: "auth_code", Code: "refused", Message: "Ask for a new one."}}
			return task.Progress{}, o
		}
		return task.Progress{}, nil
	}, ActionRequired: func(_ context.Context, _ *db.Queries, _ task.Task, c *fault.Outcome) error {
		told += len(c.Fields)
		return nil
	}})
	id := b.add(task.Params{Kind: "transfer", Payload: "wrong"})
	b.through()
	got := b.wantState(id, task.ActionRequired)
	if told != 1 || len(got.Fields) != 1 || got.Message != "The code was refused." {
		t.Fatalf("told %d, %+v", told, got)
	}
	resume := func() error {
		return b.store.Tx(t.Context(), func(q *db.Queries) error { return b.engine.Resume(t.Context(), q, id, "right") })
	}
	if err := resume(); err != nil {
		t.Fatal(err)
	}
	b.drain()
	if got = b.wantState(id, task.Done); got.Fields != nil || got.ErrorCode != "" {
		t.Fatalf("the old fault is still there: %+v", got)
	}
	if err := resume(); !fault.Is(err, "task_state") {
		t.Fatalf("resuming a finished task: %v", err)
	}
}

func TestAPlacedTaskIsPolledWithGrowingPausesUntilItIsDone(t *testing.T) {
	t.Parallel()
	polls := 0
	b := setup(t, task.Kind{
		Name: "order", Queue: "up", AlarmAfter: minute,
		Do: func(context.Context, task.Task) (task.Progress, error) {
			return task.Progress{Result: "ord-7", Waiting: true}, nil
		},
		Poll: func(_ context.Context, tk task.Task) (task.Progress, error) {
			polls++
			if text(tk.Result) != `"ord-7"` {
				t.Errorf("poll %d saw %s", polls, tk.Result)
			}
			switch {
			case polls == 2:
				return task.Progress{}, errors.New("cut")
			case polls < 6:
				return task.Progress{Waiting: true}, nil
			}
			return task.Progress{}, nil
		},
	})
	id := b.add(task.Params{Kind: "order"})
	b.drain()
	first := b.wantState(id, task.Waiting)
	if !first.RunAt.Equal(b.clock.Now().Add(5 * time.Second)) {
		t.Fatalf("first poll at %s", first.RunAt)
	}
	late := false
	for b.get(id).State == task.Waiting {
		b.toNext()
		b.drain()
		late = late || slices.Contains(b.alarms(), task.AlarmLate)
	}
	got := b.wantState(id, task.Done)
	if text(got.Result) != `"ord-7"` || got.Attempts != 1 || got.Polls != 6 || !late || len(b.alarms()) != 0 {
		t.Fatalf("result %s, attempts %d, polls %d, late %t, alarms %v", got.Result, got.Attempts, got.Polls, late, b.alarms())
	}
}

func TestAPollComesWhenTheOtherSideIsExpectedToBeDoneIfItIsNotDueBefore(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ by, next time.Duration }{
		"sooner than polls come": {3 * time.Second, 3 * time.Second},
		"later":                  {minute, 5 * time.Second},
		"it has passed":          {-minute, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var by time.Time
			b := setup(t, task.Kind{
				Name: "order", Queue: "up",
				Do: func(context.Context, task.Task) (task.Progress, error) {
					return task.Progress{Waiting: true, LookBy: by}, nil
				},
				Poll: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil },
			})
			by = b.clock.Now().Add(want.by)
			id := b.add(task.Params{Kind: "order"})
			b.drain()
			if got := b.wantState(id, task.Waiting).RunAt.Sub(b.clock.Now()); got != want.next {
				t.Fatalf("polled after %s, want %s", got, want.next)
			}
		})
	}
}

func TestAPolledRefusalFailsTheTask(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{
		Name: "order", Queue: "up",
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: true}, nil },
		Poll: func(context.Context, task.Task) (task.Progress, error) {
			return task.Progress{}, came(fault.Rejected)
		},
	})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	b.wantState(id, task.Failed)
}

func TestAPollThatFindsNothingToWaitForCancelsTheTaskAndLetsTheNextGoOn(t *testing.T) {
	t.Parallel()
	up, rang := &upstream{}, false
	var b *bundle
	b = setup(t, task.Kind{
		Name: "renewal", Queue: "up", AlarmAfter: time.Hour, PollEvery: func(int) time.Duration { return 30 * time.Minute },
		Do: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: true}, nil },
		Poll: func(_ context.Context, tk task.Task) (task.Progress, error) {
			if rang = rang || len(b.alarms()) > 0; tk.Polls < 5 {
				return task.Progress{Waiting: true}, nil
			}
			return task.Progress{}, task.ErrNotNeeded
		},
	}, task.Kind{Name: "order", Queue: "up", Do: up.order})
	id := b.add(task.Params{Kind: "renewal", Subject: "svc_1"})
	next := b.add(task.Params{Kind: "order", Subject: "svc_1"})
	b.through()
	if got := b.wantState(id, task.Cancelled); got.ErrorCode != task.CodeNotNeeded || !rang || len(b.alarms()) != 0 {
		t.Fatalf("code %s, rang %t, alarms %v", got.ErrorCode, rang, b.alarms())
	}
	b.wantState(next, task.Done)
}

func TestACheckEndsATaskWithoutACall(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		err   error
		state task.State
	}{
		"NotNeeded": {task.ErrNotNeeded, task.Cancelled},
		"Held":      {came(fault.Held), task.Held},
		"Rejected":  {came(fault.Rejected), task.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := &upstream{}
			b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order,
				Check: func(context.Context, *db.Queries, task.Task) error { return want.err }})
			id := b.add(task.Params{Kind: "order"})
			b.through()
			if got := b.wantState(id, want.state); up.calls != 0 || got.Attempts != 0 {
				t.Fatalf("calls %d, attempts %d", up.calls, got.Attempts)
			}
		})
	}
}

func TestATaskWhoseCheckBreaksDoesNotKeepOthersFromRunning(t *testing.T) {
	t.Parallel()
	up := &upstream{}
	broken := true
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order, Check: func(ctx context.Context, q *db.Queries, tk task.Task) error {
		if tk.Subject == "poison" && broken {
			_, err := q.TaskByID(ctx, "tsk_none")
			return err
		}
		return nil
	}})
	poison := b.add(task.Params{Kind: "order", Subject: "poison"})
	good := b.add(task.Params{Kind: "order", Subject: "good"})
	b.drain()
	b.wantState(good, task.Done)
	b.wantState(poison, task.Ready)
	for range 6 {
		b.toNext()
		b.drain()
	}
	if got := b.alarms(); len(got) != 1 || got[0] != task.AlarmUnavailable {
		t.Fatalf("a task that can never be looked at rings %v", got)
	}
	broken = false
	b.through()
	b.wantState(poison, task.Done)
	if got := b.alarms(); len(got) != 0 {
		t.Fatalf("%v rings on", got)
	}
}

func TestAPanicIsALostAnswerAndItsTextStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		panic("payload of secrets")
	}})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	got := b.wantState(id, task.Held)
	if !strings.Contains(got.LastError, "panic") || strings.Contains(b.log.String(), "payload of secrets") || !strings.Contains(b.log.String(), "panicked") {
		t.Fatalf("last error %q, log %s", got.LastError, b.log)
	}
}

func TestPayloadsAndResultsAreNeverLogged(t *testing.T) {
	t.Parallel()
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		return task.Progress{Result: "hidden-result"}, nil
	}}, task.Kind{Name: "refused", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		return task.Progress{}, fault.Came(fault.Rejected, "no", "").Because(errors.New("raw hidden-text"))
	}})
	b.add(task.Params{Kind: "order", Payload: "hidden-payload"})
	b.add(task.Params{Kind: "refused", Payload: "hidden-payload"})
	b.through()
	if strings.Contains(b.log.String(), "hidden") {
		t.Fatal(b.log.String())
	}
}
