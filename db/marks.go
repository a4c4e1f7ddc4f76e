package db

import (
	"runtime"
	"strconv"
	"sync"
)

// marks remembers which goroutines are inside a transaction's closure. The
// closure is given only q, never a context to carry a mark, so the goroutine is
// what tells a nested call from one beside it. A goroutine that the closure
// itself starts is not seen.
type marks struct {
	inside sync.Map // goroutine id -> struct{}
}

// here is true when the calling goroutine is inside a transaction.
func (m *marks) here() bool {
	_, in := m.inside.Load(goroutineID())
	return in
}

// enter marks the calling goroutine until leave is called.
func (m *marks) enter() (leave func()) {
	id := goroutineID()
	m.inside.Store(id, struct{}{})
	return func() { m.inside.Delete(id) }
}

// goroutineID reads the number off the first line of the goroutine's own stack
// trace, "goroutine 42 [running]:", which the runtime gives no other way.
func goroutineID() uint64 {
	var buf [40]byte
	line := buf[:runtime.Stack(buf[:], false)]
	const prefix = len("goroutine ")
	end := prefix
	for end < len(line) && line[end] >= '0' && line[end] <= '9' {
		end++
	}
	id, err := strconv.ParseUint(string(line[prefix:end]), 10, 64)
	if err != nil {
		panic("db: the runtime's stack trace no longer starts with the goroutine's number")
	}
	return id
}
