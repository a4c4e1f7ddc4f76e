package catalog

import (
	"context"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"hostfront/clock"
	"hostfront/throttle"
	"hostfront/upstream"
)

// verdict is what the upstream said about a name, at a time.
type verdict struct {
	availability upstream.Availability
	pricing      pricing
	exact        *upstream.DomainPrice
	at           time.Time
	// forbidden: the key may not ask.
	forbidden bool
}

// pricing is how the price of an available name came about.
type pricing int

const (
	pricedByTLD   pricing = iota // the upstream quotes no single names
	pricedExactly                // exact holds it; nil there: not sellable
	pricingFailed                // the upstream did not answer
)

// certain verdicts are worth remembering; the others are asked again.
func (v verdict) certain() bool {
	return v.availability != upstream.Uncertain && v.pricing != pricingFailed
}

const (
	rememberedNames = 10_000
	callsAtOnce     = 4 // of one check, when its names need several calls
)

// checks asks the upstream about names: what was answered is remembered shortly, and
// a name that somebody is asking about is not asked again but waited for. (A
// singleflight group would share only equal batches; here the name is what is shared.)
type checks struct {
	clock   clock.Clock
	log     *slog.Logger
	checker upstream.DomainChecker
	pricer  upstream.DomainPricer
	ttl     time.Duration
	timeout time.Duration
	quota   *throttle.Throttle

	mu      sync.Mutex
	known   *lru.Cache[string, verdict]
	flights map[string]*flight
}

// flight is a question to the upstream about one name; the verdict is there when
// done is closed.
type flight struct {
	done    chan struct{}
	verdict verdict
}

func newChecks(conf Config) *checks {
	known, err := lru.New[string, verdict](rememberedNames)
	if err != nil {
		panic("catalog: a constant cache size is refused: " + err.Error())
	}
	return &checks{
		clock: conf.Clock, log: conf.Log, checker: conf.Checker, pricer: conf.Pricer,
		ttl: conf.CheckTTL, timeout: conf.CheckTimeout, quota: throttle.New(throttle.Limit{Burst: conf.CheckBurst, Every: time.Minute / time.Duration(conf.CheckRate)}),
		known: known, flights: map[string]*flight{},
	}
}

// ask gives a verdict for every name. Names that nobody answered before ctx ended are
// uncertain; their question goes on for whoever else waits for it.
func (k *checks) ask(ctx context.Context, names []string) map[string]verdict {
	verdicts := make(map[string]verdict, len(names))
	waiting := map[string]*flight{}
	var mine []string
	now := k.clock.Now()
	k.mu.Lock()
	for _, name := range names {
		if v, ok := k.known.Get(name); ok && now.Sub(v.at) < k.ttl {
			verdicts[name] = v
			continue
		}
		f := k.flights[name]
		if f == nil {
			f = &flight{done: make(chan struct{})}
			k.flights[name] = f
			mine = append(mine, name)
		}
		waiting[name] = f
	}
	k.mu.Unlock()
	if len(mine) > 0 {
		go k.fly(context.WithoutCancel(ctx), mine)
	}
	for name, f := range waiting {
		select {
		case <-f.done:
			verdicts[name] = f.verdict
		case <-ctx.Done():
			verdicts[name] = verdict{availability: upstream.Uncertain}
		}
	}
	return verdicts
}
