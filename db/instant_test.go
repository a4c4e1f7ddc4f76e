package db_test

import (
	"context"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestAnInstantIsATimeToTheMillisecond(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, time.March, 1, 1, 2, 3, 4567890, zone)
	i := db.At(at)
	if got, want := i.Time(), at.UTC().Truncate(time.Millisecond); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v", got, want)
	}
	if !db.At(time.Time{}).IsZero() || !db.Instant(0).Time().IsZero() {
		t.Error("no time and the zero instant must be each other")
	}
	if got := i.Add(36 * time.Hour).Time().Sub(i.Time()); got != 36*time.Hour {
		t.Errorf("added %v, want 36h", got)
	}
}

func TestAnInstantIsReadOnlyFromAWholeNumber(t *testing.T) {
	t.Parallel()
	var i db.Instant
	for _, v := range []any{"2026-01-01", 1.5, nil, true, []byte("5"), time.Now()} {
		if err := i.Scan(v); err == nil {
			t.Errorf("%T was read as an instant", v)
		}
	}
	if err := i.Scan(int64(7)); err != nil || i != 7 {
		t.Errorf("got %d, %v", i, err)
	}
}

func TestInstantsComeBackFromTheDatabase(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	for _, want := range []db.Instant{0, 1, db.At(dbtest.Start()), db.At(time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC))} {
		if err := s.Tx(ctx, func(q *db.Queries) error {
			return q.SettingPut(ctx, db.SettingPutParams{Name: "at", UpdatedAt: want})
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Read().SettingByName(ctx, "at"); err != nil || got.UpdatedAt != want {
			t.Errorf("got %d, %v; want %d", got.UpdatedAt, err, want)
		}
	}
}
