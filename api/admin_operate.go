package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"hostfront/account"
	"hostfront/cron"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/tally"
)

// TimeMachine moves the business clock; only a demo has one.
type TimeMachine interface {
	Now() time.Time
	// MoveTo moves forward to t, doing on the way all that falls due.
	MoveTo(ctx context.Context, t time.Time) error
}

// RunAnswer is one run of a job.
type RunAnswer struct {
	ID        string        `json:"id"`
	Job       string        `json:"job"`
	Asked     bool          `json:"asked" doc:"Asked for by staff, not by the schedule"`
	State     string        `json:"state"`
	Report    *ReportAnswer `json:"report,omitempty" doc:"What it did"`
	Error     string        `json:"error,omitempty"`
	StartedAt time.Time     `json:"started_at"`
	EndedAt   *time.Time    `json:"ended_at,omitempty"`
}

// ReportAnswer is what a run did, the same for every job.
type ReportAnswer struct {
	Done         int            `json:"done" doc:"How many things it dealt with"`
	Counts       map[string]int `json:"counts" doc:"Figures of the job's own"`
	Skipped      []SkipAnswer   `json:"skipped" doc:"What it could not deal with, at most a hundred of them; it stopped nothing else"`
	SkippedCount int            `json:"skipped_count"`
	Notes        []string       `json:"notes,omitempty"`
}

// SkipAnswer is something that a run passed over, and why.
type SkipAnswer struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// JobAnswer is a job and when it runs next.
type JobAnswer struct {
	Name    string    `json:"name"`
	Spec    string    `json:"spec" doc:"A cron expression, UTC"`
	DueAt   time.Time `json:"due_at"`
	Running bool      `json:"running"`
}

// AlarmAnswer is something an operator should look at.
type AlarmAnswer struct {
	ID       string    `json:"id"`
	Code     string    `json:"code"`
	Subject  string    `json:"subject"`
	Message  string    `json:"message"`
	Raises   int64     `json:"raises" doc:"How often it was raised since it opened"`
	RaisedAt time.Time `json:"raised_at"`
	LatestAt time.Time `json:"latest_at"`
}

