package task

import (
	"context"
	"time"

	"hostfront/drain"
)

// ErrStopped is what an engine that was stopped answers.
var ErrStopped = drain.ErrStopped

// callContext is for a call to the outside: it ends after the time-out or when a
// stop has waited long enough, not when the caller of the engine gives up.
func (e *Engine) callContext(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := e.work.Detach(ctx)
	ctx, release := context.WithTimeout(ctx, timeout)
	return ctx, func() { release(); cancel(nil) }
}

// stopping says whether nothing more is to begin.
func (e *Engine) stopping() bool {
	select {
	case <-e.work.Stopping():
		return true
	default:
		return false
	}
}

const patience = 8 // tries to write an outcome, over about half a minute

// patient waits before another try to write an outcome. Under Step nobody waits:
// whoever steps is told at once.
func (e *Engine) patient(try int) bool {
	if !e.work.Started() || try >= patience {
		return false
	}
	pause := time.NewTimer(100 * time.Millisecond << try) // real time: the database is away for real
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-e.work.Running().Done():
		return false
	}
}
