package review

import (
	"context"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// AlarmDeadline is the alarm of a question whose deadline is near; its subject is the
// task's id.
const AlarmDeadline = "review.deadline"

// TaskKind is the kind of the questions, to be registered with the engine. However one
// is ended, its alarm of the deadline ends with it.
func TaskKind(events *event.Log) task.Kind {
	quiet := func(ctx context.Context, q *db.Queries, t task.Task) error {
		return events.Clear(ctx, q, AlarmDeadline, t.ID)
	}
	return task.Kind{
		Name: Kind, Queue: Queue, Idempotent: true, Do: stillOpen, Done: quiet, Cancelled: quiet,
		Failed: func(ctx context.Context, q *db.Queries, t task.Task, _ *fault.Outcome) error { return quiet(ctx, q, t) },
	}
}

// stillOpen is a retry: there is nothing to call, so that the question is put again.
func stillOpen(_ context.Context, t task.Task) (task.Progress, error) {
	p, err := Of(t)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Held, "payload", "").Because(err)
	}
	return task.Progress{}, fault.Came(fault.Held, p.Code, p.Message)
}
