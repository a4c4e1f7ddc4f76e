package db_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestIDsAscendAlsoWhenTheClockStandsStill(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	before := ""
	for range 5000 {
		id := s.NewID("inv")
		if id <= before || len(id) != len("inv_")+ulid.EncodedSize || !strings.HasPrefix(id, "inv_") {
			t.Fatalf("%s came after %s", id, before)
		}
		before = id
	}
}

func TestIDsCarryTheBusinessClocksTime(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(dbtest.Start())
	s := dbtest.Open(t, func(o *db.Options) { o.Clock = now })
	first := s.NewID("ord")
	now.Advance(400 * 24 * time.Hour)
	later := s.NewID("ord")
	id, err := ulid.ParseStrict(strings.TrimPrefix(later, "ord_"))
	if err != nil || !ulid.Time(id.Time()).Equal(now.Now()) || later <= first {
		t.Errorf("%s, %s: %v; want the clock's time, later than the first", first, later, err)
	}
}

// backward is a wall clock that is set back at every look.
type backward struct {
	mu  sync.Mutex
	now time.Time
}

func (b *backward) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(-time.Second)
	return b.now
}

// dry is entropy that has ended.
type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("dry") }

func TestIDsAscendWhenTheClockIsSetBackAndEntropyEnds(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t, func(o *db.Options) {
		o.Clock = &backward{now: dbtest.Start()}
		o.Entropy = dry{}
	})
	before := ""
	for range 100 {
		if id := s.NewID("x"); id <= before {
			t.Fatalf("%s came after %s", id, before)
		} else {
			before = id
		}
	}
}

func TestIDsMadeAtOnceDiffer(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	var mu sync.Mutex
	var all []string
	var makers sync.WaitGroup
	for range 8 {
		makers.Go(func() {
			for range 200 {
				id := s.NewID("x")
				mu.Lock()
				all = append(all, id)
				mu.Unlock()
			}
		})
	}
	makers.Wait()
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 1600 {
		t.Errorf("%d different ids of 1600", n)
	}
}
