package task

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// Get is the task with this id. A nil q reads the latest commit.
func (e *Engine) Get(ctx context.Context, q *db.Queries, id string) (Task, error) {
	row, err := e.row(ctx, e.reader(q), id)
	if err != nil {
		return Task{}, err
	}
	return fromRow(row), nil
}

// BySubject is every task of a subject, in the order in which they run. A nil q
// reads the latest commit.
func (e *Engine) BySubject(ctx context.Context, q *db.Queries, subject string) ([]Task, error) {
	rows, err := e.reader(q).TasksBySubject(ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("read the tasks of %s: %w", subject, err)
	}
	return fromRows(rows), nil
}

// LastOf is the latest task of a subject, whatever has become of it; false when it
// never had one. A nil q reads the latest commit.
func (e *Engine) LastOf(ctx context.Context, q *db.Queries, subject string) (Task, bool, error) {
	row, err := e.reader(q).TaskLastOfSubject(ctx, subject)
	if errors.Is(err, sql.ErrNoRows) {
		return Task{}, false, nil
	}
	if err != nil {
		return Task{}, false, fmt.Errorf("read the latest task of %s: %w", subject, err)
	}
	return fromRow(row), true, nil
}

// Filter picks tasks; an empty field picks all.
type Filter struct {
	State       State
	Kind, Queue string
	// Cursor is the id of the last task of the page before.
	Cursor string
	// Limit bounds the page; zero is 50, more than 200 is 200.
	Limit int
}

// List is a page of tasks, oldest first, and the cursor of the next page, which
// is empty on the last.
func (e *Engine) List(ctx context.Context, f Filter) ([]Task, string, error) {
	limit := pageSize(f.Limit)
	rows, err := e.list(ctx, f, int64(limit)+1)
	if err != nil {
		return nil, "", fmt.Errorf("list tasks: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	return fromRows(rows), next, nil
}

func (e *Engine) list(ctx context.Context, f Filter, rows int64) ([]db.Task, error) {
	q := e.store.Read()
	if f.State == "" {
		return q.TaskList(ctx, db.TaskListParams{AfterID: f.Cursor, Kind: f.Kind, Queue: f.Queue, MaxRows: rows})
	}
	return q.TaskListByState(ctx, db.TaskListByStateParams{
		State: string(f.State), AfterID: f.Cursor, Kind: f.Kind, Queue: f.Queue, MaxRows: rows,
	})
}

func pageSize(asked int) int {
	const usual, most = 50, 200
	if asked <= 0 {
		return usual
	}
	return min(asked, most)
}

func (e *Engine) reader(q *db.Queries) *db.Queries {
	if q == nil {
		return e.store.Read()
	}
	return q
}

func (e *Engine) row(ctx context.Context, q *db.Queries, id string) (db.Task, error) {
	row, err := q.TaskByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Task{}, fault.Missing("task", id)
	}
	if err != nil {
		return db.Task{}, fmt.Errorf("read task %s: %w", id, err)
	}
	return row, nil
}

// Now is the time that tasks are due by: the shop's.
func (e *Engine) Now() time.Time { return e.clock.Now() }
