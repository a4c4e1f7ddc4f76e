package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"hostfront/clock"
)

func TestBooksAreReadOnceForManyScrapes(t *testing.T) {
	t.Parallel()
	steady, reads, broken := clock.NewManual(time.Unix(1_800_000_000, 0)), 0, errors.New("the database is away")
	failing := true
	r := moneyReader{steady: steady, read: func(context.Context) (moneyFigures, error) {
		reads++
		if failing {
			return moneyFigures{}, broken
		}
		return moneyFigures{balance: int64(reads)}, nil
	}}
	if _, err := r.figures(t.Context()); !errors.Is(err, broken) {
		t.Fatalf("a failure gave %v", err)
	}
	failing = false
	for range 5 {
		if got, err := r.figures(t.Context()); err != nil || got.balance != 2 {
			t.Fatalf("read %d times: %+v, %v", reads, got, err)
		}
	}
	steady.Advance(figuresLast)
	if got, err := r.figures(t.Context()); err != nil || got.balance != 3 {
		t.Fatalf("stale figures are still shown: %+v, %v", got, err)
	}
}
