package task

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// ErrNotNeeded is what a Check returns when the reason for the task has gone, or a Poll when
// there is nothing to wait for any more: it is cancelled, and whatever waits for it goes on as if
// it were done.
var ErrNotNeeded = errors.New("the task is not needed any more")

// Kind is a sort of task and its handlers. A handler that gets a context alone
// talks to the outside world; one that gets a *db.Queries runs inside a
// transaction and touches nothing else.
//
// An error from a handler that carries a *fault.Outcome decides what becomes of
// the task. One that does not is Unknown from Do and Unavailable from the others.
// A panic counts as such an error.
type Kind struct {
	// Name is stable: it is stored with the task. Queue names whom it talks to.
	Name, Queue string
	// Queues are whom else it may talk to, chosen by Params.Queue: a payment's gateway.
	// Each has slots and a breaker of its own, so that one that is away keeps no other
	// waiting.
	Queues []string
	// Leads says that tasks may wait for one of this kind (Params.AfterTaskID).
	Leads bool
	// Passing says that nothing looks back at one that is over and nothing asks for it anew:
	// Prune deletes it. No task waits for such a one.
	Passing bool
	// Idempotent kinds are simply done again when the answer was lost.
	Idempotent bool
	// Timeout bounds each call of a try: Look, and what comes after it. Zero is 30 seconds.
	Timeout time.Duration
	// Backoff is the pause after so many tries in a row that came to nothing, and
	// PollEvery the pause after so many polls. Nil is a sensible default.
	Backoff   func(attempt int) time.Duration
	PollEvery func(poll int) time.Duration
	// AlarmAfter is how long a task may wait for the other side before an
	// operator is told. Zero is never.
	AlarmAfter time.Duration

	// Check looks at the reason again, in the transaction of the claim, and only
	// reads. ErrNotNeeded cancels the task; a *fault.Outcome ends it so, without
	// a call.
	Check func(ctx context.Context, q *db.Queries, t Task) error
	// Look sees how the outside stands before a call that must not happen twice.
	// What it returns is kept before the call is made, for Reconcile.
	Look func(ctx context.Context, t Task) (any, error)
	// Do makes the call.
	Do func(ctx context.Context, t Task) (Progress, error)
	// Poll asks how far a placed task is. Rejected means that the thing itself has
	// failed, so a read that is refused must not be passed on as such; ErrNotNeeded
	// cancels the task.
	Poll func(ctx context.Context, t Task) (Progress, error)
	// Reconcile finds out whether a call whose answer was lost took effect. look is
	// nil when there was none. Without a Reconcile such a task is held.
	Reconcile func(ctx context.Context, t Task, look json.RawMessage) (Verdict, error)

	// Done writes what follows, in the outcome's transaction; t.Result is set. It
	// is tried again for as long as it fails.
	Done func(ctx context.Context, q *db.Queries, t Task) error
	// Failed does the same for a task that finally failed.
	Failed func(ctx context.Context, q *db.Queries, t Task, cause *fault.Outcome) error
	// ActionRequired is there to tell the customer.
	ActionRequired func(ctx context.Context, q *db.Queries, t Task, cause *fault.Outcome) error
	// Cancelled writes what follows when an operator cancels it, in the transaction of
	// that; an error refuses it.
	Cancelled func(ctx context.Context, q *db.Queries, t Task) error
	// Believe looks at what an operator says came of a task, settled as done or placed, in the
	// transaction of that: t.Result is what would be kept and t.State what it would become (Done,
	// or Waiting where it is placed), tries are all there were. An error refuses it.
	Believe func(ctx context.Context, q *db.Queries, t Task, tries []Attempt) error
	// PredecessorFailed says what becomes of t when the task it waits for failed or
	// was cancelled. Nil, or a nil answer, fails it too.
	PredecessorFailed func(t Task) *fault.Outcome
}

// Progress is how far a call brought a task.
type Progress struct {
	// Result is kept with the task as JSON; nil leaves what is kept.
	Result any
	// Waiting means that the other side has taken it on and is asked again through
	// Poll; otherwise it is done.
	Waiting bool
	// LookBy is when the other side is expected to have done it: it is asked then, if PollEvery
	// would not ask before. Zero is no such time; one that has passed counts as none.
	LookBy time.Time
}

// Verdict is what a Reconcile found.
type Verdict struct {
	answer   verdictAnswer
	progress Progress
}

type verdictAnswer string

const (
	answerUnclear verdictAnswer = ""
	answerYes     verdictAnswer = "yes"
	answerNo      verdictAnswer = "no"
)

// No: provably it did not happen (the other side refuses duplicates, or the
// request was never written). It is done again. Absence alone is no proof.
var No = Verdict{answer: answerNo}

// Unclear: it cannot be told yet. It is asked again a few times, then held.
var Unclear = Verdict{answer: answerUnclear}

// Yes: it happened, and has come this far.
func Yes(p Progress) Verdict { return Verdict{answer: answerYes, progress: p} }

const defaultTimeout = 30 * time.Second

// longest is how long one try may take.
func (k *Kind) longest() time.Duration {
	if k.looks() {
		return 2 * k.Timeout
	}
	return k.Timeout
}

func (k Kind) withDefaults() Kind {
	if k.Timeout <= 0 {
		k.Timeout = defaultTimeout
	}
	if k.Backoff == nil {
		k.Backoff = defaultBackoff
	}
	if k.PollEvery == nil {
		k.PollEvery = defaultPollEvery
	}
	return k
}
