package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver
)

// sqliteFile is one SQLite file: one connection that writes, a pool that reads.
type sqliteFile struct {
	path    string
	options Options

	writing *sql.DB
	writer  *writer
	reading *sql.DB
	reads   *prepared
	queries *Queries

	closing sync.Once
	closed  error
}

func openSQLite(ctx context.Context, path string, o Options, inside *marks) (*sqliteFile, error) {
	if err := checkFile(ctx, path); err != nil {
		return nil, err
	}
	f := &sqliteFile{path: path, options: o}
	var err error
	if f.writing, err = sql.Open("sqlite", writerDSN(path)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	f.writing.SetMaxOpenConns(1)
	conn, err := f.writing.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), f.writing.Close())
	}
	if f.reading, err = sql.Open("sqlite", readerDSN(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), conn.Close(), f.writing.Close())
	}
	f.reading.SetMaxOpenConns(o.Readers)
	f.reading.SetMaxIdleConns(o.Readers)
	f.reads = &prepared{on: f.reading}
	f.queries = New(reader{f.reads, o.done})
	f.writer = startWriter(conn, o, inside)
	return f, nil
}

func (f *sqliteFile) tx(ctx context.Context, _ isolation, fn func(q *Queries) error) error {
	return f.writer.do(ctx, fn)
}

func (f *sqliteFile) read() *Queries { return f.queries }

// close closes the readers first: the last connection to leave writes the log
// back into the file, and only the writer may.
func (f *sqliteFile) close() error {
	f.closing.Do(func() {
		f.writer.end()
		f.closed = errors.Join(f.reads.close(), f.reading.Close(), f.writer.stmts.close(), f.writer.conn.Close(), f.writing.Close())
	})
	return f.closed
}

// pragmas hold for every connection; busy_timeout stands first, so that it
// already holds for the others.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
	"&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)&_pragma=wal_autocheckpoint(8000)"

func writerDSN(path string) string { return fileURI(path) + "?" + pragmas + "&_txlock=immediate" }

// readerDSN is deferred: with immediate a reader's BEGIN takes the write lock.
func readerDSN(path string) string {
	return fileURI(path) + "?" + pragmas + "&_pragma=query_only(1)&_txlock=deferred"
}

// fileURI escapes what a path may hold and a URI may not.
func fileURI(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "file:" + strings.Join(parts, "/")
}
