package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// postgresWriters bounds the connections that write; a server's own limit of
// 100 leaves room for several replicas.
const postgresWriters = 12

// server is one PostgreSQL database: a pool that writes, a pool that may not.
type server struct {
	name    string // host and database, without the password
	options Options
	inside  *marks
	texts   *dialect

	writing *sql.DB
	reading *sql.DB
	queries *Queries

	closing sync.Once
	closed  error
}

func openPostgres(ctx context.Context, url string, o Options, inside *marks) (*server, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL is not a PostgreSQL URL: want postgres://user:password@host:port/database")
	}
	p := &server{
		name:    fmt.Sprintf("%s on %s:%d", config.Database, config.Host, config.Port),
		options: o,
		inside:  inside,
		texts:   &dialect{},
	}
	p.writing = stdlib.OpenDB(*config)
	p.writing.SetMaxOpenConns(postgresWriters)
	p.writing.SetMaxIdleConns(postgresWriters)
	readOnly := config.Copy()
	readOnly.RuntimeParams["default_transaction_read_only"] = "on"
	p.reading = stdlib.OpenDB(*readOnly)
	p.reading.SetMaxOpenConns(o.Readers)
	p.reading.SetMaxIdleConns(o.Readers)
	p.queries = New(reader{dollars{p.reading, p.texts}, o.done})
	if err := p.check(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// check reaches the server and refuses a schema that is newer than we are.
func (p *server) check(ctx context.Context) error {
	has, err := schemaVersion(ctx, p.reading)
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return refuseNewer(p.name, has)
	case errors.As(err, &refused) && refused.Code == undefinedTable:
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("database %s refuses: %s (%s)", p.name, refused.Message, refused.Code)
	}
	return fmt.Errorf("database %s cannot be reached: %w", p.name, err)
}

func (p *server) read() *Queries { return p.queries }

func (p *server) close() error {
	p.closing.Do(func() { p.closed = errors.Join(p.reading.Close(), p.writing.Close()) })
	return p.closed
}

// migrate holds an advisory lock, so that replicas that start together migrate
// one after the other.
func (p *server) migrate(ctx context.Context) error {
	const everySecond, fiveMinutes = 1, 300
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(everySecond, fiveMinutes))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", p.name, err)
	}
	up, err := provider(goose.DialectPostgres, p.writing, p.options, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", p.name, err)
	}
	if _, err := up.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", p.name, err)
	}
	return nil
}
