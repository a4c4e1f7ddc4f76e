package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// failing is a database that cannot be reached, for one known reason.
type failing struct{ err error }

func (f failing) Connect(context.Context) (driver.Conn, error) { return nil, f.err }
func (f failing) Driver() driver.Driver                        { return nil }

// failedRow is a row whose Scan gives err: sql.Row can be made no other way.
func failedRow(err error) *sql.Row {
	unreachable := sql.OpenDB(failing{err})
	defer unreachable.Close()
	return unreachable.QueryRowContext(context.Background(), "")
}
