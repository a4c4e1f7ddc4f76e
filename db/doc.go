// Package db owns storage: opening SQLite or PostgreSQL by URL, the migrations,
// transactions, ids, instants, and the code that sqlc generates from queries/.
//
// It knows no rule of the business: what a row means is the business of the
// package that asks for it.
package db

//go:generate go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1 generate -f ../sqlc.yaml
