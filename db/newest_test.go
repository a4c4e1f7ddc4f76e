package db_test

import (
	"testing"

	"hostfront/db"
	"hostfront/db/dbtest"
)

// The engines order texts differently, and PostgreSQL by the language it was set up for.
func TestTheFirstPageOfTheNewestLiesBehindEveryID(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	for _, prefix := range []string{"a", "inv", "ntc", "ord", "tsk", "zz"} {
		id := s.NewID(prefix)
		err := s.Tx(t.Context(), func(q *db.Queries) error {
			_, err := q.AlarmInsert(t.Context(), db.AlarmInsertParams{ID: id, Code: "c", Subject: id, Message: "m", RaisedAt: 1, LatestAt: 1})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var there string
		row := s.Read().Conn().QueryRowContext(t.Context(), "SELECT id FROM alarms WHERE id = ?1 AND id < ?2", id, db.FromNewest(""))
		if err := row.Scan(&there); err != nil {
			t.Errorf("%s does not lie before the first page's end: %v", id, err)
		}
	}
	if got := db.FromNewest("inv_1"); got != "inv_1" {
		t.Errorf("a page that goes on begins before %s", got)
	}
}
