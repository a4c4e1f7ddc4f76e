package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the engine without the shop
)

// bareRenewals is the raw limit of renewals: the rows that a run of them left, written once
// more by a loop that does nothing else, on SQLite as the shop opens it (WAL,
// synchronous=FULL, foreign keys), with the shop's schema and its indexes. Each row is
// inserted as it first stood and updated as often as the shop updates it. group is how many
// renewals share a commit.
type bareRenewals struct {
	db    *sql.DB
	since int64 // the instant from which rows belong to the run
	count int
	group int
}

// bareTable is what a renewal leaves in a table.
type bareTable struct {
	name, where string
	// first overrides what the row held when it was inserted.
	first map[string]any
	// then are the columns of each update that follows, by their final value, or by the one
	// that between overrides.
	then []bareUpdate
}

type bareUpdate struct {
	set     []string
	between map[string]any
}

// bareTables are the rows of a renewal, in the order in which they can be written.
var bareTables = []bareTable{
	{
		name: "invoices", where: "issued_at >= ?1 AND kind = 'renewal'",
		first: map[string]any{"state": "open", "paid": 0, "series": "", "number": 0, "number_text": "", "numbered_at": 0, "paid_at": 0},
		then:  []bareUpdate{{set: []string{"state", "paid", "series", "number", "number_text", "numbered_at", "paid_at"}}},
	},
	{name: "invoice_lines", where: "invoice_id IN (SELECT id FROM invoices WHERE issued_at >= ?1 AND kind = 'renewal')"},
	{
		name: "subscription_periods", where: "invoice_id IN (SELECT id FROM invoices WHERE issued_at >= ?1 AND kind = 'renewal')",
		first: map[string]any{"state": "billed"}, then: []bareUpdate{{set: []string{"state"}}},
	},
	{
		name: "payments", where: "created_at >= ?1",
		first: map[string]any{"state": "pending", "received": 0, "provider_reference": "", "settled_at": 0},
		then: []bareUpdate{
			{set: []string{"state", "check_at", "updated_at"}, between: map[string]any{"state": "processing", "check_at": 1}},
			{set: []string{"state", "provider_reference", "received", "fee", "check_at", "settled_at", "updated_at"}},
		},
	},
	{
		name: "tasks", where: "created_at >= ?1 AND kind = 'payment.charge'",
		first: map[string]any{"state": "ready", "tries": 0, "attempts": 0, "result": ""},
		then: []bareUpdate{
			{set: []string{"state", "lease_token", "lease_until", "tries", "attempts"}, between: map[string]any{"state": "running", "lease_token": "att", "lease_until": 1}},
			{set: []string{"state", "lease_token", "lease_until", "result", "attempts", "run_at", "updated_at"}},
		},
	},
	{
		name: "task_attempts", where: "task_id IN (SELECT id FROM tasks WHERE created_at >= ?1 AND kind = 'payment.charge')",
		first: map[string]any{"outcome": "", "result": "", "notes": "", "ended_at": 0},
		then:  []bareUpdate{{set: []string{"outcome", "result", "notes", "ended_at"}}},
	},
	{name: "ledger_entries", where: "booked_at >= ?1"},
	{name: "events", where: "happened_at >= ?1 AND kind = 'invoice.paid'"},
	{name: "mails", where: "created_at >= ?1 AND event_kind = 'invoice.paid'", first: map[string]any{"state": "queued", "sent_at": 0}},
	{
		name: "tasks", where: "created_at >= ?1 AND kind = 'mail.send'",
		first: map[string]any{"state": "ready", "phase": "do", "tries": 0, "attempts": 0, "result": "", "lease_token": "", "lease_until": 0},
	},
	{
		name: "subscriptions", where: "id IN (SELECT subject FROM invoices WHERE issued_at >= ?1 AND kind = 'renewal')",
		then: []bareUpdate{{set: []string{"next_number", "next_start_at", "next_invoice_at", "revision", "updated_at"}}, {set: []string{"current_start_at", "current_end_at", "revision", "updated_at"}}},
	},
}

// bareStep is a prepared statement and what it is executed with, row by row.
type bareStep struct {
	stmt *sql.Stmt
	rows [][]any
}

// bareLimit opens a copy of the run's database without the run's rows and writes them again.
func (w *world) bareLimit(ctx context.Context, run renewalsRun, n int) (perSecond float64, err error) {
	path := filepath.Join(w.dir, "bare.db")
	if err := w.copyTo(ctx, path); err != nil {
		return 0, err
	}
	conn, err := sql.Open("sqlite", path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)")
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	b := &bareRenewals{db: conn, since: run.since.UnixMilli(), count: n, group: max(int(run.group+0.5), 1)}
	steps, err := b.prepare(ctx)
	if err != nil {
		return 0, err
	}
	return b.write(ctx, steps)
}