// AuditAnswer is one entry of the audit log.
type AuditAnswer struct {
	ID      string    `json:"id"`
	AdminID string    `json:"admin_id"`
	Action  string    `json:"action"`
	Subject string    `json:"subject"`
	Before  any       `json:"before,omitempty"`
	After   any       `json:"after,omitempty"`
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

// ClockAnswer is the shop's time.
type ClockAnswer struct {
	Now time.Time `json:"now"`
}

type jobInput struct {
	Name string `path:"name" maxLength:"100"`
}

type jobRunsInput struct {
	Name string `path:"name" maxLength:"100"`
	PageInput
}

type auditInput struct {
	PageInput
	Subject string `query:"subject" maxLength:"64" doc:"Only entries about this"`
}

type clockInput struct {
	Body struct {
		Now time.Time `json:"now" doc:"Move forward to here"`
	}
}

// adminOperateRoutes are jobs, alarms, the audit log and the demo's clock.
func (s *Server) adminOperateRoutes() {
	handle(s, operation{ID: "admin-list-jobs", Method: http.MethodGet, Path: "/v1/admin/jobs", Tag: "Admin: operation", Access: admin,
		Summary: "The jobs and when they run"}, s.adminListJobs)
	handle(s, operation{ID: "admin-run-job", Method: http.MethodPost, Path: "/v1/admin/jobs/{name}/run", Tag: "Admin: operation", Access: admin,
		Summary: "Run a job now and wait for it"}, s.adminRunJob)
	handle(s, operation{ID: "admin-list-job-runs", Method: http.MethodGet, Path: "/v1/admin/jobs/{name}/runs", Tag: "Admin: operation", Cursor: "run", Access: admin,
		Summary: "What a job did, newest run first"}, s.adminJobRuns)
	handle(s, operation{ID: "admin-list-alarms", Method: http.MethodGet, Path: "/v1/admin/alarms", Tag: "Admin: operation", Cursor: "alm", Access: admin,
		Summary: "What somebody should look at"}, s.adminListAlarms)
	handle(s, operation{ID: "admin-list-audit", Method: http.MethodGet, Path: "/v1/admin/audit-log", Tag: "Admin: operation", Cursor: "aud", Access: admin,
		Summary: "Who changed what, newest first"}, s.adminAuditLog)
	handle(s, operation{ID: "admin-get-clock", Method: http.MethodGet, Path: "/v1/admin/clock", Tag: "Admin: operation", Access: admin,
		Summary: "The shop's time"}, s.adminGetClock)
	handle(s, operation{ID: "admin-move-clock", Method: http.MethodPost, Path: "/v1/admin/clock", Tag: "Admin: operation", Access: admin,
		Summary: "Move the demo's clock forward, doing on the way all that falls due"}, s.adminMoveClock)
}

// adminListJobs is GET /v1/admin/jobs.
func (s *Server) adminListJobs(ctx context.Context, _ *struct{}) (*pageOutput[JobAnswer], error) {
	jobs, err := s.cfg.Jobs.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	return pageOf(jobs, "", func(j cron.Status) JobAnswer { return JobAnswer(j) }), nil
}

// adminRunJob is POST /v1/admin/jobs/{name}/run.
func (s *Server) adminRunJob(ctx context.Context, in *jobInput) (*body[RunAnswer], error) {
	run, err := audited(ctx, s, change{"job.run", in.Name, nil}, func() (cron.Run, error) {
		return s.cfg.Jobs.RunNow(context.WithoutCancel(ctx), in.Name)
	})
	if err != nil {
		return nil, err
	}
	return &body[RunAnswer]{runAnswer(run)}, nil
}

// adminJobRuns is GET /v1/admin/jobs/{name}/runs.
func (s *Server) adminJobRuns(ctx context.Context, in *jobRunsInput) (*pageOutput[RunAnswer], error) {
	runs, err := s.cfg.Jobs.History(ctx, in.Name, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(runs, nextOf(runs, in.Limit, func(r cron.Run) string { return r.ID }), runAnswer), nil
}

// adminListAlarms is GET /v1/admin/alarms.
func (s *Server) adminListAlarms(ctx context.Context, in *PageInput) (*pageOutput[AlarmAnswer], error) {
	alarms, err := s.cfg.Events.OpenAlarms(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(alarms, in.Limit, func(a event.Alarm) string { return a.ID })
	return pageOf(alarms, next, alarmAnswer), nil
}

// adminAuditLog is GET /v1/admin/audit-log.
func (s *Server) adminAuditLog(ctx context.Context, in *auditInput) (*pageOutput[AuditAnswer], error) {
	entries, next, err := s.auditEntries(ctx, in)
	if err != nil {
		return nil, err
	}
	return pageOf(entries, next, auditAnswer), nil
}

func auditAnswer(e account.AuditEntry) AuditAnswer {
	answer := AuditAnswer(e)
	answer.Before, answer.After = present(e.Before), present(e.After)
	return answer
}

// present is a stored value, or nil for one that was stored as null.
func present(v any) any {
	if raw, ok := v.(json.RawMessage); ok && (len(raw) == 0 || string(raw) == "null") {
		return nil
	}
	return v
}

func (s *Server) auditEntries(ctx context.Context, in *auditInput) ([]account.AuditEntry, string, error) {
	if in.Subject != "" {
		return s.cfg.Accounts.AuditTrail(ctx, in.Subject, in.Cursor, in.Limit)
	}
	return s.cfg.Accounts.AuditLog(ctx, in.Cursor, in.Limit)
}

// adminGetClock is GET /v1/admin/clock.
func (s *Server) adminGetClock(context.Context, *struct{}) (*body[ClockAnswer], error) {
	return &body[ClockAnswer]{ClockAnswer{Now: s.cfg.Clock.Now()}}, nil
}

// maxMove is how far the clock moves at once. All that falls due on the way is done
// and nothing stops it: a mistyped year would keep the shop busy for days.
const maxMove = 400 * 24 * time.Hour

// adminMoveClock is POST /v1/admin/clock. A month of work may outlive the
// request's deadline, so it runs on without it.
func (s *Server) adminMoveClock(ctx context.Context, in *clockInput) (*body[ClockAnswer], error) {
	if s.cfg.Time == nil {
		return nil, fault.New(fault.Conflict, "clock_fixed", "Time can be moved only in the demo.")
	}
	_, err := auditedVoid(ctx, s, change{"clock.move", "", in.Body}, func() error {
		if limit := s.cfg.Clock.Now().Add(maxMove); in.Body.Now.After(limit) {
			return fault.InvalidField("now", "too_far", "Time moves at most 400 days at once: to %s at the latest.", limit.Format(time.RFC3339))
		}
		return s.cfg.Time.MoveTo(context.WithoutCancel(ctx), in.Body.Now)
	})
	if err != nil {
		return nil, err
	}
	return s.adminGetClock(ctx, nil)
}

func runAnswer(r cron.Run) RunAnswer {
	return RunAnswer{
		ID: r.ID, Job: r.Job, Asked: r.Asked, State: string(r.State), Report: reportAnswer(r.Report), Error: r.Error,
		StartedAt: r.StartedAt, EndedAt: instant(r.EndedAt),
	}
}

func reportAnswer(r *tally.Report) *ReportAnswer {
	if r == nil {
		return nil
	}
	skipped := make([]SkipAnswer, 0, len(r.Skipped))
	for _, s := range r.Skipped {
		skipped = append(skipped, SkipAnswer(s))
	}
	return &ReportAnswer{Done: r.Done, Counts: r.Counts, Skipped: skipped, SkippedCount: r.SkippedCount, Notes: r.Notes}
}

func alarmAnswer(a event.Alarm) AlarmAnswer {
	return AlarmAnswer{
		ID: a.ID, Code: a.Code, Subject: a.Subject, Message: a.Message,
		Raises: a.Raises, RaisedAt: a.RaisedAt, LatestAt: a.LatestAt,
	}
}
