package service

import (
	"context"
	"sync"
	"time"

	"hostfront/upstream"
)

// listingTimeout bounds one reading of the list of sites, whoever waits for it.
const listingTimeout = 30 * time.Second

// siteListing reads the list of all sites for many deliveries at once: it is the only
// way to find the sites of a domain, and grows with the account. Who asks while it is
// being read waits for the next reading, together with all who do: what anybody gets
// was asked for after they came, as if they had asked alone.
type siteListing struct {
	mu      sync.Mutex
	reading bool
	next    *siteReading
}

// siteReading is one reading, begun or not.
type siteReading struct {
	done  chan struct{}
	sites []upstream.Site
	err   error
}

// read is the list as it is now. What is returned is shared: it may not be changed.
func (l *siteListing) read(ctx context.Context, from upstream.Sites) ([]upstream.Site, error) {
	r := l.join(ctx, from)
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

// serve reads until nobody waits.
func (l *siteListing) serve(ctx context.Context, from upstream.Sites) {
	for r := l.begin(); r != nil; r = l.begin() {
		r.read(ctx, from)
	}
}

func (l *siteListing) begin() *siteReading {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.next
	l.next, l.reading = nil, r != nil
	return r
}

func (r *siteReading) read(ctx context.Context, from upstream.Sites) {
	defer close(r.done)
	ctx, cancel := context.WithTimeout(ctx, listingTimeout)
	defer cancel()
	r.sites, r.err = from.Sites(ctx)
}
