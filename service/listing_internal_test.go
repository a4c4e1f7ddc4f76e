package service

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"hostfront/upstream"
)

// counted answers each reading with its number, when it is let go.
type counted struct {
	begun chan struct{}
	let   chan struct{}
	n     int
}

func (c *counted) Sites(context.Context) ([]upstream.Site, error) {
	c.n++
	n := c.n
	c.begun <- struct{}{}
	<-c.let
	if n == 3 {
		return nil, upstream.ErrForbidden
	}
	return []upstream.Site{{ID: strconv.Itoa(n)}}, nil
}

func (c *counted) Site(context.Context, string) (upstream.Site, error) { return upstream.Site{}, nil }

func TestWhoAsksForTheSitesWhileTheyAreReadSharesTheNextReading(t *testing.T) {
	t.Parallel()
	from, l := &counted{begun: make(chan struct{}), let: make(chan struct{})}, &siteListing{}
	var first, later sync.WaitGroup
	ask := func(all *sync.WaitGroup, want string) {
		r := l.join(t.Context(), from)
		all.Go(func() {
			<-r.done
			if r.err != nil || r.sites[0].ID != want {
				t.Errorf("got %v, %v, want reading %s", r.sites, r.err, want)
			}
		})
	}
	ask(&first, "1")
	<-from.begun
	for range 5 {
		ask(&later, "2")
	}
	from.let <- struct{}{}
	first.Wait()
	<-from.begun
	from.let <- struct{}{}
	later.Wait()
	go func() { <-from.begun; from.let <- struct{}{} }()
	if _, err := l.read(t.Context(), from); !errors.Is(err, upstream.ErrForbidden) || from.n != 3 {
		t.Errorf("after %d readings: %v", from.n, err)
	}
}

func TestWhoGivesUpDoesNotEndTheReadingOfOthers(t *testing.T) {
	t.Parallel()
	from, l := &counted{begun: make(chan struct{}), let: make(chan struct{})}, &siteListing{}
	ctx, cancel := context.WithCancel(t.Context())
	stays := l.join(ctx, from)
	<-from.begun
	cancel()
	if _, err := l.read(ctx, from); !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up got %v", err)
	}
	from.let <- struct{}{}
	<-stays.done
	if stays.err != nil {
		t.Errorf("who stayed got %v", stays.err)
	}
	<-from.begun
	from.let <- struct{}{}
}
