package task

import (
	"encoding/json"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// Task is one effect on the outside world.
type Task struct {
	ID string
	// Queue names whom the task talks to (an upstream, a gateway, mail); Kind
	// says which handlers it has.
	Queue, Kind string
	// Subject is the id of the thing that the effect is for. Tasks of one subject
	// run one after the other, by Seq.
	Subject string
	Seq     int64
	// AfterTaskID is the task that must have come to its end first, or "".
	AfterTaskID string
	// InvoiceID is the invoice whose payment releases the task, or "".
	InvoiceID string
	State     State
	Phase     Phase
	// Payload is what was asked, Result what came of it (an upstream's id): JSON,
	// never logged. Result is nil until there is one.
	Payload, Result json.RawMessage
	// Attempts counts the calls made to do it, the present one included; Polls
	// those made to see how far it is.
	Attempts, Polls int64
	// RunAt is when it is due next, by the shop's clock.
	RunAt time.Time
	// WaitingSince is when the other side took it on; zero before that.
	WaitingSince time.Time
	DedupeKey    string
	// LastError is for the operator. ErrorCode is stable. Message is fit for the
	// customer when the state is action_required.
	LastError, ErrorCode, Message string
	// Fields is what the customer must mend.
	Fields               []fault.Field
	CreatedAt, UpdatedAt time.Time
}

func fromRow(r db.Task) Task {
	t := Task{
		ID: r.ID, Queue: r.Queue, Kind: r.Kind,
		Subject: r.Subject, Seq: r.Seq, AfterTaskID: r.AfterTaskID, InvoiceID: r.InvoiceID,
		State: State(r.State), Phase: Phase(r.Phase),
		Payload: json.RawMessage(r.Payload), Result: raw(r.Result),
		Attempts: r.Attempts, Polls: r.Polls,
		RunAt: r.RunAt.Time(), WaitingSince: r.WaitingAt.Time(),
		LastError: r.LastError, ErrorCode: r.ErrorCode, Message: r.Message,
		Fields:    decodeFields(r.Fields),
		CreatedAt: r.CreatedAt.Time(), UpdatedAt: r.UpdatedAt.Time(),
	}
	if r.DedupeKey != r.ID {
		t.DedupeKey = r.DedupeKey
	}
	return t
}

func fromRows(rows []db.Task) []Task {
	tasks := make([]Task, 0, len(rows))
	for _, r := range rows {
		tasks = append(tasks, fromRow(r))
	}
	return tasks
}

// raw is a JSON column that is empty while there is nothing.
func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// decodeFields reads what encodeFields wrote.
func decodeFields(text string) []fault.Field {
	if text == "" {
		return nil
	}
	var fields []fault.Field
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil
	}
	return fields
}

func encodeFields(fields []fault.Field) string {
	if len(fields) == 0 {
		return ""
	}
	text, err := json.Marshal(fields)
	if err != nil { // strings alone always marshal
		return ""
	}
	return string(text)
}
