package task_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hostfront/task"
)

// What a look takes is not taken from the call: one that is cut off leaves a person to find out
// what became of it.
func TestALookTakesNoTimeFromTheCallAfterIt(t *testing.T) {
	t.Parallel()
	var looked, called time.Time
	var leased time.Duration
	var b *bundle
	b = setup(t, task.Kind{
		Name: "order", Queue: "up", Timeout: minute,
		Look: func(ctx context.Context, tk task.Task) (any, error) {
			looked, _ = ctx.Deadline()
			row, err := b.store.Read().TaskByID(ctx, tk.ID)
			leased = row.LeaseUntil.Time().Sub(b.steady.Now())
			return nil, err
		},
		Do: func(ctx context.Context, _ task.Task) (task.Progress, error) {
			called, _ = ctx.Deadline()
			return task.Progress{}, nil
		},
	})
	id := b.add(task.Params{Kind: "order"})
	b.drain()
	b.wantState(id, task.Done)
	if !called.After(looked) {
		t.Errorf("the look may last until %s, the call until %s", looked, called)
	}
	if leased <= 2*minute {
		t.Errorf("the lease lasts %s, the two a minute each", leased)
	}
}

func TestAStopWhileATaskLooksKeepsItsCallForLater(t *testing.T) {
	t.Parallel()
	entered, leave, calls := make(chan struct{}), make(chan struct{}), 0
	b := setup(t, task.Kind{
		Name: "order", Queue: "up",
		Look: func(context.Context, task.Task) (any, error) {
			entered <- struct{}{}
			<-leave
			return nil, nil
		},
		Do: func(context.Context, task.Task) (task.Progress, error) {
			calls++
			return task.Progress{}, nil
		},
	})
	b.start(b.engine)
	id := b.add(task.Params{Kind: "order"})
	<-entered
	stopped := make(chan error)
	go func() { stopped <- b.engine.Stop(context.Background()) }()
	for err := error(nil); !errors.Is(err, task.ErrStopped); { // the stop has begun
		_, err = b.engine.Step(t.Context())
	}
	close(leave)
	b.must(<-stopped)
	if got := b.wantState(id, task.Ready); calls != 0 || got.Attempts > 1 {
		t.Errorf("%d calls, %d attempts", calls, got.Attempts)
	}
}
