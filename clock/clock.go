// Package clock owns time: the business clock that the demo and the tests can
// move, and the steady clock for leases and time-outs that nothing moves.
//
// It is the only package that reads the wall clock. It does not own schedules
// (package cron) nor how instants are stored (db.Instant).
package clock

import (
	"sync"
	"time"
)

// Clock tells what time it is, in UTC and to the millisecond: the precision the
// database keeps.
type Clock interface {
	Now() time.Time
}

// System is the wall clock.
type System struct{}

// Now is the wall clock's time, in UTC, to the millisecond.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Movable is a clock that runs ahead of another by an offset. The shop's own
// time is one: the demo and the tests move it through years, the offset is kept
// in the database. It never goes back. Safe for concurrent use.
type Movable struct {
	base Clock

	mu     sync.RWMutex
	offset time.Duration
}

// NewMovable is a clock ahead of base by offset.
func NewMovable(base Clock, offset time.Duration) *Movable {
	return &Movable{base: base, offset: offset}
}

// Now is the base's time plus the offset.
func (m *Movable) Now() time.Time {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.base.Now().Add(m.offset)
}

// Offset is how far the clock runs ahead.
func (m *Movable) Offset() time.Duration {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.offset
}

// SetOffset moves the clock to run ahead by d. A smaller offset than the present
// one is ignored: time in the shop does not go back.
func (m *Movable) SetOffset(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.offset = max(m.offset, d)
}

// Manual is a clock that stands still until it is set: the tests' clock.
// Safe for concurrent use.
type Manual struct {
	mu  sync.RWMutex
	now time.Time
}

// NewManual is a clock that stands at t.
func NewManual(t time.Time) *Manual {
	return &Manual{now: t.UTC().Truncate(time.Millisecond)}
}

// Now is the instant the clock stands at.
func (m *Manual) Now() time.Time {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.now
}

// Advance moves the clock forward by d.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d).Truncate(time.Millisecond)
}
