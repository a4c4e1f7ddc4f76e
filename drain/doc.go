// Package drain owns an orderly stop: it counts what is under way, so that a
// stop begins nothing more, waits for what runs, and cuts it off when the wait
// gets too long.
//
// It does not know what is under way: tasks (package task) and jobs (package
// cron) are.
package drain
