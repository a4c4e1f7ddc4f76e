package task

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"hostfront/db"
)

// Attempt is one try of a task, or an operator's decision about it.
type Attempt struct {
	ID, TaskID string
	// Number counts the claims of the task.
	Number int64
	Phase  Phase
	// Look is how the outside stood before the call.
	Look json.RawMessage
	// Notes is what was sent and what came back, as the handler noted it.
	Notes []Entry
	// Outcome is what it came to; empty while it runs, OutcomeLost when its process
	// died, OutcomeLate and more when its claim had been taken over before it answered.
	Outcome, ErrorCode, Error string
	// Result is what the try itself brought, kept also when it came too late.
	Result             json.RawMessage
	StartedAt, EndedAt time.Time
}

// The outcomes of a try whose claim ended before its answer came.
const (
	OutcomeLost = "lost"
	OutcomeLate = "late: "
)

// Entry is one line of an attempt's journal.
type Entry struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Journal is every try of a task, oldest first.
func (e *Engine) Journal(ctx context.Context, id string) ([]Attempt, error) {
	rows, err := e.store.Read().TaskAttempts(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the journal of task %s: %w", id, err)
	}
	attempts := make([]Attempt, 0, len(rows))
	for _, r := range rows {
		attempts = append(attempts, attemptOf(r))
	}
	return attempts, nil
}

func attemptOf(r db.TaskAttempt) Attempt {
	a := Attempt{
		ID: r.ID, TaskID: r.TaskID, Number: r.Number, Phase: Phase(r.Phase), Look: raw(r.Look),
		Outcome: r.Outcome, ErrorCode: r.ErrorCode, Error: r.Error, Result: raw(r.Result),
		StartedAt: r.StartedAt.Time(), EndedAt: r.EndedAt.Time(),
	}
	if r.Notes != "" {
		if err := json.Unmarshal([]byte(r.Notes), &a.Notes); err != nil {
			a.Notes = nil
		}
	}
	return a
}

// journal collects the notes of one try.
type journal struct {
	mu      sync.Mutex
	entries []Entry
}

type journalKey struct{}

// Note adds to the journal of the try that ctx belongs to: what was sent, what
// came back, never a secret. Outside a handler it does nothing.
func Note(ctx context.Context, key string, value any) {
	j, ok := ctx.Value(journalKey{}).(*journal)
	if !ok {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		text, _ = json.Marshal("cannot be noted: " + err.Error()) // a string always marshals
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, Entry{Key: key, Value: text})
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.entries) == 0 {
		return ""
	}
	text, err := json.Marshal(j.entries)
	if err != nil { // the entries are JSON already
		return ""
	}
	return string(text)
}
