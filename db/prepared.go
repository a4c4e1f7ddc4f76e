package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// prepared runs each query through a statement that is prepared once: parsing
// costs SQLite more than most of our statements cost to run. There is one for
// each query in the program, so that nothing is ever evicted.
type prepared struct {
	on interface {
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	}
	// detached statements are not interrupted when the context ends: an
	// interrupted write makes SQLite roll back the whole transaction, and with it
	// what others have written into the same group.
	detached bool

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if p.detached {
		ctx = context.WithoutCancel(ctx)
	}
	p.mu.RLock()
	s, ok := p.stmts[query]
	p.mu.RUnlock()
	if ok {
		return s, ctx, nil
	}
	s, err := p.prepare(context.WithoutCancel(ctx), query)
	return s, ctx, err
}

func (p *prepared) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := p.stmts[query]; ok {
		return s, nil
	}
	s, err := p.on.PrepareContext(ctx, steady(query))
	if err != nil {
		return nil, err
	}
	if p.stmts == nil {
		p.stmts = map[string]*sql.Stmt{}
	}
	p.stmts[query] = s
	return s, nil
}

func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for query, s := range p.stmts {
		errs = append(errs, s.Close())
		delete(p.stmts, query)
	}
	return errors.Join(errs...)
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, ctx, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// PrepareContext gives the caller a statement of its own, to close.
func (p *prepared) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.on.PrepareContext(ctx, query)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, ctx, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, ctx, err := p.stmt(ctx, query)
	if err != nil {
		return failedRow(err)
	}
	return s.QueryRowContext(ctx, args...)
}
