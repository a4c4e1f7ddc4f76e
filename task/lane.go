package task

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"hostfront/db"
)

// lane is one queue's worker: it claims as many tasks at once as it has slots
// free, and each runs on a goroutine of its own.
type lane struct {
	engine  *Engine
	queue   string
	slots   int64
	busy    atomic.Int64
	breaker breaker
	// woken: a task became ready in a commit that is through, or a slot is free.
	// hinted: one is becoming ready in a transaction that is not through yet.
	woken, hinted chan struct{}
}

func newLane(e *Engine, queue string) *lane {
	slots := e.slots[queue]
	if slots <= 0 {
		slots = DefaultSlots
	}
	return &lane{
		engine: e, queue: queue, slots: int64(slots), breaker: breaker{steady: e.steady},
		woken: make(chan struct{}, 1), hinted: make(chan struct{}, 1),
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // it has not looked since the signal before
	}
}

const (
	lookEvery = time.Second
	// firstLook is the pause between two looks that found nothing, and the first
	// of the pauses after a hint; they double up to lastLook.
	firstLook = 2 * time.Millisecond
	lastLook  = 256 * time.Millisecond
)

// serve claims and starts tasks until the engine stops. Its timers are real ones:
// they only say when to look, what is due the clocks decide.
func (l *lane) serve(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	soon := time.NewTimer(firstLook)
	defer soon.Stop()
	pause := firstLook
	for {
		if l.fill(ctx) {
			continue
		}
		select {
		case <-l.engine.work.Stopping():
			return
		case <-l.woken:
		case <-tick.C:
		case <-l.hinted:
			// The hint comes from inside a transaction, milliseconds before its commit.
			pause = firstLook
			soon.Reset(pause)
		case <-soon.C:
			if pause < lastLook {
				pause *= 2
				soon.Reset(pause)
			}
		}
	}
}

// fill claims tasks for the free slots; true means that there may be more.
func (l *lane) fill(ctx context.Context) bool {
	select {
	case <-l.engine.work.Stopping():
		return false
	default:
	}
	free := l.breaker.allows(int(l.slots - l.busy.Load()))
	if free <= 0 {
		return false
	}
	claims, err := l.claim(ctx, free)
	if err != nil {
		l.engine.log.Error("claiming tasks failed", "queue", l.queue, "error", err)
		return false
	}
	for _, c := range claims {
		l.start(ctx, c)
	}
	return len(claims) > 0
}

func (l *lane) claim(ctx context.Context, free int) ([]claim, error) {
	seen, err := l.engine.due(ctx, l.queue, free)
	if err != nil {
		return nil, err
	}
	// A newer process beside this one may have kinds that are not known here.
	seen = slices.DeleteFunc(seen, func(r db.Task) bool { return l.engine.kinds[r.Kind] == nil })
	return l.engine.claimAll(ctx, seen)
}

// start runs a claimed task beside the others.
func (l *lane) start(ctx context.Context, c claim) {
	l.busy.Add(1)
	l.breaker.try()
	l.engine.work.Join()
	go func() {
		defer l.engine.work.End()
		defer func() {
			l.busy.Add(-1)
			signal(l.woken)
		}()
		if err := l.engine.perform(ctx, c); err != nil {
			l.engine.log.Error("task outcome not written", "task", c.row.ID, "kind", c.row.Kind, "error", err)
		}
	}()
}

// due are the tasks of a queue that can be claimed now, the longest due first.
func (e *Engine) due(ctx context.Context, queue string, most int) ([]db.Task, error) {
	rows, err := e.store.Read().TasksClaimable(ctx, db.TasksClaimableParams{
		Queue: queue, NowAt: db.At(e.clock.Now()), MaxRows: int64(most),
	})
	if err != nil {
		return nil, fmt.Errorf("look for tasks of %s: %w", queue, err)
	}
	return rows, nil
}
