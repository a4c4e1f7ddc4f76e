package db

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"sync"
)

// dialect turns the placeholders of the generated SQL, ? and ?1, into
// PostgreSQL's $1, once for each query.
type dialect struct {
	texts sync.Map // generated -> rewritten
}

func (d *dialect) text(query string) string {
	if t, ok := d.texts.Load(query); ok {
		return t.(string)
	}
	t := numbered(query)
	d.texts.Store(query, t)
	return t
}

// numbered leaves quoted text, quoted names and comments alone. A bare ? counts
// on from the highest number so far, as in SQLite.
func numbered(query string) string {
	var out strings.Builder
	highest := 0
	for i := 0; i < len(query); {
		if n := skipped(query[i:]); n > 0 {
			out.WriteString(query[i : i+n])
			i += n
			continue
		}
		if query[i] != '?' {
			out.WriteByte(query[i])
			i++
			continue
		}
		end := i + 1
		for end < len(query) && query[end] >= '0' && query[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(query[i+1 : end])
		if err != nil {
			n = highest + 1
		}
		highest = max(highest, n)
		out.WriteString("$" + strconv.Itoa(n))
		i = end
	}
	return out.String()
}

// skipped is the length of the quoted text or comment that s starts with, or 0.
func skipped(s string) int {
	for _, part := range []struct{ opens, closes string }{{"'", "'"}, {`"`, `"`}, {"--", "\n"}, {"/*", "*/"}} {
		if !strings.HasPrefix(s, part.opens) {
			continue
		}
		inner := s[len(part.opens):]
		if end := strings.Index(inner, part.closes); end >= 0 {
			return len(part.opens) + end + len(part.closes)
		}
		return len(s)
	}
	return 0
}

// dollars is a connection that is given generated SQL and runs PostgreSQL's.
// pgx prepares each text once for a connection by itself.
type dollars struct {
	next  DBTX
	texts *dialect
}

func (d dollars) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return d.next.ExecContext(ctx, d.texts.text(query), args...)
}

func (d dollars) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return d.next.PrepareContext(ctx, d.texts.text(query))
}

func (d dollars) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return d.next.QueryContext(ctx, d.texts.text(query), args...)
}

func (d dollars) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return d.next.QueryRowContext(ctx, d.texts.text(query), args...)
}
