package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hostfront/db"
)

// template is the name of the migrated PostgreSQL database that tests copy. It
// is made by the first test that needs one and named by the schema's content, so
// that every package's tests share it and a changed schema gets another.
var template = sync.OnceValues(func() (string, error) {
	sum := sha256.New()
	files, err := fs.Glob(db.Migrations(), "*.sql")
	if err != nil {
		return "", err
	}
	for _, name := range files {
		content, err := fs.ReadFile(db.Migrations(), name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content)
	}
	return "hostfront_template_" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
})

// postgresCopy makes a database from the template and drops it at the end.
func postgresCopy(t testing.TB, at string) string {
	t.Helper()
	return postgresMade(t, at, func(ctx context.Context, name string) error { return create(ctx, at, name) })
}

// postgresCopyOf makes a database from another that nobody is connected to.
func postgresCopyOf(t testing.TB, at, from string) string {
	t.Helper()
	return postgresMade(t, at, func(ctx context.Context, name string) error {
		return onServer(ctx, at, func(c *pgx.Conn) error { return copyOf(ctx, c, from, name) })
	})
}

func postgresMade(t testing.TB, at string, make func(ctx context.Context, name string) error) string {
	t.Helper()
	ctx := context.Background()
	name := "hostfront_test_" + strings.ToLower(rand.Text()[:16])
	if err := make(ctx, name); err != nil {
		t.Fatalf("make a test database on PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := onServer(ctx, at, func(c *pgx.Conn) error {
			_, err := c.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
			return err
		}); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return withDatabase(at, name)
}

func create(ctx context.Context, at, name string) error {
	from, err := template()
	if err != nil {
		return err
	}
	return onServer(ctx, at, func(c *pgx.Conn) error {
		err := copyOf(ctx, c, from, name)
		var refused *pgconn.PgError
		const noSuchDatabase = "3D000"
		if !errors.As(err, &refused) || refused.Code != noSuchDatabase {
			return err
		}
		if err := makeTemplate(ctx, c, at, from); err != nil {
			return err
		}
		return copyOf(ctx, c, from, name)
	})
}

func copyOf(ctx context.Context, c *pgx.Conn, from, name string) error {
	_, err := c.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+from+" STRATEGY FILE_COPY")
	return err
}

// makeTemplate migrates a draft and renames it, under a lock: other packages'
// tests start at the same time.
func makeTemplate(ctx context.Context, c *pgx.Conn, at, name string) error {
	const key = 7265742 // any number that only this function uses
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return err
	}
	defer c.Exec(ctx, "SELECT pg_advisory_unlock($1)", key)
	var made bool
	if err := c.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&made); err != nil || made {
		return err
	}
	draft := name + "_draft"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + draft + " WITH (FORCE)", "CREATE DATABASE " + draft} {
		if _, err := c.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := migrate(withDatabase(at, draft)); err != nil {
		return err
	}
	_, err := c.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
	return err
}

func onServer(ctx context.Context, at string, do func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	return errors.Join(do(c), c.Close(ctx))
}

// databaseOf is the name of the database in a URL.
func databaseOf(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// withDatabase is the server's URL with another database in it.
func withDatabase(at, name string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	u.Path = "/" + name
	return u.String()
}
