package task_test

import (
	"context"
	"slices"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// recorder is a kind that notes the order in which its tasks run, and does to
// each what its payload says.
type recorder struct{ ran []string }

func (r *recorder) kind(name string) task.Kind {
	return task.Kind{Name: name, Queue: "up", Idempotent: true, Do: func(_ context.Context, tk task.Task) (task.Progress, error) {
		r.ran = append(r.ran, text(tk.Payload))
		switch text(tk.Payload) {
		case `"refused"`:
			return task.Progress{}, came(fault.Rejected)
		case `"held"`:
			return task.Progress{}, came(fault.Held)
		}
		return task.Progress{}, nil
	}}
}

func TestTasksOfASubjectRunOneAfterTheOther(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, r.kind("k"))
	first := b.add(task.Params{Kind: "k", Subject: "svc", Payload: "held"})
	second := b.add(task.Params{Kind: "k", Subject: "svc", Payload: "second"})
	other := b.add(task.Params{Kind: "k", Subject: "other", Payload: "other"})
	b.through()
	b.wantState(first, task.Held)
	b.wantState(second, task.Ready)
	b.wantState(other, task.Done)
	if err := b.engine.Settle(t.Context(), first, task.Settlement{Outcome: "failed"}); err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(second, task.Done)
	if want := []string{`"held"`, `"other"`, `"second"`}; !slices.Equal(r.ran, want) {
		t.Fatalf("ran %v", r.ran)
	}
}

func TestAnUnpaidTaskHoldsUpNothingAndTakesTheLastPlaceWhenItIsPaid(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, r.kind("k"))
	unsuspend := b.add(task.Params{Kind: "k", Subject: "svc", InvoiceID: "inv_1", Payload: "unsuspend"})
	suspend := b.add(task.Params{Kind: "k", Subject: "svc", Payload: "suspend"})
	b.wantState(unsuspend, task.Blocked)
	b.tx(func(q *db.Queries) error { return b.engine.ReleaseInvoice(t.Context(), q, "inv_1") })
	b.through()
	b.wantState(suspend, task.Done)
	if want := []string{`"suspend"`, `"unsuspend"`}; !slices.Equal(r.ran, want) {
		t.Fatalf("ran %v", r.ran)
	}
}

func TestReleasingAnInvoiceKeepsTheOrderOfItsTasks(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, r.kind("k"))
	for _, name := range []string{"a", "b", "c"} {
		b.add(task.Params{Kind: "k", Subject: "svc", InvoiceID: "inv_1", Payload: name})
	}
	b.add(task.Params{Kind: "k", Subject: "svc", InvoiceID: "inv_2", Payload: "unpaid"})
	b.drain()
	if len(r.ran) != 0 {
		t.Fatalf("ran unpaid: %v", r.ran)
	}
	b.tx(func(q *db.Queries) error { return b.engine.ReleaseInvoice(t.Context(), q, "inv_1") })
	b.tx(func(q *db.Queries) error { return b.engine.ReleaseInvoice(t.Context(), q, "inv_1") })
	b.through()
	if want := []string{`"a"`, `"b"`, `"c"`}; !slices.Equal(r.ran, want) {
		t.Fatalf("ran %v", r.ran)
	}
}

func TestATaskWaitsForItsPredecessor(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, leading(r.kind("k")))
	before := b.add(task.Params{Kind: "k", Subject: "contact", Payload: "held"})
	after := b.add(task.Params{Kind: "k", Subject: "domain", Payload: "after", AfterTaskID: before})
	b.through()
	b.wantState(after, task.Ready)
	if err := b.engine.Settle(t.Context(), before, task.Settlement{Outcome: "done"}); err != nil {
		t.Fatal(err)
	}
	b.through()
	b.wantState(after, task.Done)
}

func TestAFailedPredecessorFailsWhatWaitsForItAllTheWayDown(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	var failed []string
	k := r.kind("k")
	k.Failed = func(_ context.Context, _ *db.Queries, tk task.Task, cause *fault.Outcome) error {
		failed = append(failed, tk.Subject+" "+cause.Code)
		return nil
	}
	b := setup(t, leading(k))
	first := b.add(task.Params{Kind: "k", Subject: "s1", Payload: "refused"})
	second := b.add(task.Params{Kind: "k", Subject: "s2", AfterTaskID: first})
	third := b.add(task.Params{Kind: "k", Subject: "s3", AfterTaskID: second, InvoiceID: "inv_1"})
	b.through()
	b.wantState(third, task.Blocked)
	b.tx(func(q *db.Queries) error { return b.engine.ReleaseInvoice(t.Context(), q, "inv_1") })
	b.through()
	b.wantState(second, task.Failed)
	b.wantState(third, task.Failed)
	want := []string{"s1 code_rejected", "s2 predecessor_failed", "s3 predecessor_failed"}
	if !slices.Equal(failed, want) || len(r.ran) != 1 {
		t.Fatalf("failed %v, ran %v", failed, r.ran)
	}
}

