// Package cron owns the schedule: named jobs, when each is due, who runs it, and
// what came of it.
//
// Due instants are stored and are of the shop's clock, so that a moved clock and a
// restart find them. A job is run by one process at a time, under a lease of the
// steady clock that the runner extends while it works. It stays due until a run
// has ended: one that a crash cut short is made again. However many slots were
// missed, it runs once.
//
// robfig/cron reads the specs and says what comes next, no more. What a job does
// belongs to the package that registers it; a job only starts work that is safe to
// start again.
package cron
