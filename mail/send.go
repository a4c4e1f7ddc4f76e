package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// Kinds are the task kinds of this room, to be registered with the engine.
func (m *Mailer) Kinds() []task.Kind {
	return []task.Kind{{
		Name: KindSend, Queue: Queue, Queues: []string{QueueLinks}, Idempotent: true, Passing: true, Timeout: time.Minute,
		Do: m.send, Done: m.sent, Failed: m.notSent,
	}}
}

// result is what a sent mail leaves with its task.
type result struct {
	Template string `json:"template"`
	Title    string `json:"title"`
	To       string `json:"to"`
}

// notNeeded is the code of a mail that has lost its reason.
const notNeeded = "not_needed"

func errNotNeeded(why string) error {
	return fault.Came(fault.Rejected, notNeeded, why)
}

// send renders the mail as things stand now, and hands it to the sender.
func (m *Mailer) send(ctx context.Context, t task.Task) (task.Progress, error) {
	row, err := m.payloadRow(ctx, m.store.Read(), t)
	if err != nil {
		return task.Progress{}, err
	}
	p, err := m.compose(ctx, row)
	if err != nil {
		return task.Progress{}, unsendable(err)
	}
	msg, err := m.render(p)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Held, "mail_not_rendered", "The mail cannot be rendered.").Because(err)
	}
	msg.ID, msg.Date = m.messageID(row.ID), row.CreatedAt.Time()
	task.Note(ctx, "mail", map[string]string{"template": msg.Template, "message_id": msg.ID})
	if err := m.cut(CutBefore); err != nil {
		return task.Progress{}, fault.Came(fault.Unavailable, "cut", "The mail was not sent.").Because(err)
	}
	if err := m.sender.Send(ctx, msg); err != nil {
		return task.Progress{}, err
	}
	if err := m.cut(CutAfter); err != nil {
		return task.Progress{}, fault.Came(fault.Unknown, "cut", "The answer was lost.").Because(err)
	}
	return task.Progress{Result: result{Template: msg.Template, Title: msg.Subject, To: msg.To}}, nil
}

// messageID is the same however often a mail is tried.
func (m *Mailer) messageID(mailID string) string {
	return strings.ToLower(mailID) + "@" + m.host
}

// unsendable says what becomes of a mail that could not be composed: one that has
// lost its subject or its reason is dropped, anything else tried again.
func unsendable(err error) error {
	var o *fault.Outcome
	if errors.As(err, &o) {
		return err
	}
	if e, ok := fault.As(err); ok && e.Kind == fault.NotFound {
		return fault.Came(fault.Rejected, notNeeded, "What the mail is about is not there any more.").Because(err)
	}
	return fault.Came(fault.Unavailable, "mail_facts", "What the mail says cannot be read.").Because(err)
}

func (m *Mailer) payloadRow(ctx context.Context, q *db.Queries, t task.Task) (db.Mail, error) {
	var p payload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return db.Mail{}, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return mailRow(ctx, q, p.MailID)
}

// sent is the task's Done.
func (m *Mailer) sent(ctx context.Context, q *db.Queries, t task.Task) error {
	row, err := m.payloadRow(ctx, q, t)
	if err != nil {
		return err
	}
	var r result
	if err := json.Unmarshal(t.Result, &r); err != nil {
		return fmt.Errorf("result of task %s: %w", t.ID, err)
	}
	_, err = q.MailSent(ctx, db.MailSentParams{
		Template: r.Template, Title: r.Title, SentAt: db.At(m.clock.Now()), Recipient: r.To, MessageID: m.messageID(row.ID), ID: row.ID,
	})
	if err != nil {
		return fmt.Errorf("record mail %s as sent: %w", row.ID, err)
	}
	return nil
}

// notSent is the task's Failed.
func (m *Mailer) notSent(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	row, err := m.payloadRow(ctx, q, t)
	if err != nil {
		return err
	}
	state := "failed"
	if cause.Code == notNeeded {
		state = "dropped"
	}
	if _, err := q.MailNotSent(ctx, db.MailNotSentParams{State: state, ErrorCode: cause.Code, ID: row.ID}); err != nil {
		return fmt.Errorf("record mail %s as %s: %w", row.ID, state, err)
	}
	return nil
}
