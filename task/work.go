package task

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrStopped is what an engine that was stopped answers.
var ErrStopped = errors.New("the task engine is stopped")

// work counts what is under way in this process, so that a stop can wait for it.
type work struct {
	mu       sync.Mutex
	count    int
	started  bool
	stopped  bool
	idle     chan struct{} // closed when stopped and nothing is under way
	stopping chan struct{} // closed when the stop begins

	calls  context.Context // ends when a stop has waited long enough
	cutOff context.CancelFunc
}

func (w *work) init() {
	w.idle, w.stopping = make(chan struct{}), make(chan struct{})
	w.calls, w.cutOff = context.WithCancel(context.Background())
}

// begin counts something under way; false after the stop.
func (w *work) begin() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return false
	}
	w.count++
	return true
}

// join counts something started by what is counted already.
func (w *work) join() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
}

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count--
	if w.stopped && w.count == 0 {
		close(w.idle)
	}
}

// start is true for the one that may start the workers.
func (w *work) start() (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return false, ErrStopped
	}
	first := !w.started
	w.started = true
	return first, nil
}

// stop begins the stop; only its first caller closes anything.
func (w *work) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.stopped = true
	close(w.stopping)
	if w.count == 0 {
		close(w.idle)
	}
}

// callContext is for a call to the outside: it ends after the time-out or when a
// stop has waited long enough, not when the caller of the engine gives up.
func (w *work) callContext(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	release := context.AfterFunc(w.calls, cancel)
	return ctx, func() { release(); cancel() }
}

const patience = 8 // tries to write an outcome, over about half a minute

// patient waits before another try to write an outcome. Under Step nobody waits:
// whoever steps is told at once.
func (w *work) patient(try int) bool {
	w.mu.Lock()
	started := w.started
	w.mu.Unlock()
	if !started || try >= patience {
		return false
	}
	pause := time.NewTimer(100 * time.Millisecond << try) // real time: the database is away for real
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-w.calls.Done():
		return false
	}
}
