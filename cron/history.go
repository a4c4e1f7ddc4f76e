package cron

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/tally"
)

// State is where a run stands.
type State string

// The states of a run. A lost one's process is gone; the job was run again.
const (
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
	Lost    State = "lost"
)

// Run is one run of a job.
type Run struct {
	ID, Job string
	// Asked is true for a run that RunNow made.
	Asked bool
	State State
	// Report is what the job said it did, nil when it said nothing; Error why it failed.
	Report *tally.Report
	Error  string
	// SlotAt is the slot it ran for; zero when it was asked for and not due.
	SlotAt, StartedAt, EndedAt time.Time
}

// Status is a job and when it is due.
type Status struct {
	Name, Spec string
	DueAt      time.Time
	Running    bool
}

// Jobs are the registered jobs, the next due first.
func (s *Schedule) Jobs(ctx context.Context) ([]Status, error) {
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	rows, err := s.store.Read().CronJobs(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the jobs: %w", err)
	}
	steady := db.At(s.steady.Now())
	jobs := make([]Status, 0, len(rows))
	for _, r := range rows {
		if s.jobs[r.Name] != nil {
			jobs = append(jobs, Status{
				Name: r.Name, Spec: r.Spec, DueAt: r.DueAt.Time(), Running: r.LeaseToken != "" && r.LeaseUntil > steady,
			})
		}
	}
	return jobs, nil
}

// History is a page of a job's runs, the latest first, from behind a cursor (the
// id of the last one seen).
func (s *Schedule) History(ctx context.Context, name, cursor string, limit int) ([]Run, error) {
	if s.jobs[name] == nil {
		return nil, fault.Missing("job", name)
	}
	rows, err := s.store.Read().CronRuns(ctx, db.CronRunsParams{Job: name, BeforeID: cursor, MaxRows: pageSize(limit)})
	if err != nil {
		return nil, fmt.Errorf("read the runs of job %s: %w", name, err)
	}
	runs := make([]Run, 0, len(rows))
	for _, r := range rows {
		runs = append(runs, runOf(r))
	}
	return runs, nil
}

func (s *Schedule) runByID(ctx context.Context, id string) (Run, error) {
	row, err := s.store.Read().CronRunByID(ctx, id)
	if err != nil {
		return Run{}, fmt.Errorf("read run %s: %w", id, err)
	}
	return runOf(row), nil
}

func runOf(r db.CronRun) Run {
	run := Run{
		ID: r.ID, Job: r.Job, Asked: r.Asked, State: State(r.State), Error: r.Error,
		SlotAt: r.SlotAt.Time(), StartedAt: r.StartedAt.Time(), EndedAt: r.EndedAt.Time(),
	}
	run.Report = reportOf(r.Report)
	return run
}

// reportOf reads what a run reported. One of an older version, in another shape, shows
// what the two have in common.
func reportOf(text string) *tally.Report {
	if text == "" || text == "null" {
		return nil
	}
	r := tally.New()
	if json.Unmarshal([]byte(text), r) != nil {
		return nil
	}
	return r
}

func pageSize(asked int) int64 {
	const usual, most = 50, 200
	if asked <= 0 {
		return usual
	}
	return int64(min(asked, most))
}
