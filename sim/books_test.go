package sim_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// books are a shop's database, read from beside it.
type books struct {
	ctx  context.Context
	conn interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	close func()
	// must ends the test over an error.
	must func(err error, what string)
}

func openBooks(ctx context.Context, path string, must func(error, string)) *books {
	conn, err := sql.Open("sqlite", "file:"+url.PathEscape(path)+"?mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(10000)")
	must(err, "open the books")
	return &books{ctx: ctx, conn: conn, must: must, close: func() { must(conn.Close(), "close the books") }}
}

func (w *world) books() *books { return openBooks(w.ctx, w.path, w.must) }

// row is a row by its columns' names.
type row map[string]any

// text and number are a column's value; a mistake in a name is seen at once.
func (r row) text(name string) string {
	text, is := r[name].(string)
	if !is {
		panic(fmt.Sprintf("column %s is %T", name, r[name]))
	}
	return text
}

func (r row) number(name string) int64 {
	n, is := r[name].(int64)
	if !is {
		panic(fmt.Sprintf("column %s is %T", name, r[name]))
	}
	return n
}

// ask runs a query.
func (b *books) ask(query string, args ...any) []row {
	found, err := b.conn.QueryContext(b.ctx, query, args...)
	b.must(err, query)
	defer found.Close()
	names, err := found.Columns()
	b.must(err, query)
	var rows []row
	for found.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		b.must(found.Scan(into...), query)
		r := row{}
		for i, name := range names {
			r[name] = values[i]
		}
		rows = append(rows, r)
	}
	b.must(found.Err(), query)
	return rows
}

// secret are columns that are random on purpose, and from a better source than a
// seed: what is sealed, salted or a token.
func secret(column string) bool {
	return slices.ContainsFunc([]string{"hash", "sealed", "secret", "next_action"}, func(part string) bool { return strings.Contains(column, part) })
}

// sealed is what is sealed within a document: the same secret never looks the same.
var sealed = regexp.MustCompile(`s1\.[0-9a-f]+\.[\w-]+`)

// digest is all that is in the books, table by table.
func (b *books) digest() map[string]string {
	sums := map[string]string{}
	for _, t := range b.ask(`SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%'`) {
		var columns []string
		for _, c := range b.ask(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, t.text("name")) {
			if name := c.text("name"); !secret(name) {
				columns = append(columns, name)
			}
		}
		sum := sha256.New()
		list := strings.Join(columns, ", ")
		for _, r := range b.ask("SELECT " + list + " FROM " + t.text("name") + " ORDER BY " + list) {
			for _, c := range columns {
				fmt.Fprint(sum, sealed.ReplaceAllString(fmt.Sprint(r[c]), "sealed"), "|")
			}
			fmt.Fprintln(sum)
		}
		sums[t.text("name")] = hex.EncodeToString(sum.Sum(nil)[:8])
	}
	return sums
}
