package db_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hostfront/db/dbtest"
)

// statements are the SQL texts that sqlc generated, by name.
func statements(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.sql_gen.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated queries: %v", err)
	}
	found := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			c, ok := n.(*ast.ValueSpec)
			if !ok || len(c.Values) != 1 {
				return true
			}
			if text, ok := c.Values[0].(*ast.BasicLit); ok && text.Kind == token.STRING {
				if query, err := strconv.Unquote(text.Value); err == nil && strings.HasPrefix(query, "-- name:") {
					found[c.Names[0].Name] = query
				}
			}
			return true
		})
	}
	return found
}

// sqlc reads one dialect and checks little of the other; the engine itself has
// the last word about every statement.
func TestEveryStatementIsAcceptedByTheEngine(t *testing.T) {
	t.Parallel()
	s, ctx := dbtest.Open(t), context.Background()
	all := statements(t)
	if len(all) < 5 {
		t.Fatalf("only %d statements were found", len(all))
	}
	for name, query := range all {
		prepared, err := s.Read().Conn().PrepareContext(ctx, query)
		if err != nil {
			t.Errorf("%s is refused by %s: %v\n%s", name, s.Engine(), err, query)
			continue
		}
		prepared.Close()
	}
	for _, bad := range []string{"SELECT nothing FROM nowhere", "SELECT FROM WHERE"} {
		if prepared, err := s.Read().Conn().PrepareContext(ctx, bad); err == nil {
			prepared.Close()
			t.Errorf("%q was accepted: this test would accept anything", bad)
		}
	}
}
