// Package dbtest opens databases for tests: real ones, migrated, one for each
// test. Only tests import it.
package dbtest
