// Command bench measures the shop against its bars: a page of the catalogue
// beside a bare Fiber handler, a sync of the catalogue, orders from quote to
// delivery, a run of renewals, and the start of the real program.
//
//	go run ./bench             # all of it; exit status 1 when a bar is missed
//	go run ./bench -only page  # one of: disk, page, sync, orders, renewals, start
//	go test -bench . ./bench   # the same as Go benchmarks
//
// Everything is the real thing: the app as it is served, SQLite with
// synchronous=FULL in a file, workers of its own, stand-ins for the outside world
// over HTTP on the loopback. Each figure stands beside a limit or a peer of its
// own that is measured in the same run, since a machine is never twice as busy.
//
// It owns no threshold of a test: speed is looked at here, and go test ./... says
// nothing about it.
package main
