package task_test

import (
	"testing"

	"hostfront/db"
	"hostfront/task"
)

// Each way in which a task comes to its end lets its followers go on: a follower that
// stayed outside the index of what can be claimed would wait for ever.
func TestEveryEndOfATaskLetsItsFollowersGo(t *testing.T) {
	t.Parallel()
	ends := map[string]func(b *bundle, id string){
		"Done": func(b *bundle, id string) { b.through() },
		"SettledOut": func(b *bundle, id string) {
			b.must(b.engine.Settle(b.t.Context(), id, task.Settlement{Outcome: "failed"}))
		},
		"Cancelled": func(b *bundle, id string) { b.must(b.engine.Cancel(b.t.Context(), id, "")) },
		"SubjectCancelled": func(b *bundle, id string) {
			b.tx(func(q *db.Queries) error { return b.engine.CancelSubject(b.t.Context(), q, "lead") })
		},
		"InvoiceVoided": func(b *bundle, id string) {
			b.tx(func(q *db.Queries) error { return b.engine.CancelInvoice(b.t.Context(), q, "inv_lead") })
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			b := setup(t, leading(r.kind("lead")), r.kind("k"))
			p := task.Params{Kind: "lead", Subject: "lead"}
			if name == "InvoiceVoided" {
				p.InvoiceID = "inv_lead"
			}
			first := b.add(p)
			second := b.add(task.Params{Kind: "k", Subject: "s2", AfterTaskID: first})
			if due, _, _ := b.engine.NextDue(t.Context()); name == "InvoiceVoided" && !due.IsZero() {
				t.Fatalf("something is due at %s while the first waits for its money", due)
			}
			end(b, first)
			b.through()
			if got := b.get(second); !got.State.Finished() {
				t.Fatalf("the follower is %s", got.State)
			}
		})
	}
}

func TestNothingWaitsForAKindThatDoesNotLead(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b := setup(t, r.kind("k"))
	first := b.add(task.Params{Kind: "k"})
	err := b.store.Tx(t.Context(), func(q *db.Queries) error {
		_, err := b.engine.Add(t.Context(), q, task.Params{Kind: "k", AfterTaskID: first})
		return err
	})
	if err == nil {
		t.Fatal("the follower of a kind that lets nobody go was taken")
	}
}
