package e2e

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hostfront/db/dbtest"

	_ "github.com/jackc/pgx/v5/stdlib" // reads a shop's PostgreSQL beside it
	_ "modernc.org/sqlite"             // reads a shop's SQLite file beside it
)

// still does something after which nothing at all may have happened: no row is
// written or changed, nothing is asked or told outside.
func (f *front) still(t *testing.T, do func()) {
	t.Helper()
	before := f.state(t)
	do()
	if err := f.Drain(); err != nil {
		t.Fatal(err)
	}
	after := f.state(t)
	for name, now := range after {
		if before[name] != now {
			t.Errorf("something happened to %s: %s became %s", name, before[name], now)
		}
	}
}

// state is a fingerprint of each table, and of what the stand-ins have seen.
func (f *front) state(t *testing.T) map[string]string {
	t.Helper()
	state := map[string]string{
		"the upstream":         fmt.Sprint(f.LJPC.Calls(), len(f.LJPC.Effects())),
		"the payment provider": fmt.Sprint(f.Pay.Payments(), f.Pay.Refunds(), f.Pay.Methods(), f.Pay.Setups()),
		"the mails":            fmt.Sprint(len(f.letters(t))),
	}
	conn := f.beside(t)
	defer conn.Close()
	for _, table := range tables(t, conn) {
		if table != "cron_jobs" && table != "cron_runs" { // jobs run by themselves
			state[table] = fingerprint(t, conn, table)
		}
	}
	return state
}

// beside opens the shop's database a second time, to look.
func (f *front) beside(t *testing.T) *sql.DB {
	t.Helper()
	driver, url := "sqlite", "file:"+strings.TrimPrefix(f.database, "file:")+"?mode=ro&_pragma=busy_timeout(5000)"
	if dbtest.OnPostgres() {
		driver, url = "pgx", f.database
	}
	conn, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func tables(t *testing.T, conn *sql.DB) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
	if dbtest.OnPostgres() {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name"
	}
	var names []string
	each(t, conn, query, func(values []any) { names = append(names, fmt.Sprintf("%s", values[0])) })
	return names
}

// fingerprint is the rows of a table, in any order.
func fingerprint(t *testing.T, conn *sql.DB, table string) string {
	t.Helper()
	var rows []string
	each(t, conn, "SELECT * FROM "+table, func(values []any) { rows = append(rows, fmt.Sprintf("%v", values)) })
	slices.Sort(rows)
	sum := sha256.Sum256([]byte(strings.Join(rows, "\n")))
	return fmt.Sprintf("%d rows %s", len(rows), hex.EncodeToString(sum[:6]))
}

func each(t *testing.T, conn *sql.DB, query string, row func(values []any)) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row(values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// letters are the mails that have left, oldest first.
func (f *front) letters(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(f.mails)
	if err != nil {
		t.Fatal(err)
	}
	var letters []string
	for _, entry := range entries {
		content, err := os.ReadFile(f.mails + "/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, string(content))
	}
	return letters
}

// ahead makes the database a newer version's.
func (f *front) ahead(t *testing.T) {
	t.Helper()
	driver, url := "sqlite", "file:"+strings.TrimPrefix(f.database, "file:")+"?_pragma=busy_timeout(5000)"
	if dbtest.OnPostgres() {
		driver, url = "pgx", f.database
	}
	conn, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)"); err != nil {
		t.Fatal(err)
	}
}
