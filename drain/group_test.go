package drain_test

import (
	"context"
	"errors"
	"testing"

	"hostfront/drain"
)

func TestAStopWaitsForWhatRunsAndBeginsNothingMore(t *testing.T) {
	t.Parallel()
	g := drain.New()
	if !g.Begin() {
		t.Fatal("refused before the stop")
	}
	stopped := make(chan error, 1)
	go func() { stopped <- g.Stop(context.Background()) }()
	<-g.Stopping()
	if g.Begin() {
		t.Fatal("begun after the stop")
	}
	g.Join() // what runs may still branch
	g.End()
	select {
	case <-stopped:
		t.Fatal("the stop did not wait")
	default:
	}
	g.End()
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if err := g.Stop(t.Context()); err != nil {
		t.Fatalf("the second stop: %v", err)
	}
	if _, err := g.Start(); !errors.Is(err, drain.ErrStopped) {
		t.Fatalf("started after the stop: %v", err)
	}
}

func TestAStopThatTakesTooLongCutsOffWhatRuns(t *testing.T) {
	t.Parallel()
	g := drain.New()
	caller, giveUp := context.WithCancel(t.Context())
	giveUp()
	ctx, cancel := g.Detach(caller)
	defer cancel(nil)
	if ctx.Err() != nil {
		t.Fatal("the caller's end ended it")
	}
	g.Begin()
	go func() {
		defer g.End()
		<-ctx.Done()
	}()
	if err := g.Stop(caller); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if !errors.Is(context.Cause(ctx), drain.ErrStopped) {
		t.Fatal(context.Cause(ctx))
	}
}

func TestOnlyTheFirstStartStarts(t *testing.T) {
	t.Parallel()
	g := drain.New()
	first, err := g.Start()
	again, err2 := g.Start()
	if !first || again || err != nil || err2 != nil || !g.Started() {
		t.Fatal(first, again, err, err2)
	}
}
