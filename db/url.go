package db

import (
	"fmt"
	"strings"
)

// location is a database URL, understood.
type location struct {
	engine string
	// dsn is the path of the SQLite file, or PostgreSQL's URL as it was given.
	dsn string
}

// parseURL tells the engines apart. The URL may hold a password, so that no
// error repeats more of it than its scheme.
func parseURL(url string) (location, error) {
	scheme, rest, hasScheme := strings.Cut(url, "://")
	switch {
	case url == "":
		return location{}, fmt.Errorf("the database URL is empty: give a file such as hostfront.db, or postgres://…")
	case strings.Contains(url, ":memory:"):
		return location{}, fmt.Errorf("a database in memory is not supported: give a file, or postgres://…")
	case hasScheme && (scheme == "postgres" || scheme == "postgresql"):
		return location{Postgres, url}, nil
	case hasScheme && (scheme == "sqlite" || scheme == "file"):
		return location{SQLite, rest}, nil
	case hasScheme:
		return location{}, fmt.Errorf("the database URL has the scheme %q: only postgres:// or the path of an SQLite file will do", scheme)
	}
	path := url
	for _, prefix := range []string{"sqlite:", "file:"} {
		path = strings.TrimPrefix(path, prefix)
	}
	return location{SQLite, path}, nil
}
