package throttle

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// remembered is how many keys one throttle remembers: the least recently seen is
// forgotten first, so that memory stays bounded.
const remembered = 20_000

// Limit is a bucket of Burst tries that gets one back every Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// Throttle counts tries by key. Safe for concurrent use.
type Throttle struct {
	limit Limit

	mu      sync.Mutex
	buckets *lru.LRU[string, *rate.Limiter]
}

// New is a throttle of a limit for each key.
func New(l Limit) *Throttle {
	buckets, err := lru.NewLRU[string, *rate.Limiter](remembered, nil)
	if err != nil {
		panic("throttle: a constant size is refused: " + err.Error())
	}
	return &Throttle{limit: l, buckets: buckets}
}

// Take uses up n tries of a key. When they do not fit, ok is false, nothing is
// used up, and wait is after how long they would. The empty key (a client whose
// address is not known) is not limited.
func (t *Throttle) Take(now time.Time, key string, n int) (wait time.Duration, ok bool) {
	if key == "" {
		return 0, true
	}
	reservation := t.bucket(key).ReserveN(now, n)
	if !reservation.OK() {
		return t.limit.Every * time.Duration(n), false
	}
	if wait = reservation.DelayFrom(now); wait <= 0 {
		return 0, true
	}
	reservation.CancelAt(now)
	return wait, false
}

// Give returns n tries of a key that were taken for something that did not come about.
func (t *Throttle) Give(now time.Time, key string, n int) {
	if key == "" {
		return
	}
	t.bucket(key).ReserveN(now, -n) // a bucket never holds more than its burst
}

// Forget gives a key its whole bucket back, such as after a try that succeeded.
func (t *Throttle) Forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buckets.Remove(key)
}

func (t *Throttle) bucket(key string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.buckets.Get(key); ok {
		return b
	}
	b := rate.NewLimiter(rate.Every(t.limit.Every), t.limit.Burst)
	t.buckets.Add(key, b)
	return b
}
