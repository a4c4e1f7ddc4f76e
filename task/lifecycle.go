package task

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Start starts the workers. It refuses when a kind is wrong, or when the table
// holds unfinished tasks of a kind that nobody registered. Starting twice is
// starting once; after a Stop it is ErrStopped. The context lends its values
// only: Stop ends the workers.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.check(ctx); err != nil {
		return err
	}
	if err := e.adopt(ctx); err != nil {
		return err
	}
	first, err := e.work.Start()
	if err != nil || !first {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for _, l := range e.lanesByName() {
		e.serve(func() { l.serve(ctx) })
	}
	e.serve(func() { e.serveSweeps(ctx) })
	return nil
}

// serve runs a loop that Stop waits for.
func (e *Engine) serve(loop func()) {
	if !e.work.Begin() {
		return
	}
	go func() {
		defer e.work.End()
		loop()
	}()
}

func (e *Engine) check(ctx context.Context) error {
	if e.wrong != nil {
		return e.wrong
	}
	open, err := e.store.Read().TaskOpenKinds(ctx)
	if err != nil {
		return fmt.Errorf("read the kinds of the unfinished tasks: %w", err)
	}
	var stray []string
	for _, o := range open {
		k := e.kinds[o.Kind]
		switch {
		case k == nil, e.lanes[o.Queue] == nil && len(k.Queues) == 0:
			stray = append(stray, o.Kind+" (queue "+o.Queue+")")
		default:
			// A gateway that is no longer configured: its handler says what becomes of it.
			e.lane(o.Queue)
		}
	}
	if len(stray) > 0 {
		return fmt.Errorf("there are unfinished tasks of a kind or queue that nobody registered: %s", strings.Join(stray, ", "))
	}
	return nil
}

// Stop claims nothing more and waits for what runs. When ctx ends first, the
// calls under way are cut off, their outcomes are written, and ctx's error is
// returned. It may be called twice, and without a Start.
func (e *Engine) Stop(ctx context.Context) error {
	if err := e.work.Stop(ctx); err != nil {
		return fmt.Errorf("stop the task engine: %w", err)
	}
	return nil
}

// lanesByName are the queues in a fixed order.
func (e *Engine) lanesByName() []*lane {
	lanes := make([]*lane, 0, len(e.lanes))
	for _, l := range e.lanes {
		lanes = append(lanes, l)
	}
	slices.SortFunc(lanes, func(a, b *lane) int { return strings.Compare(a.queue, b.queue) })
	return lanes
}
