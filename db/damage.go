package db

import (
	"context"
	"database/sql"
	"fmt"
)

// mostDamage is how many lines of damage are told: the first says enough.
const mostDamage = 20

// Damage reads the whole database and tells what is wrong with it as a file, each in a
// line; none when it is whole. SQLite has every page looked at, and every reference to
// another row. PostgreSQL looks after its own pages: there it tells of pages whose
// checksum was found wrong, and of indexes that are not valid.
func (s *Store) Damage(ctx context.Context) ([]string, error) {
	damage, err := s.back.damage(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for damage: %w", err)
	}
	return damage, nil
}

func (f *sqliteFile) damage(ctx context.Context) ([]string, error) {
	damage, err := texts(ctx, f.reading, fmt.Sprintf("PRAGMA quick_check(%d)", mostDamage))
	if err != nil {
		return []string{err.Error()}, nil // a page that cannot be read ends the question
	}
	if len(damage) == 1 && damage[0] == "ok" {
		damage = nil
	}
	orphans, err := foreignKeys(ctx, f.reading)
	return append(damage, orphans...), err
}

// foreignKeys are the rows that name a row which is not there.
func foreignKeys(ctx context.Context, on *sql.DB) ([]string, error) {
	const orphans = `SELECT "table" || ' row ' || coalesce(rowid, '?') || ' names a row of ' || parent || ' that is not there'
		FROM pragma_foreign_key_check LIMIT 20`
	return texts(ctx, on, orphans)
}

func (p *server) damage(ctx context.Context) ([]string, error) {
	const pages = `SELECT 'pages whose checksum was wrong: ' || checksum_failures::text FROM pg_stat_database
		WHERE datname = current_database() AND checksum_failures > 0`
	damage, err := texts(ctx, p.reading, pages)
	if err != nil {
		return nil, err
	}
	const indexes = `SELECT 'index ' || indexrelid::regclass::text || ' is not valid: REINDEX it' FROM pg_index
		WHERE NOT indisvalid ORDER BY 1 LIMIT 20`
	invalid, err := texts(ctx, p.reading, indexes)
	return append(damage, invalid...), err
}

// texts are the rows of a question with one column.
func texts(ctx context.Context, on *sql.DB, question string) ([]string, error) {
	rows, err := on.QueryContext(ctx, question)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