// copyTo writes the database as it is now to another file.
func (w *world) copyTo(ctx context.Context, path string) error {
	source, err := sql.Open("sqlite", filepath.Join(w.dir, "bench.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "VACUUM INTO ?1", path)
	return errors.Join(err, source.Close())
}

// prepare reads the rows of the run, takes them out, and prepares what writes them again.
func (b *bareRenewals) prepare(ctx context.Context) ([]bareStep, error) {
	var steps []bareStep
	for _, t := range bareTables {
		more, err := b.steps(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		steps = append(steps, more...)
	}
	for i := len(bareTables) - 1; i >= 0; i-- {
		t := bareTables[i]
		if t.name == "subscriptions" {
			continue // they were there before
		}
		if _, err := b.db.ExecContext(ctx, "DELETE FROM "+t.name+" WHERE "+t.where, b.since); err != nil {
			return nil, fmt.Errorf("empty %s: %w", t.name, err)
		}
	}
	_, err := b.db.ExecContext(ctx, "PRAGMA foreign_keys = ON")
	return steps, err
}

func (b *bareRenewals) steps(ctx context.Context, t bareTable) ([]bareStep, error) {
	names, rows, err := b.read(ctx, t)
	if err != nil {
		return nil, err
	}
	if len(rows) < b.count {
		return nil, fmt.Errorf("%d rows of %d renewals", len(rows), b.count)
	}
	column := map[string]int{}
	for i, name := range names {
		column[name] = i
	}
	var steps []bareStep
	if t.name != "subscriptions" {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ")
		step, err := b.step(ctx, "INSERT INTO "+t.name+" ("+strings.Join(names, ", ")+") VALUES ("+marks+")", override(rows, column, t.first))
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	for _, u := range t.then {
		step, err := b.update(ctx, t.name, u, bareRows{rows, column})
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// bareRows are what was read of a table.
type bareRows struct {
	rows   [][]any
	column map[string]int
}

func (b *bareRenewals) update(ctx context.Context, name string, u bareUpdate, read bareRows) (bareStep, error) {
	key := []string{"id"}
	if name == "subscription_periods" {
		key = []string{"subscription_id", "start_at"}
	}
	columns := append(append([]string{}, u.set...), key...)
	rows := make([][]any, len(read.rows))
	for i, row := range override(read.rows, read.column, u.between) {
		for _, c := range columns {
			rows[i] = append(rows[i], row[read.column[c]])
		}
	}
	query := "UPDATE " + name + " SET " + strings.Join(u.set, " = ?, ") + " = ? WHERE " + strings.Join(key, " = ? AND ") + " = ?"
	return b.step(ctx, query, rows)
}

func (b *bareRenewals) step(ctx context.Context, query string, rows [][]any) (bareStep, error) {
	stmt, err := b.db.PrepareContext(ctx, query)
	return bareStep{stmt: stmt, rows: rows}, err
}

// read is every row of the run in a table, in the order in which they were made.
func (b *bareRenewals) read(ctx context.Context, t bareTable) (names []string, rows [][]any, err error) {
	found, err := b.db.QueryContext(ctx, "SELECT * FROM "+t.name+" WHERE "+t.where+" ORDER BY rowid", b.since)
	if err != nil {
		return nil, nil, err
	}
	defer found.Close()
	if names, err = found.Columns(); err != nil {
		return nil, nil, err
	}
	for found.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return names, rows, found.Err()
}

func override(rows [][]any, column map[string]int, with map[string]any) [][]any {
	if len(with) == 0 {
		return rows
	}
	changed := make([][]any, len(rows))
	for i, row := range rows {
		changed[i] = append([]any{}, row...)
		for name, value := range with {
			changed[i][column[name]] = value
		}
	}
	return changed
}

// write is the loop: so many renewals a commit, until all are written.
func (b *bareRenewals) write(ctx context.Context, steps []bareStep) (perSecond float64, err error) {
	began := time.Now()
	for from := 0; from < b.count; from += b.group {
		tx, err := b.db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		for i := from; i < min(from+b.group, b.count); i++ {
			if err := renewal(ctx, tx, steps, share{i, b.count}); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(b.count) / time.Since(began).Seconds(), nil
}

// share is the i-th of n equal parts.
type share struct{ i, n int }

func renewal(ctx context.Context, tx *sql.Tx, steps []bareStep, s share) error {
	for _, step := range steps {
		each := len(step.rows) / s.n
		stmt := tx.StmtContext(ctx, step.stmt)
		for _, row := range step.rows[s.i*each : (s.i+1)*each] {
			if _, err := stmt.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE number_series SET last_number = last_number + 1")
	return err
}
