package throttle_test

import (
	"testing"
	"time"

	"hostfront/throttle"
)

var now = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

func TestAKeyGetsItsBurstAndThenOneATime(t *testing.T) {
	t.Parallel()
	th := throttle.New(throttle.Limit{Burst: 2, Every: time.Minute})
	for range 2 {
		if _, ok := th.Take(now, "a", 1); !ok {
			t.Fatal("a try within the burst was refused")
		}
	}
	wait, ok := th.Take(now, "a", 1)
	if ok || wait != time.Minute {
		t.Fatalf("the third try: %v, wait %v; want a refusal for a minute", ok, wait)
	}
	if _, ok := th.Take(now.Add(time.Minute), "a", 1); !ok {
		t.Fatal("a refused try was counted")
	}
}

func TestKeysDoNotShareABucket(t *testing.T) {
	t.Parallel()
	th := throttle.New(throttle.Limit{Burst: 1, Every: time.Minute})
	th.Take(now, "a", 1)
	if _, ok := th.Take(now, "b", 1); !ok {
		t.Fatal("another key was refused")
	}
	th.Forget("a")
	if _, ok := th.Take(now, "a", 1); !ok {
		t.Fatal("a forgotten key was refused")
	}
}

func TestMoreThanTheBurstNeverFits(t *testing.T) {
	t.Parallel()
	th := throttle.New(throttle.Limit{Burst: 3, Every: time.Second})
	if _, ok := th.Take(now, "a", 4); ok {
		t.Fatal("more than the burst was let through")
	}
	if _, ok := th.Take(now, "", 1_000); !ok {
		t.Fatal("the empty key was limited")
	}
}

func TestATryGivenBackCanBeTakenAgain(t *testing.T) {
	t.Parallel()
	th := throttle.New(throttle.Limit{Burst: 2, Every: time.Minute})
	th.Take(now, "a", 2)
	th.Give(now.Add(time.Second), "a", 1)
	if _, ok := th.Take(now.Add(time.Second), "a", 1); !ok {
		t.Fatal("what was given back is gone")
	}
	th.Give(now.Add(time.Second), "a", 100)
	if _, ok := th.Take(now.Add(time.Second), "a", 3); ok {
		t.Fatal("more than the burst was let through")
	}
	th.Give(now, "", 1)
}
