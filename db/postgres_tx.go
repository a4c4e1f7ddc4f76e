package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"hostfront/clock"
)

// PostgreSQL's own codes that we act upon.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	undefinedTable       = "42P01"
)

// maxAttempts bounds how often a transaction that loses to others runs again:
// with the pauses below that is several seconds of losing.
const maxAttempts = 40

func (p *server) tx(ctx context.Context, level isolation, fn func(q *Queries) error) error {
	for attempt := 1; ; attempt++ {
		err := p.once(ctx, level, fn)
		if err == nil || !lostToAnother(err) || attempt == maxAttempts {
			return err
		}
		select {
		case <-clock.After(pause(attempt)):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// once runs the closure in one transaction. The mark is lifted before the
// commit: a closure's end is the end of what it may not do.
func (p *server) once(ctx context.Context, level isolation, fn func(q *Queries) error) error {
	wanted := sql.LevelSerializable
	if level == readCommitted {
		wanted = sql.LevelReadCommitted
	}
	tx, err := p.writing.BeginTx(ctx, &sql.TxOptions{Isolation: wanted})
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() // after a commit this does nothing
	if err := p.call(tx, fn); err != nil {
		return err
	}
	if err := p.options.Cut(CutBefore); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return p.options.Cut(CutAfter)
}

func (p *server) call(tx *sql.Tx, fn func(q *Queries) error) error {
	l := lease(dollars{tx, p.texts})
	defer l.end()
	self := goroutineID()
	p.inside.enter(self)
	defer p.inside.leave(self)
	return fn(New(l))
}

// lostToAnother is true when the transaction was rolled back for the sake of
// one beside it, and may succeed when it runs again.
func lostToAnother(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) &&
		(refused.Code == serializationFailure || refused.Code == deadlockDetected)
}

// pause is how long a loser stands back: longer each time up to a fifth of a
// second, and never as long as the one it lost to.
func pause(attempt int) time.Duration {
	most := min(time.Duration(attempt)*4*time.Millisecond, 200*time.Millisecond)
	return rand.N(most)
}
