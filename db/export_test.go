package db

// The tests reach the connection under a Queries for statements that no query
// file has.

// Conn is the connection, or the pool, that q runs on.
func (q *Queries) Conn() DBTX { return q.db }

// Numbered is the rewriting of placeholders for PostgreSQL.
func Numbered(query string) string { return numbered(query) }

// GoroutineID is the number of the calling goroutine.
func GoroutineID() uint64 { return goroutineID() }

// NewestVersion is the highest migration of this program.
func NewestVersion() (int64, error) { return newestVersion() }
