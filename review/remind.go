package review

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/tally"
	"hostfront/task"
)

const day = 24 * time.Hour

// Remind rings for the questions whose deadline is near: once when a week is left, and
// again at three days, at one, when it is over, and each day after that.
func Remind(ctx context.Context, store *db.Store, tasks *task.Engine, events *event.Log) (*tally.Report, error) {
	report := tally.New()
	filter := task.Filter{State: task.Held, Kind: Kind, Limit: 200}
	for {
		page, next, err := tasks.List(ctx, filter)
		if err != nil {
			return report, err
		}
		for _, t := range page {
			report.Count("open", 1)
			report.Skip(t.ID, tally.One(func() error {
				return remindOf(ctx, store, events, reminder{task: t, now: tasks.Now(), report: report})
			}))
		}
		if next == "" {
			return report, nil
		}
		filter.Cursor = next
	}
}

type reminder struct {
	task   task.Task
	now    time.Time
	report *tally.Report
}

func remindOf(ctx context.Context, store *db.Store, events *event.Log, r reminder) error {
	p, err := Of(r.task)
	if err != nil {
		return err
	}
	left := nearness(p.Deadline, r.now)
	if left == "" {
		return nil
	}
	r.report.Count("near", 1)
	return store.Tx(ctx, func(q *db.Queries) error {
		return events.Tell(ctx, q, event.Alarm{
			Code: AlarmDeadline, Subject: r.task.ID, Message: fmt.Sprintf("%s (%s): %s. %s", p.Code, p.About, left, p.Message),
		})
	})
}

// nearness says how near a deadline is; nothing while it is more than a week away.
func nearness(deadline, now time.Time) string {
	left := deadline.Sub(now)
	switch {
	case deadline.IsZero() || left > 7*day:
		return ""
	case left > 3*day:
		return "less than 7 days left"
	case left > day:
		return "less than 3 days left"
	case left > 0:
		return "less than a day left"
	default:
		return fmt.Sprintf("too late by %d days", int(-left/day))
	}
}
