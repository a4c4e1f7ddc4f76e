//go:build !pgxstdlib

package db

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
)

func pool(*pgx.ConnConfig) *sql.DB {
	return sql.OpenDB(failing{errors.New("built without PostgreSQL")})
}
