package task

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
)

// Alarm is what an operator should know, or, when it is Over, need not any more.
type Alarm struct {
	// Code is one of the Alarm constants. Subject is a task's id, or the kind's
	// name when the other side is away, since that strikes all of its tasks.
	Code, Subject, Message string
	Over                   bool
}

// The alarms of the engine.
const (
	AlarmHeld        = "task.held"        // a person must decide
	AlarmUnavailable = "task.unavailable" // the other side has been away for a while
	AlarmSettling    = "task.settling"    // what follows from a finished call cannot be written
	AlarmLate        = "task.late"        // the other side takes longer than it should
)

const (
	alarmingFailures = 6 // tries in a row that came to nothing
	alarmingSettles  = 3
)

// alarmFor is the alarm that a task rings in the state it has come to, if any.
func (e *Engine) alarmFor(c claim, end ending, now time.Time) Alarm {
	switch {
	case end.state == Held:
		return heldAlarm(c.row.ID, c.row.Kind, c.row.Subject, end.code())
	case end.state == Settling && end.failures >= alarmingSettles:
		return Alarm{Code: AlarmSettling, Subject: c.row.ID, Message: fmt.Sprintf("%s for %s is over outside and cannot be written down", c.row.Kind, c.row.Subject)}
	case end.failures >= alarmingFailures:
		return Alarm{Code: AlarmUnavailable, Subject: c.row.Kind, Message: fmt.Sprintf("%s has been failing for a while: %s", c.row.Kind, end.code())}
	case end.state == Waiting && c.late(now):
		return Alarm{Code: AlarmLate, Subject: c.row.ID, Message: fmt.Sprintf("%s for %s has been waiting since %s", c.row.Kind, c.row.Subject, c.row.WaitingAt.Time().Format(time.RFC3339))}
	default:
		return Alarm{}
	}
}

func (c claim) late(now time.Time) bool {
	return c.kind.AlarmAfter > 0 && !c.row.WaitingAt.IsZero() && !now.Before(c.row.WaitingAt.Time().Add(c.kind.AlarmAfter))
}

// ring raises an alarm and ends the one before it that is no longer true.
func (e *Engine) ring(ctx context.Context, q *db.Queries, row db.Task, a Alarm) error {
	if row.Alarm != "" && row.Alarm != a.Code {
		over := Alarm{Code: row.Alarm, Subject: alarmSubject(row), Over: true}
		if err := e.tell(ctx, q, over); err != nil {
			return err
		}
	}
	if a.Code == "" {
		return nil
	}
	return e.tell(ctx, q, a)
}

func alarmSubject(row db.Task) string {
	if row.Alarm == AlarmUnavailable {
		return row.Kind
	}
	return row.ID
}

func (e *Engine) tell(ctx context.Context, q *db.Queries, a Alarm) error {
	if e.alarm == nil {
		return nil
	}
	if err := e.alarm(ctx, q, a); err != nil {
		return fmt.Errorf("alarm %s for %s: %w", a.Code, a.Subject, err)
	}
	return nil
}
