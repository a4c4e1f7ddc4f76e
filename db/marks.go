package db

import (
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// marks remembers which goroutines are inside a transaction's closure. The
// closure is given only q, never a context to carry a mark, so the goroutine is
// what tells a nested call from one beside it. A goroutine that the closure
// itself starts is not seen.
type marks struct {
	// count is how many are inside. While nobody is, nobody needs to ask who
	// they are, which costs microseconds and more on a deep stack.
	count  atomic.Int64
	inside sync.Map // goroutine id -> struct{}
}

// here is true when the calling goroutine is inside a transaction.
func (m *marks) here() bool {
	if m.count.Load() == 0 {
		return false
	}
	_, in := m.inside.Load(goroutineID())
	return in
}

// enter marks the goroutine with this id, the caller's own, until leave.
func (m *marks) enter(id uint64) {
	m.inside.Store(id, struct{}{})
	m.count.Add(1)
}

func (m *marks) leave(id uint64) {
	m.count.Add(-1)
	m.inside.Delete(id)
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
