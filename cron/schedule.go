package cron

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	robfig "github.com/robfig/cron/v3"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/drain"
	"hostfront/event"
	"hostfront/tally"
)

// Job is work that is done on a schedule.
type Job struct {
	// Name is stable, "billing.renew": the history hangs on it.
	Name string
	// Spec is a line of cron in UTC, "15 3 * * *", or "@every 1m".
	Spec string
	// Run does the work, under ctx, and reports what it did, for the history; nil is nothing.
	// It must be safe to run again after a crash.
	Run func(ctx context.Context) (report *tally.Report, err error)
}

// ErrStopped is what a schedule that was stopped answers.
var ErrStopped = drain.ErrStopped

// Config is what a Schedule is handed.
type Config struct {
	Store *db.Store
	// Clock is the shop's: when jobs are due. Steady is for leases; nil is the
	// wall clock.
	Clock, Steady clock.Clock
	Log           *slog.Logger
	// SoleOwner says that no other process works on this database: leases that are
	// there at the start are a dead process's, and end.
	SoleOwner bool
	// Events gets an alarm while a job fails. Nil only logs.
	Events *event.Log
}

// Schedule knows the jobs and runs those that are due.
type Schedule struct {
	store     *db.Store
	clock     clock.Clock
	steady    clock.Clock
	log       *slog.Logger
	events    *event.Log
	soleOwner bool

	jobs  map[string]*entry
	wrong error // a job that cannot be, told at Start and Step

	ready   sync.Mutex
	written bool // the jobs are in the database

	work *drain.Group
}

// entry is a registered job with its schedule read.
type entry struct {
	Job
	times robfig.Schedule
}

// New is a schedule without jobs, standing still.
func New(c Config) *Schedule {
	if c.Steady == nil {
		c.Steady = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Schedule{
		store: c.Store, clock: c.Clock, steady: c.Steady, log: c.Log, events: c.Events, soleOwner: c.SoleOwner,
		jobs: map[string]*entry{}, work: drain.New(),
	}
	return s
}

// Register makes jobs known, before Start and the first Step; what is wrong with
// one is told there.
func (s *Schedule) Register(jobs ...Job) {
	for _, j := range jobs {
		if err := s.register(j); err != nil {
			s.wrong = errors.Join(s.wrong, err)
		}
	}
}

func (s *Schedule) register(j Job) error {
	if j.Name == "" || j.Run == nil {
		return fmt.Errorf("job %q has no name or nothing to run", j.Name)
	}
	if _, twice := s.jobs[j.Name]; twice {
		return fmt.Errorf("job %s is registered twice", j.Name)
	}
	times, err := parse(j.Spec)
	if err != nil {
		return fmt.Errorf("job %s: %w", j.Name, err)
	}
	s.jobs[j.Name] = &entry{Job: j, times: times}
	return nil
}

// parse reads a spec. A zone of its own is refused: all times are UTC.
func parse(spec string) (robfig.Schedule, error) {
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("schedule %q names a time zone: all times are UTC", spec)
	}
	times, err := robfig.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", spec, err)
	}
	return times, nil
}

// next is the first slot after t. A schedule with no slot left (30 February) is
// due in the far future.
func (e *entry) next(t time.Time) db.Instant {
	at := e.times.Next(t.UTC())
	if at.IsZero() {
		return db.At(t.AddDate(100, 0, 0))
	}
	return db.At(at)
}
