package drain

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrStopped is what a group answers that was told to stop.
var ErrStopped = errors.New("stopped")

// grace is how long a stop waits for what it has cut off.
const grace = 5 * time.Second

// Group counts what is under way. Safe for concurrent use.
type Group struct {
	mu       sync.Mutex
	count    int
	started  bool
	stopped  bool
	idle     chan struct{} // closed when stopped and nothing is under way
	stopping chan struct{} // closed when the stop begins

	running context.Context // ends when a stop cuts off what runs
	cutOff  context.CancelFunc
}

// New is a group with nothing under way.
func New() *Group {
	g := &Group{idle: make(chan struct{}), stopping: make(chan struct{})}
	g.running, g.cutOff = context.WithCancel(context.Background())
	return g
}

// Start is true for the first caller, who is to start the loops; after a Stop it
// is ErrStopped.
func (g *Group) Start() (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false, ErrStopped
	}
	first := !g.started
	g.started = true
	return first, nil
}

// Started is true once Start was called.
func (g *Group) Started() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.started
}

// Begin counts something that is to End; false, and not counted, after the stop.
func (g *Group) Begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false
	}
	g.count++
	return true
}

// Join counts something begun by what is counted already; it may, during a stop.
func (g *Group) Join() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
}

// End takes off what Begin or Join counted.
func (g *Group) End() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count--
	if g.stopped && g.count == 0 {
		close(g.idle)
	}
}

// Stopping is closed when the stop begins.
func (g *Group) Stopping() <-chan struct{} { return g.stopping }

// Running ends when a stop has waited long enough.
func (g *Group) Running() context.Context { return g.running }

// Detach is a context that keeps ctx's values and not its end: it ends with the
// cause given to cancel, or with ErrStopped when a stop has waited long enough.
func (g *Group) Detach(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	release := context.AfterFunc(g.running, func() { cancel(ErrStopped) })
	return ctx, func(cause error) { release(); cancel(cause) }
}

// Stop begins nothing more and waits until nothing is under way. When ctx ends
// first, what runs is cut off, has a moment to end, and ctx's error is returned.
// It may be called again.
func (g *Group) Stop(ctx context.Context) error {
	g.begun()
	select {
	case <-g.idle:
		return nil
	case <-ctx.Done():
	}
	g.cutOff()
	moment := time.NewTimer(grace) // real time: a process is waiting to exit
	defer moment.Stop()
	select {
	case <-g.idle:
	case <-moment.C:
	}
	return ctx.Err()
}

func (g *Group) begun() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return
	}
	g.stopped = true
	close(g.stopping)
	if g.count == 0 {
		close(g.idle)
	}
}
