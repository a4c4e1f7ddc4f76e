// Package app is the wiring: it reads the configuration, opens the database,
// builds every room with what it stands on, registers the task kinds, the jobs
// and the event subscribers, and runs the whole. It alone knows the concrete
// upstream and gateway plugins.
//
// What main, the demo, the tests, a simulation and the benchmarks start is the
// same: Open, then Run (or Step, to do the one next due thing), then Close. No
// business rule lives here.
package app
