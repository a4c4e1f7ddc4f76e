package cron

import (
	"context"
	"errors"
	"sync"
)

// ErrStopped is what a schedule that was stopped answers.
var ErrStopped = errors.New("the schedule is stopped")

// work counts the jobs under way in this process, so that a stop can wait for
// them.
type work struct {
	mu       sync.Mutex
	count    int
	started  bool
	stopped  bool
	idle     chan struct{} // closed when stopped and nothing is under way
	stopping chan struct{} // closed when the stop begins

	jobs   context.Context // ends when a stop has waited long enough
	cutOff context.CancelFunc
}

func (w *work) init() {
	w.idle, w.stopping = make(chan struct{}), make(chan struct{})
	w.jobs, w.cutOff = context.WithCancel(context.Background())
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

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count--
	if w.stopped && w.count == 0 {
		close(w.idle)
	}
}

// start is true for the one that may start the loop.
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

// jobContext ends when a stop has waited long enough, or with a cause of its own;
// not when whoever asked for the job gives up.
func (w *work) jobContext(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	release := context.AfterFunc(w.jobs, func() { cancel(ErrStopped) })
	return ctx, func(cause error) { release(); cancel(cause) }
}
