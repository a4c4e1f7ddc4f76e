package api

import (
	"context"
	"sync"
	"time"
)

// bounded is the context of a request: it has the peer, and ends at its deadline or
// with the request. The timer behind the deadline is made when somebody first waits
// for it: a page of prebuilt bytes never does, and the timer would be a tenth of it.
type bounded struct {
	context.Context
	timeout time.Duration
	peer    string

	mu     sync.Mutex
	inner  context.Context
	cancel context.CancelFunc
	ended  bool
}

// timed is the context with the timer.
func (b *bounded) timed() context.Context {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.inner == nil {
		b.inner, b.cancel = context.WithTimeout(b.Context, b.timeout)
		if b.ended {
			b.cancel()
		}
	}
	return b.inner
}

// end releases whoever still waits: the request is answered.
func (b *bounded) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.cancel != nil {
		b.cancel()
	}
}

// Deadline is when the request's work must be over.
func (b *bounded) Deadline() (time.Time, bool) { return b.timed().Deadline() }

// Done is closed at the deadline, or when the request is answered.
func (b *bounded) Done() <-chan struct{} { return b.timed().Done() }

// Err says whether that has come.
func (b *bounded) Err() error { return b.timed().Err() }

// Value finds the peer here and all else, the timer's own place included, below.
func (b *bounded) Value(key any) any {
	switch key.(type) {
	case contextKey:
		if key == keyPeer {
			return b.peer
		}
		return b.Context.Value(key)
	}
	return b.timed().Value(key)
}
