package cron

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/tally"
)

// AlarmFailed is the alarm that is open while a job's latest run failed; its
// subject is the job's name.
const AlarmFailed = "cron.failed"

// AlarmSkipped is the alarm that is open while a job's latest run skipped something; its
// subject is the job's name.
const AlarmSkipped = "cron.skipped"

// finish closes the run, frees the job and says when it is due next: the first
// slot after now, however many were missed.
func (s *Schedule) finish(ctx context.Context, t turn, report *tally.Report, failure error) error {
	state := Done
	text, err := json.Marshal(report)
	if err != nil {
		failure = errors.Join(failure, fmt.Errorf("report: %w", err))
	}
	if failure != nil {
		state = Failed
		s.logFailure(t, failure)
	}
	err = s.store.Tx(ctx, func(q *db.Queries) error {
		now := s.clock.Now()
		due := t.due
		if due <= db.At(now) {
			due = t.entry.next(now)
		}
		n, err := q.CronJobFree(ctx, db.CronJobFreeParams{DueAt: due, Name: t.entry.Name, LeaseToken: t.id})
		if err != nil || n == 0 {
			return err // without the lease, whoever took over has closed the run
		}
		_, err = q.CronRunClose(ctx, db.CronRunCloseParams{
			State: string(state), Report: string(text), Error: errorText(failure), EndedAt: db.At(now), ID: t.id,
		})
		if err != nil {
			return err
		}
		return s.tell(ctx, q, t, report, failure)
	})
	if err != nil {
		return fmt.Errorf("write the run of job %s: %w", t.entry.Name, err)
	}
	return nil
}

func (s *Schedule) logFailure(t turn, failure error) {
	attrs := []any{"job", t.entry.Name, "run", t.id, "error", failure}
	var p *errPanicked
	if errors.As(failure, &p) {
		attrs = append(attrs, "stack", string(p.stack))
	}
	s.log.Error("job failed", attrs...)
}

func (s *Schedule) tell(ctx context.Context, q *db.Queries, t turn, report *tally.Report, failure error) error {
	if s.events == nil {
		return nil
	}
	if err := s.tellSkipped(ctx, q, t, report); err != nil {
		return err
	}
	if failure == nil {
		return s.events.Clear(ctx, q, AlarmFailed, t.entry.Name)
	}
	return s.events.Raise(ctx, q, event.Alarm{
		Code: AlarmFailed, Subject: t.entry.Name, Message: fmt.Sprintf("Job %s failed: %s", t.entry.Name, errorText(failure)),
	})
}

// tellSkipped rings while a job passes something over: what it was is dealt with by
// nobody until it is mended.
func (s *Schedule) tellSkipped(ctx context.Context, q *db.Queries, t turn, report *tally.Report) error {
	if report == nil {
		return nil
	}
	if report.SkippedCount == 0 {
		return s.events.Clear(ctx, q, AlarmSkipped, t.entry.Name)
	}
	first := report.Skipped[0]
	return s.events.Tell(ctx, q, event.Alarm{
		Code: AlarmSkipped, Subject: t.entry.Name,
		Message: fmt.Sprintf("Job %s skipped %d, the first: %s, %s", t.entry.Name, report.SkippedCount, first.ID, first.Reason),
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
