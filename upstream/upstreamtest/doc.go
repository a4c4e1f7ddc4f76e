// Package upstreamtest owns the conformance suite of the upstream capabilities:
// what every adapter must hold to, whatever its supplier. It runs against the
// adapter's sandbox over real HTTP and does not own any dialect.
//
// An adapter's test calls Run with a Subject; capabilities that the adapter does
// not have are skipped.
package upstreamtest
