package service

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"hostfront/upstream"
)

// counted answers each reading with its number, when it is let go.
type counted struct {
	begun chan struct{}
	let   chan struct{}
	n     int
	sites int // of a large account
}

func (c *counted) Sites(context.Context) ([]upstream.Site, error) {
	c.n++
	n := c.n
	c.begun <- struct{}{}
	<-c.let
	if n == 3 {
		return nil, upstream.ErrForbidden
	}
	return append([]upstream.Site{{ID: strconv.Itoa(n)}}, make([]upstream.Site, c.sites)...), nil
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

func TestALookBeforeAnOrderTakesTheListThatWasJustReadAndWhoMustKnowReadsAgain(t *testing.T) {
	t.Parallel()
	from, l := &counted{begun: make(chan struct{}), let: make(chan struct{}), sites: 50_000}, &siteListing{}
	go func() { <-from.begun; from.let <- struct{}{} }()
	for range 3 {
		sites, err := l.young(t.Context(), from)
		if err != nil || sites[0].ID != "1" {
			t.Fatalf("a look got %v, %v", sites[:1], err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked := l.join(ctx, from)
	cancel()
	select {
	case <-asked.done:
		t.Error("who must know got what was read before they asked")
	default:
	}
}

func TestALookBeforeAnOrderWaitsForNoMoreThanTheReadingUnderWay(t *testing.T) {
	t.Parallel()
	from, l := &counted{begun: make(chan struct{}), let: make(chan struct{}), sites: 50_000}, &siteListing{}
	first := l.join(t.Context(), from)
	<-from.begun
	var late sync.WaitGroup
	late.Go(func() {
		if sites, err := l.young(t.Context(), from); err != nil || sites[0].ID != "1" {
			t.Errorf("a look got %v, %v", sites[:1], err)
		}
	})
	if must := l.join(t.Context(), from); must == first {
		t.Error("who must know what became of an order shares a reading that began before they asked")
	}
	from.let <- struct{}{}
	late.Wait()
}

func TestWhoWorksAloneLooksAnewEachTime(t *testing.T) {
	t.Parallel()
	from, l := &counted{begun: make(chan struct{}), let: make(chan struct{}), sites: 50_000}, &siteListing{alone: true}
	for n := 1; n <= 2; n++ {
		go func() { <-from.begun; from.let <- struct{}{} }()
		if sites, err := l.young(t.Context(), from); err != nil || sites[0].ID != strconv.Itoa(n) {
			t.Fatalf("look %d got %v, %v", n, sites[:1], err)
		}
	}
}

func TestASmallAccountIsReadAtOnceAndALargeOneRests(t *testing.T) {
	t.Parallel()
	for sites, want := range map[int]time.Duration{0: 0, 10: time.Millisecond, 6000: 600 * time.Millisecond, 1_000_000: 5 * time.Second} {
		if got := rest(sites); got != want {
			t.Errorf("after %d sites it rests %s, want %s", sites, got, want)
		}
	}
}
