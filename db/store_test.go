package db_test

import (
	"context"
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

func TestWhatIsCommittedIsRead(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	ctx := context.Background()
	if err := s.Tx(ctx, func(q *db.Queries) error {
		return q.SettingPut(ctx, db.SettingPutParams{Name: "a", Value: "1", UpdatedAt: 5})
	}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Read().SettingByName(ctx, "a")
	if err != nil || got.Value != "1" || got.UpdatedAt != 5 {
		t.Fatalf("got %+v, %v", got, err)
	}
}
