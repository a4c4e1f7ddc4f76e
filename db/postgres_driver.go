//go:build pgxstdlib

package db

import (
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pool is a pool of connections to PostgreSQL.
func pool(config *pgx.ConnConfig) *sql.DB { return stdlib.OpenDB(*config) }
