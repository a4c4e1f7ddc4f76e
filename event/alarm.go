package event

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/task"
)

// Alarm is something that a person should look at. There is one open alarm for
// each code and subject; raised again it is counted.
type Alarm struct {
	// Code is stable: "catalog.price_jump". Subject is what it is about, or "".
	// Message says it to the operator.
	Code, Subject, Message string

	// The rest is read, never written: how often it was raised since it opened,
	// first and last.
	ID                 string
	Raises             int64
	RaisedAt, LatestAt time.Time
}

// Raise opens an alarm in the caller's transaction, or counts the one that is
// open.
func (l *Log) Raise(ctx context.Context, q *db.Queries, a Alarm) error {
	now := db.At(l.clock.Now())
	n, err := q.AlarmAgain(ctx, db.AlarmAgainParams{Message: a.Message, LatestAt: now, Code: a.Code, Subject: a.Subject})
	if err == nil && n == 0 {
		_, err = q.AlarmInsert(ctx, db.AlarmInsertParams{
			ID: l.store.NewID("alm"), Code: a.Code, Subject: a.Subject, Message: a.Message, RaisedAt: now, LatestAt: now,
		})
	}
	if err != nil {
		return fmt.Errorf("raise alarm %s for %s: %w", a.Code, a.Subject, err)
	}
	return nil
}

// Clear closes the open alarm of a code and subject, if there is one.
func (l *Log) Clear(ctx context.Context, q *db.Queries, code, subject string) error {
	_, err := q.AlarmClear(ctx, db.AlarmClearParams{ClearedAt: db.At(l.clock.Now()), Code: code, Subject: subject})
	if err != nil {
		return fmt.Errorf("clear alarm %s for %s: %w", code, subject, err)
	}
	return nil
}

// Tell opens an alarm, or counts the one that is open if it says something else by
// now: what is looked at often and changes seldom.
func (l *Log) Tell(ctx context.Context, q *db.Queries, a Alarm) error {
	open, err := q.AlarmOpenOf(ctx, db.AlarmOpenOfParams{Code: a.Code, Subject: a.Subject})
	if err == nil && open.Message == a.Message {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read alarm %s for %s: %w", a.Code, a.Subject, err)
	}
	return l.Raise(ctx, q, a)
}

// OpenAlarms is a page of the open alarms, oldest first, from behind a cursor
// (the id of the last one seen).
func (l *Log) OpenAlarms(ctx context.Context, cursor string, limit int) ([]Alarm, error) {
	rows, err := l.store.Read().AlarmsOpen(ctx, db.AlarmsOpenParams{AfterID: cursor, MaxRows: pageSize(limit)})
	if err != nil {
		return nil, fmt.Errorf("read the open alarms: %w", err)
	}
	alarms := make([]Alarm, 0, len(rows))
	for _, r := range rows {
		alarms = append(alarms, opened(r))
	}
	return alarms, nil
}

// OpenOf are all open alarms of a code.
func (l *Log) OpenOf(ctx context.Context, code string) ([]Alarm, error) {
	rows, err := l.store.Read().AlarmsOpenOf(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("read the open alarms %s: %w", code, err)
	}
	alarms := make([]Alarm, 0, len(rows))
	for _, r := range rows {
		alarms = append(alarms, opened(db.AlarmsOpenRow(r)))
	}
	return alarms, nil
}

func opened(r db.AlarmsOpenRow) Alarm {
	return Alarm{
		ID: r.ID, Code: r.Code, Subject: r.Subject, Message: r.Message, Raises: r.Raises,
		RaisedAt: r.RaisedAt.Time(), LatestAt: r.LatestAt.Time(),
	}
}

// TaskAlarm keeps the alarms of the task engine: its Config.Alarm.
func (l *Log) TaskAlarm(ctx context.Context, q *db.Queries, a task.Alarm) error {
	if a.Over {
		return l.Clear(ctx, q, a.Code, a.Subject)
	}
	return l.Raise(ctx, q, Alarm{Code: a.Code, Subject: a.Subject, Message: a.Message})
}
