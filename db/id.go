package db

import (
	"crypto/rand"
	"io"
	"sync"

	"github.com/oklog/ulid/v2"

	"hostfront/clock"
)

// ids makes ids that sort by when they were made: within a process each is
// greater than the one before, also in the same millisecond and when the wall
// clock is set back.
type ids struct {
	clock clock.Clock

	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
	last    uint64 // milliseconds of the id before
}

func newIDs(c clock.Clock, entropy io.Reader) *ids {
	return &ids{clock: c, entropy: ulid.Monotonic(entropy, 0)}
}

func (g *ids) next() ulid.ULID {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = max(g.last, ulid.Timestamp(g.clock.Now()))
	for {
		id, err := ulid.New(g.last, g.entropy)
		if err == nil {
			return id
		}
		// Either the millisecond's ids have run out, and the next one has
		// plenty; or the handed-in entropy has ended, and the system's never does.
		if err != ulid.ErrMonotonicOverflow {
			g.entropy = ulid.Monotonic(rand.Reader, 0)
		}
		g.last++
	}
}

// NewID is a new id such as "inv_01J9ZK…": the prefix says of what, the rest is
// a ULID at the business clock's time, greater than every one before it.
func (s *Store) NewID(prefix string) string {
	return prefix + "_" + s.ids.next().String()
}
