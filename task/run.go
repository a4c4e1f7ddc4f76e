package task

import (
	"context"
	"time"

	"hostfront/db"
)

const (
	// runGrace is how long Run waits, beyond the kind's timeout, when its caller
	// has no deadline.
	runGrace = 5 * time.Second
	// inlineShare bounds, in slots of the queue, what runs at once when customers wait
	// for it: an inline run does not queue behind the slots that workers have taken, and
	// the other side never sees more than so many times as many calls.
	inlineShare = 2
	// elsewhereEvery is how often Run looks at a task that another process runs.
	elsewhereEvery = 100 * time.Millisecond
)

// Run runs a committed task now, for a request whose answer carries the effect,
// and gives the task as one try leaves it. A worker may be faster; then its try
// is waited for. When ctx ends first, or the other side is known to be away, it
// gives the task as it is: pending. The try goes on.
func (e *Engine) Run(ctx context.Context, id string) (Task, error) {
	if err := e.adopt(ctx); err != nil {
		return Task{}, err
	}
	// A caller whose time is over gets the task as it is as well.
	row, err := e.row(context.WithoutCancel(ctx), e.store.Read(), id)
	if err != nil {
		return Task{}, err
	}
	kind, err := e.kind(row.Kind)
	if err != nil {
		return Task{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, kind.Timeout+runGrace)
	defer cancel()
	if err := e.runOnce(waiting, kind, row); err != nil {
		return Task{}, err
	}
	return e.Get(context.WithoutCancel(ctx), nil, id)
}

// runOnce returns when a try of the task has ended, when none is going to be
// made now, or when ctx has ended.
func (e *Engine) runOnce(ctx context.Context, kind *Kind, row db.Task) error {
	tick := time.NewTicker(elsewhereEvery) // real time: it only says when to look
	defer tick.Stop()
	for tries := row.Tries; e.pending(row, tries); {
		ended, forget := e.news.of(row.ID)
		goes, err := e.startInline(ctx, kind, row)
		if err != nil || !goes {
			forget()
			return ignoreEnd(ctx, err)
		}
		select {
		case <-ended:
			return nil
		case <-tick.C:
		case <-ctx.Done():
		}
		forget()
		if ctx.Err() != nil {
			return nil
		}
		if row, err = e.row(ctx, e.store.Read(), row.ID); err != nil {
			return ignoreEnd(ctx, err)
		}
	}
	return nil
}

// pending is true while a first try is to come or under way.
func (e *Engine) pending(row db.Task, tries int64) bool {
	switch State(row.State) {
	case Running:
		return true
	case Ready:
		return row.Tries == tries && row.RunAt <= db.At(e.clock.Now())
	}
	return false
}

// startInline claims the task and starts it, if it can be claimed: the caller
// waits for it as for a try made elsewhere. False means that none is going to be
// made now: the engine stops, or the other side is away.
func (e *Engine) startInline(ctx context.Context, kind *Kind, row db.Task) (bool, error) {
	if State(row.State) != Ready {
		return true, nil
	}
	l := e.laneOf(kind, row.Queue)
	if l.busy.Load() >= inlineShare*l.slots {
		return true, nil // it waits for its turn, as long as its caller does
	}
	if l.breaker.open() || !e.work.Begin() {
		return false, nil
	}
	defer e.work.End()
	claims, err := e.claimAll(ctx, []db.Task{row})
	if err != nil {
		return false, err
	}
	for _, c := range claims {
		l.start(ctx, c)
	}
	return true, nil
}

// ignoreEnd drops an error that only says that the caller's time is up.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
