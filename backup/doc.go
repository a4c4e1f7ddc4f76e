// Package backup keeps copies of a live SQLite database in a folder: it makes one as of
// one instant, checks it before it gets its name, and removes those that are not to be
// kept any more.
//
// A copy is good when every page and every reference in it is whole, its schema is this
// program's, and it holds at least the ledger that was there before it was begun. Its
// books are audited as well; rows that break an invariant are told and do not undo the
// copy, which shows the database as it was.
//
// It touches no file whose name it did not give, and never the newest copy. PostgreSQL
// is not its concern: pg_dump is.
package backup
