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
	engine *Engine
	queue  string
	slots  int64
	yields bool
	busy   atomic.Int64
	// pressed: the last look found at least as many tasks as there were slots free.
	pressed atomic.Bool
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
		engine: e, queue: queue, slots: int64(slots), yields: slices.Contains(e.yields, queue), breaker: breaker{steady: e.steady},
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
	pause, least := firstLook, int64(1)
	for {
		if l.fill(ctx, least) {
			least = l.worthALook()
			continue
		}
		select {
		case <-l.engine.work.Stopping():
			return
		case <-l.woken:
			least = l.worthALook()
		case <-tick.C:
			least = 1
		case <-l.hinted:
			// The hint comes from inside a transaction, milliseconds before its commit.
			pause, least = firstLook, l.worthALook()
			soon.Reset(pause)
		case <-soon.C:
			least = l.worthALook()
			if pause < lastLook {
				pause *= 2
				soon.Reset(pause)
			}
		}
	}
}

// worthALook is how many slots must be free for a look at the next tasks: under
// pressure a quarter of them, so that a look and its commit are shared. What still
// runs wakes the lane when it ends, and the tick looks whatever is free: it alone
// starts a task of a queue that yields, one each time.
func (l *lane) worthALook() int64 {
	switch {
	case l.yielding():
		return l.slots + 1
	case l.pressed.Load():
		return max(l.slots/4, 1)
	}
	return 1
}

// slotsNow is how many tasks may run at once now.
func (l *lane) slotsNow() int64 {
	if l.yielding() {
		return 1
	}
	return l.slots
}

// yielding says whether the lane leaves the machine to others now.
func (l *lane) yielding() bool { return l.yields && l.engine.pressed() }

// pressed says whether a queue that yields to none has all it can do.
func (e *Engine) pressed() bool {
	for _, l := range e.lanes {
		if !l.yields && l.pressed.Load() {
			return true
		}
	}
	return false
}

// fill claims tasks for the free slots, if at least so many are; true means that
// there may be more.
func (l *lane) fill(ctx context.Context, least int64) bool {
	if l.engine.stopping() {
		return false
	}
	room := l.slotsNow() - l.busy.Load()
	if room < least {
		return false
	}
	free := l.breaker.allows(int(room))
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
	l.pressed.Store(len(seen) >= free)
	// A lane that yields may have come under pressure while it looked.
	seen = seen[:min(int64(len(seen)), max(l.slotsNow()-l.busy.Load(), 0))]
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
