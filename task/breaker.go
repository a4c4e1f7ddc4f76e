package task

import (
	"sync"
	"time"

	"hostfront/clock"
)

const (
	breakerFailures = 5 // in a row, until it opens
	breakerFirst    = 5 * time.Second
	breakerCap      = time.Minute
)

// breaker keeps a dead other side from eating a queue's slots: after some
// failures in a row nothing is claimed for a while, then one task tries. It costs
// no task an attempt. Its time is the steady clock's.
type breaker struct {
	steady clock.Clock

	mu       sync.Mutex
	failures int
	opened   time.Duration // how long it was opened last; zero is closed
	until    time.Time
	trying   bool // one task is under way to see whether it is back
}

// allows is how many of n tasks may be claimed now.
func (b *breaker) allows(n int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.opened == 0:
		return n
	case b.trying || b.steady.Now().Before(b.until):
		return 0
	}
	return min(n, 1)
}

// try marks a claim that was allowed while the breaker is open.
func (b *breaker) try() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = b.opened > 0
}

// untried ends a try that made no call.
func (b *breaker) untried() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// record takes in whether the other side answered.
func (b *breaker) record(reached bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	if reached {
		b.failures, b.opened = 0, 0
		return
	}
	b.failures++
	now := b.steady.Now()
	if b.failures < breakerFailures || (b.opened > 0 && now.Before(b.until)) {
		return
	}
	b.opened = min(max(2*b.opened, breakerFirst), breakerCap)
	b.until = now.Add(b.opened)
}

// open is true while nothing is claimed.
func (b *breaker) open() bool { return b.allows(1) == 0 }