func TestAKindMayAskTheCustomerWhenItsPredecessorFailedAndResumeWithoutIt(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	hosting := r.kind("hosting")
	hosting.PredecessorFailed = func(task.Task) *fault.Outcome {
		return fault.Came(fault.ActionRequired, "name_failed", "Choose another name.")
	}
	b := setup(t, leading(r.kind("k")), hosting)
	first := b.add(task.Params{Kind: "k", Payload: "refused"})
	second := b.add(task.Params{Kind: "hosting", AfterTaskID: first, Payload: "old"})
	b.through()
	b.wantState(second, task.ActionRequired)
	b.tx(func(q *db.Queries) error { return b.engine.Resume(t.Context(), q, second, "another") })
	b.through()
	b.wantState(second, task.Done)
	if want := []string{`"refused"`, `"another"`}; !slices.Equal(r.ran, want) {
		t.Fatalf("ran %v", r.ran)
	}
}

func TestAPredecessorThatIsNotNeededLetsTheNextGoOn(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	known := r.kind("contact")
	known.Check = func(context.Context, *db.Queries, task.Task) error { return task.ErrNotNeeded }
	b := setup(t, leading(known), r.kind("k"))
	first := b.add(task.Params{Kind: "contact"})
	second := b.add(task.Params{Kind: "k", AfterTaskID: first})
	b.through()
	b.wantState(first, task.Cancelled)
	b.wantState(second, task.Done)
}

func TestVoidingAnInvoiceCancelsWhatHangsOnIt(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, r.kind("k"))
	id := b.add(task.Params{Kind: "k", InvoiceID: "inv_1"})
	b.tx(func(q *db.Queries) error { return b.engine.CancelInvoice(t.Context(), q, "inv_1") })
	b.tx(func(q *db.Queries) error { return b.engine.ReleaseInvoice(t.Context(), q, "inv_1") })
	b.through()
	if got := b.wantState(id, task.Cancelled); got.ErrorCode != task.CodeInvoiceVoided || len(r.ran) != 0 {
		t.Fatalf("%+v, ran %v", got, r.ran)
	}
}

func TestCancellingASubjectLeavesWhatMayHaveHappened(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	waits := task.Kind{Name: "waits", Queue: "up",
		Do:   func(context.Context, task.Task) (task.Progress, error) { return task.Progress{Waiting: true}, nil },
		Poll: func(context.Context, task.Task) (task.Progress, error) { return task.Progress{}, nil }}
	b := setup(t, r.kind("k"), waits)
	placed := b.add(task.Params{Kind: "waits", Subject: "svc"})
	b.drain()
	ready := b.add(task.Params{Kind: "k", Subject: "svc"})
	blocked := b.add(task.Params{Kind: "k", Subject: "svc", InvoiceID: "inv"})
	b.tx(func(q *db.Queries) error { return b.engine.CancelSubject(t.Context(), q, "svc") })
	b.wantState(placed, task.Waiting)
	b.wantState(ready, task.Cancelled)
	b.wantState(blocked, task.Cancelled)
}

func TestAClaimOfAKindThatOnlyANewerProcessKnowsKeepsNoOtherFromEnding(t *testing.T) {
	t.Parallel()
	up := &upstream{}
	known, newer := task.Kind{Name: "known", Queue: "up", Idempotent: true, Do: up.order}, task.Kind{Name: "newer", Queue: "up", Do: up.order}
	b := setup(t, known, newer)
	ids := []string{b.add(task.Params{Kind: "newer"}), b.add(task.Params{Kind: "known"})}
	b.tx(func(q *db.Queries) error {
		for i, id := range ids { // claimed by processes that are gone
			_, err := q.TaskClaim(t.Context(), db.TaskClaimParams{
				LeaseToken: "att_" + id, LeaseUntil: db.Instant(i + 1), UpdatedAt: db.At(b.clock.Now()), ID: id, SeenState: "ready",
				NowAt: db.At(b.clock.Now()), MoreAttempts: 1,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	b.engine = b.another(false, known)
	b.drain()
	b.wantState(ids[1], task.Done)
	b.wantState(ids[0], task.Running)
}
