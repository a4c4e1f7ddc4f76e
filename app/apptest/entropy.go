package apptest

import (
	"math/rand/v2"
	"sync"

	"hostfront/app"
)

// Seeded makes a world's ids and jitter the same in every run, so that the same
// boundary is always the k-th. It goes on over a restart, as true randomness does.
func Seeded(seed uint64) Option {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	return drawnFrom(&entropy{next: rand.NewChaCha8(key)})
}

func drawnFrom(source *entropy) Option {
	return func(_ *app.Config, o *app.Options) { o.Entropy = source }
}

// entropy is safe for concurrent use.
type entropy struct {
	mu   sync.Mutex
	next *rand.ChaCha8
}

// copy is another source that goes on from here.
func (e *entropy) copy() *entropy {
	e.mu.Lock()
	defer e.mu.Unlock()
	next := *e.next
	return &entropy{next: &next}
}

// Read never fails.
func (e *entropy) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.next.Read(p)
}
