package review

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// The kind of the questions, and the queue they stand in: nobody is called.
const (
	Kind  = "operator.review"
	Queue = "operator"
)

// How long a person's answer stands while the difference is still there: one that says
// it is mended for a day, one that says to leave it so for a month.
const (
	mendedFor = 24 * time.Hour
	leftFor   = 30 * 24 * time.Hour
)

// Question is what a person must decide.
type Question struct {
	// Code is stable and says what is the matter: "domain_unowned". Subject is what it
	// is about: a name, or the id of a service, refund or payment. Together they are the
	// question: it is open once.
	Code, Subject string
	// Message says to the operator what is so, and what can be done. Never a secret.
	Message string
	// Deadline is when it is too late to do so, by the shop's clock; zero is never.
	// From a week before, an alarm says so ever louder.
	Deadline time.Time
	// Details is what helps to decide: ids, amounts, dates. Nil is none.
	Details map[string]string
}

// Payload is a question as its task keeps it.
type Payload struct {
	Code     string            `json:"code"`
	About    string            `json:"about"`
	Message  string            `json:"message"`
	Deadline time.Time         `json:"deadline,omitzero"`
	Details  map[string]string `json:"details,omitempty"`
}

// Ask puts a question in the caller's transaction and gives the id of its task. One
// that is open is brought up to date; one that a person answered is put again only
// after a while: a day if it was settled, thirty if it was cancelled.
func Ask(ctx context.Context, q *db.Queries, tasks *task.Engine, asked Question) (string, error) {
	key := subject(asked.Code, asked.Subject)
	last, there, err := tasks.LastOf(ctx, q, key)
	if err != nil {
		return "", err
	}
	payload := Payload{Code: asked.Code, About: asked.Subject, Message: asked.Message, Deadline: asked.Deadline.UTC(), Details: asked.Details}
	hold := fault.Came(fault.Held, asked.Code, asked.Message)
	switch {
	case there && last.State == task.Held:
		return last.ID, tasks.Restate(ctx, q, last.ID, payload, hold)
	case there && (!last.State.Finished() || stands(last, tasks.Now())):
		return last.ID, nil
	}
	id, err := tasks.Add(ctx, q, task.Params{
		Kind: Kind, Subject: key, Payload: payload, DedupeKey: fmt.Sprintf("%s:%d", key, last.Seq+1), Hold: hold,
	})
	if err != nil {
		return "", fmt.Errorf("ask about %s: %w", asked.Subject, err)
	}
	return id, nil
}

// stands tells whether a person's answer is not to be questioned yet.
func stands(last task.Task, now time.Time) bool {
	switch {
	case last.ErrorCode == task.CodeNotNeeded:
		return false // it had gone by itself, and is back
	case last.State == task.Cancelled:
		return now.Before(last.UpdatedAt.Add(leftFor))
	default:
		return now.Before(last.UpdatedAt.Add(mendedFor))
	}
}

// Answered ends a question whose reason has gone, in the caller's transaction, and
// tells whether one was open.
func Answered(ctx context.Context, q *db.Queries, tasks *task.Engine, code, about, reason string) (bool, error) {
	last, there, err := tasks.LastOf(ctx, q, subject(code, about))
	if err != nil || !there || last.State.Finished() {
		return false, err
	}
	return tasks.Withdraw(ctx, q, last.ID, reason)
}

// Of reads the question that a task puts.
func Of(t task.Task) (Payload, error) {
	var p Payload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

// subject is one of its own for each question: it must not keep the tasks of what it is
// about waiting.
func subject(code, about string) string { return "review:" + code + ":" + about }
