package review_test

import (
	"strings"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/review"
	"hostfront/tally"
	"hostfront/task"
)

const day = 24 * time.Hour

// bench is an engine that knows the kind of the questions and nothing else.
type bench struct {
	t      *testing.T
	store  *db.Store
	clock  *clock.Manual
	events *event.Log
	tasks  *task.Engine
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, clock: clock.NewManual(dbtest.Start())}
	b.store = dbtest.Open(t, func(o *db.Options) { o.Clock = b.clock })
	b.events = event.New(b.store, b.clock)
	b.tasks = task.New(task.Config{Store: b.store, Clock: b.clock, Steady: b.clock, SoleOwner: true, Alarm: b.events.TaskAlarm})
	b.tasks.Register(review.TaskKind(b.events))
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) ask(q review.Question) (id string) {
	b.t.Helper()
	b.must(b.store.Tx(b.t.Context(), func(tx *db.Queries) (err error) {
		id, err = review.Ask(b.t.Context(), tx, b.tasks, q)
		return err
	}))
	return id
}

func (b *bench) get(id string) task.Task {
	b.t.Helper()
	got, err := b.tasks.Get(b.t.Context(), nil, id)
	b.must(err)
	return got
}

// at moves the clock forward to t.
func (b *bench) at(t time.Time) { b.clock.Advance(t.Sub(b.clock.Now())) }

// alarms are the open ones, as code: message.
func (b *bench) alarms() string {
	b.t.Helper()
	open, err := b.events.OpenAlarms(b.t.Context(), "", 100)
	b.must(err)
	var lines []string
	for _, a := range open {
		lines = append(lines, a.Code+": "+a.Message)
	}
	return strings.Join(lines, "\n")
}

func (b *bench) remind() *tally.Report {
	b.t.Helper()
	r, err := review.Remind(b.t.Context(), b.store, b.tasks, b.events)
	b.must(err)
	return r
}

var unowned = review.Question{
	Code: "domain_unowned", Subject: "example.nl", Message: "Nobody has example.nl.",
	Deadline: dbtest.Start().Add(20 * day), Details: map[string]string{"expires": "2026-02-20"},
}

func TestAQuestionIsHeldFromBirthAndRings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.get(b.ask(unowned))
	if got.State != task.Held || got.ErrorCode != "domain_unowned" || got.Message != unowned.Message || got.Kind != "operator.review" {
		t.Fatalf("the task: %+v", got)
	}
	if p, err := review.Of(got); err != nil || p.About != "example.nl" || !p.Deadline.Equal(unowned.Deadline) || p.Details["expires"] != "2026-02-20" {
		t.Errorf("the question: %+v %v", p, err)
	}
	if !strings.Contains(b.alarms(), "task.held: operator.review for review:domain_unowned:example.nl") {
		t.Errorf("alarms: %s", b.alarms())
	}
	if did, err := b.tasks.Step(t.Context()); did || err != nil {
		t.Errorf("a question was claimed: %v %v", did, err)
	}
}

func TestAQuestionIsOpenOnceAndSaysTheLatest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.ask(unowned)
	later := unowned
	later.Message = "Still nobody has example.nl."
	if again := b.ask(later); again != first {
		t.Fatalf("asked twice: %s and %s", first, again)
	}
	if got := b.get(first); got.Message != later.Message || got.LastError != "held (domain_unowned): "+later.Message {
		t.Errorf("it says %q, %q", got.Message, got.LastError)
	}
	b.must(b.tasks.Retry(t.Context(), first))
	if _, err := b.tasks.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.get(first); got.State != task.Held || got.Message != later.Message {
		t.Errorf("retried, it is %s and says %q", got.State, got.Message)
	}
}

func TestAQuestionEndsByItselfWhenItsReasonHasGone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.ask(unowned)
	over := func() (ended bool) {
		b.must(b.store.Tx(t.Context(), func(q *db.Queries) (err error) {
			ended, err = review.Answered(t.Context(), q, b.tasks, "domain_unowned", "example.nl", "the name is not on the account any more")
			return err
		}))
		return ended
	}
	if !over() || over() {
		t.Fatal("it ends once")
	}
	journal, err := b.tasks.Journal(t.Context(), first)
	b.must(err)
	if got := b.get(first); got.State != task.Cancelled || got.ErrorCode != task.CodeNotNeeded || len(journal) != 1 ||
		!strings.Contains(string(journal[0].Notes[0].Value), "not on the account any more") || b.alarms() != "" {
		t.Errorf("it is %s (%s), journal %+v, alarms %q", got.State, got.ErrorCode, journal, b.alarms())
	}
	if again := b.ask(unowned); again == first {
		t.Error("what comes back is another question")
	}
}

func TestAnAnswerStandsForAWhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(b *bench, id string) error
		stands time.Duration
	}{
		"Settled": {func(b *bench, id string) error {
			return b.tasks.Settle(b.t.Context(), id, task.Settlement{Outcome: "done"})
		}, day},
		"Failed": {func(b *bench, id string) error {
			return b.tasks.Settle(b.t.Context(), id, task.Settlement{Outcome: "failed"})
		}, day},
		"Cancelled": {func(b *bench, id string) error { return b.tasks.Cancel(b.t.Context(), id, "it is ours") }, 30 * day},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			first := b.ask(unowned)
			b.must(c.answer(b, first))
			b.at(dbtest.Start().Add(c.stands - time.Second))
			if b.ask(unowned) != first || !b.get(first).State.Finished() {
				t.Error("asked again although it was answered")
			}
			b.at(dbtest.Start().Add(c.stands))
			if b.ask(unowned) == first {
				t.Error("never asked again")
			}
		})
	}
}

func TestTheAlarmGrowsLouderBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ask(unowned)
	for _, step := range []struct {
		left time.Duration
		says string
	}{
		{8 * day, ""}, {6 * day, "less than 7 days left"}, {5 * day, "less than 7 days left"}, {2 * day, "less than 3 days left"},
		{time.Hour, "less than a day left"}, {-time.Hour, "too late by 0 days"}, {-25 * time.Hour, "too late by 1 days"},
	} {
		b.at(unowned.Deadline.Add(-step.left))
		b.remind()
		if loud := strings.Contains(b.alarms(), "review.deadline"); loud != (step.says != "") || !strings.Contains(b.alarms(), step.says) {
			t.Errorf("%s before: %s", step.left, b.alarms())
		}
	}
	open, err := b.events.OpenAlarms(t.Context(), "", 10)
	b.must(err)
	if len(open) != 2 || open[1].Raises != 5 {
		t.Errorf("it rang %+v", open)
	}
	b.must(b.tasks.Settle(t.Context(), id, task.Settlement{Outcome: "done", Note: "switched off"}))
	if b.alarms() != "" {
		t.Errorf("after the answer: %s", b.alarms())
	}
}
