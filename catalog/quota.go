package catalog

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"hostfront/clock"
)

// rememberedClients bounds the memory of quotas; the client that was away longest
// is forgotten first and starts anew.
const rememberedClients = 20_000

// quota counts what each client may ask, in names a minute with a burst.
type quota struct {
	clock clock.Clock
	rate  rate.Limit
	burst int

	mu      sync.Mutex
	clients *lru.Cache[string, *rate.Limiter]
}

func newQuota(conf Config) *quota {
	clients, err := lru.New[string, *rate.Limiter](rememberedClients)
	if err != nil {
		panic("catalog: a constant cache size is refused: " + err.Error())
	}
	return &quota{
		clock: conf.Steady, clients: clients, burst: conf.CheckBurst,
		rate: rate.Every(time.Minute / time.Duration(conf.CheckRate)),
	}
}

// take counts n names for a client; when they do not fit, ok is false, nothing is
// counted, and wait is after how long they would.
func (k *quota) take(client string, n int) (wait time.Duration, ok bool) {
	if client == "" {
		return 0, true
	}
	now := k.clock.Now()
	reservation := k.limiter(client).ReserveN(now, n)
	if !reservation.OK() {
		return time.Minute, false
	}
	wait = reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (k *quota) limiter(client string) *rate.Limiter {
	k.mu.Lock()
	defer k.mu.Unlock()
	if l, ok := k.clients.Get(client); ok {
		return l
	}
	l := rate.NewLimiter(k.rate, k.burst)
	k.clients.Add(client, l)
	return l
}
