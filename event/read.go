package event

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
)

// After is a page of all events, oldest first, from behind a cursor (the id of
// the last one seen; empty is the start).
func (l *Log) After(ctx context.Context, cursor string, limit int) ([]Event, error) {
	rows, err := l.store.Read().EventsAfter(ctx, db.EventsAfterParams{AfterID: cursor, MaxRows: pageSize(limit)})
	return page(rows, err, "everything")
}

// BySubject is a page of the events of one thing, oldest first, such as the
// progress of an order.
func (l *Log) BySubject(ctx context.Context, subject, cursor string, limit int) ([]Event, error) {
	rows, err := l.store.Read().EventsBySubject(ctx, db.EventsBySubjectParams{
		Subject: subject, AfterID: cursor, MaxRows: pageSize(limit),
	})
	return page(rows, err, subject)
}

// ByCustomer is a page of the events that concern a customer, oldest first.
func (l *Log) ByCustomer(ctx context.Context, customerID, cursor string, limit int) ([]Event, error) {
	rows, err := l.store.Read().EventsByCustomer(ctx, db.EventsByCustomerParams{
		CustomerID: customerID, AfterID: cursor, MaxRows: pageSize(limit),
	})
	return page(rows, err, customerID)
}

func page(rows []db.Event, err error, whose string) ([]Event, error) {
	if err != nil {
		return nil, fmt.Errorf("read the events of %s: %w", whose, err)
	}
	events := make([]Event, 0, len(rows))
	for _, r := range rows {
		events = append(events, Event{
			ID: r.ID, Kind: r.Kind, Subject: r.Subject, CustomerID: r.CustomerID,
			Data: json.RawMessage(r.Data), At: r.HappenedAt.Time(),
		})
	}
	return events, nil
}

func pageSize(asked int) int64 {
	const usual, most = 50, 200
	if asked <= 0 {
		return usual
	}
	return int64(min(asked, most))
}
