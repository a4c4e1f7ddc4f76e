package service

import (
	"cmp"
	"context"
	"sync"
	"time"

	"hostfront/clock"
	"hostfront/upstream"
)

// listingTimeout bounds one reading of the list of sites, whoever waits for it.
const listingTimeout = 30 * time.Second

// siteListing reads the list of all sites for many deliveries at once: it is the only
// way to find the sites of a domain, and grows with the account. Who asks while it is
// being read waits for the next reading, together with all who do: what anybody gets
// was asked for after they came, as if they had asked alone. After a reading it rests,
// the longer the more there was to read, so that a large account is not read all day.
type siteListing struct {
	mu      sync.Mutex
	reading bool
	next    *siteReading
	// current is being read.
	current *siteReading
	// latest is what was read last, as long as it is young enough for a look.
	latest *siteReading
	// alone: nobody asks beside anybody else. Then each look is a reading, and none rests: what
	// a look sees hangs on the shop's time alone.
	alone bool
}

// siteReading is one reading, begun or not.
type siteReading struct {
	done  chan struct{}
	sites []upstream.Site
	err   error
}

// rest is how long a reading of so many sites may be shown to who looks before an
// order: a moment, in which nobody gets a site that they did not have.
func rest(sites int) time.Duration {
	const each, longest = 100 * time.Microsecond, 5 * time.Second
	return min(time.Duration(sites)*each, longest)
}

// young is the list as it is now or was a moment ago: for a look before an order. It never
// waits for a rest.
func (l *siteListing) young(ctx context.Context, from upstream.Sites) ([]upstream.Site, error) {
	l.mu.Lock()
	r := cmp.Or(l.latest, l.current)
	l.mu.Unlock()
	if r == nil || l.alone {
		r = l.join(ctx, from)
	}
	return r.wait(ctx)
}

// read is the list as it is now: what has happened before the call is in it. What is
// returned is shared: it may not be changed.
func (l *siteListing) read(ctx context.Context, from upstream.Sites) ([]upstream.Site, error) {
	return l.join(ctx, from).wait(ctx)
}

func (r *siteReading) wait(ctx context.Context) ([]upstream.Site, error) {
	select {
	case <-r.done:
		return r.sites, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join is the next reading; it begins at once when none is under way.
func (l *siteListing) join(ctx context.Context, from upstream.Sites) *siteReading {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &siteReading{done: make(chan struct{})}
	}
	if !l.reading {
		l.reading = true
		go l.serve(context.WithoutCancel(ctx), from)
	}
	return l.next
}

// serve reads, and rests after each reading, until nobody waits.
func (l *siteListing) serve(ctx context.Context, from upstream.Sites) {
	for r := l.begin(); r != nil; r = l.begin() {
		r.read(ctx, from)
		l.show(r)
		close(r.done)
		if r.err == nil && !l.alone {
			<-clock.After(rest(len(r.sites)))
		}
	}
}

// show lets who looks have what was read, if it was.
func (l *siteListing) show(r *siteReading) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current = nil
	if r.err == nil {
		l.latest = r
	}
}

func (l *siteListing) begin() *siteReading {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.next
	l.next, l.current, l.latest, l.reading = nil, r, nil, r != nil
	return r
}

func (r *siteReading) read(ctx context.Context, from upstream.Sites) {
	ctx, cancel := context.WithTimeout(ctx, listingTimeout)
	defer cancel()
	r.sites, r.err = from.Sites(ctx)
}
