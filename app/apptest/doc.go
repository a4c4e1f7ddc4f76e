// Package apptest opens a whole shop for a test: the real app on a real database,
// with the stand-ins for the outside world on real HTTP beside it, time that
// stands still until it is moved, and a switch that cuts the power.
//
// It owns no expectation: what must hold is said by the tests that use it.
package apptest
