package mail

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// The task queues of mails. Links that sign in or set a password have one of their
// own: whoever waits for one does not wait behind thousands of invoices.
const (
	Queue      = "mail"
	QueueLinks = "mail.links"
)

// KindSend is the task that sends one mail.
const KindSend = "mail.send"

// payload is that of a KindSend task.
type payload struct {
	MailID string `json:"mail_id"`
}

// queue is the subscriber: it writes the mail and its task, in the transaction of
// the event. An event that concerns no customer has nobody to write to.
func (m *Mailer) queue(ctx context.Context, q *db.Queries, e event.Event) error {
	if e.CustomerID == "" {
		return nil
	}
	_, err := m.add(ctx, q, db.MailInsertParams{
		EventID: e.ID, EventKind: e.Kind, EventData: string(e.Data), CustomerID: e.CustomerID, Subject: e.Subject,
	})
	return err
}

func (m *Mailer) add(ctx context.Context, q *db.Queries, row db.MailInsertParams) (id string, err error) {
	row.ID, row.CreatedAt = m.store.NewID("mail"), db.At(m.clock.Now())
	if err := q.MailInsert(ctx, row); err != nil {
		return "", fmt.Errorf("queue mail about %s: %w", row.Subject, err)
	}
	queue := Queue
	if isLink(row.EventKind) {
		queue = QueueLinks
	}
	_, err = m.tasks.Add(ctx, q, task.Params{
		Kind: KindSend, Queue: queue, Subject: row.ID, Payload: payload{MailID: row.ID}, DedupeKey: KindSend + ":" + row.ID,
	})
	if err != nil {
		return "", fmt.Errorf("queue mail about %s: %w", row.Subject, err)
	}
	return row.ID, nil
}

// Resend queues the mail of the same event again, as a mail of its own that says
// how things stand now, and gives its id. It is an admin's, who audits it in the
// same transaction. Fault NotFound, or Conflict mail_not_resendable for a link,
// which is single use and has to be asked for again.
func (m *Mailer) Resend(ctx context.Context, q *db.Queries, mailID string) (id string, err error) {
	row, err := mailRow(ctx, q, mailID)
	if err != nil {
		return "", err
	}
	if isLink(row.EventKind) {
		return "", fault.New(fault.Conflict, "mail_not_resendable", "A link is not mailed again: the customer asks for a new one.")
	}
	return m.add(ctx, q, db.MailInsertParams{
		EventID: row.EventID, EventKind: row.EventKind, EventData: row.EventData, CustomerID: row.CustomerID, Subject: row.Subject, ResentOf: row.ID,
	})
}
