package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/clock"
	"hostfront/db"
)

// Event is something that happened.
type Event struct {
	ID string
	// Kind is a noun and a past participle: "invoice.paid".
	Kind string
	// Subject is the id of the main thing it happened to.
	Subject string
	// CustomerID is whom it concerns, or "".
	CustomerID string
	// Data is JSON, and differs by kind. Secrets in it are sealed.
	Data json.RawMessage
	At   time.Time
}

// Subscriber inserts the tasks that follow from an event, in its transaction.
type Subscriber func(ctx context.Context, q *db.Queries, e Event) error

// Log writes and reads events and alarms.
type Log struct {
	store       *db.Store
	clock       clock.Clock
	subscribers map[string][]Subscriber
}

// New is a log without subscribers. The clock is the shop's.
func New(store *db.Store, c clock.Clock) *Log {
	return &Log{store: store, clock: c, subscribers: map[string][]Subscriber{}}
}

// Subscribe has fn called for each event of a kind, in the order of subscription.
// It comes before the first Emit.
func (l *Log) Subscribe(kind string, fn func(ctx context.Context, q *db.Queries, e Event) error) {
	l.subscribers[kind] = append(l.subscribers[kind], fn)
}

// Params is an event to be written.
type Params struct {
	Kind, Subject, CustomerID string
	// Data is kept as JSON; nil is an empty object.
	Data any
}

// Emit writes an event and runs its subscribers, in the caller's transaction: an
// error of any undoes the whole, and is for the caller to pass on.
func (l *Log) Emit(ctx context.Context, q *db.Queries, p Params) error {
	e, err := l.event(p)
	if err != nil {
		return err
	}
	err = q.EventInsert(ctx, db.EventInsertParams{
		ID: e.ID, Kind: e.Kind, Subject: e.Subject, CustomerID: e.CustomerID, Data: string(e.Data), HappenedAt: db.At(e.At),
	})
	if err != nil {
		return fmt.Errorf("write event %s of %s: %w", p.Kind, p.Subject, err)
	}
	for _, fn := range l.subscribers[e.Kind] {
		if err := fn(ctx, q, e); err != nil {
			return fmt.Errorf("follow event %s of %s: %w", p.Kind, p.Subject, err)
		}
	}
	return nil
}

func (l *Log) event(p Params) (Event, error) {
	if p.Data == nil {
		p.Data = struct{}{}
	}
	data, err := json.Marshal(p.Data)
	if err != nil {
		return Event{}, fmt.Errorf("event %s of %s: data: %w", p.Kind, p.Subject, err)
	}
	return Event{
		ID: l.store.NewID("evt"), Kind: p.Kind, Subject: p.Subject, CustomerID: p.CustomerID, Data: data, At: l.clock.Now(),
	}, nil
}
