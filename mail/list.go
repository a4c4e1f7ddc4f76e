package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// Mail is the record of one mail.
type Mail struct {
	ID, CustomerID string
	// Event is the kind of what happened, Subject the id of what it happened to.
	Event, Subject string
	// Template and Title are known once it is sent.
	Template, Title string
	// State is queued, sent, dropped (not needed any more) or failed.
	State string
	// ErrorCode says why it was dropped or failed.
	ErrorCode string
	// ResentOf is the mail that an admin had sent again.
	ResentOf string
	// Recipient is the address that it went to, MessageID what its header says: both are
	// known once it is sent.
	Recipient, MessageID string
	CreatedAt, SentAt    time.Time
}

const maxPage = 200

// Mails lists the mails to a customer (to everybody when customerID is empty),
// newest first; next is the cursor of the page that follows, empty on the last.
func (m *Mailer) Mails(ctx context.Context, customerID, cursor string, limit int) (mails []Mail, next string, err error) {
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	rows, err := m.rows(ctx, customerID, cursor, int64(limit)+1)
	if err != nil {
		return nil, "", fmt.Errorf("list mails: %w", err)
	}
	if len(rows) > limit {
		rows, next = rows[:limit], rows[limit-1].ID
	}
	mails = make([]Mail, len(rows))
	for i, r := range rows {
		mails[i] = mailOf(r)
	}
	return mails, next, nil
}

func (m *Mailer) rows(ctx context.Context, customerID, before string, limit int64) ([]db.Mail, error) {
	if customerID == "" {
		return m.store.Read().MailList(ctx, db.MailListParams{BeforeID: before, MaxRows: limit})
	}
	return m.store.Read().MailListByCustomer(ctx, db.MailListByCustomerParams{CustomerID: customerID, BeforeID: before, MaxRows: limit})
}

// Mail reads the record of one mail; fault NotFound when there is none.
func (m *Mailer) Mail(ctx context.Context, q *db.Queries, id string) (Mail, error) {
	row, err := mailRow(ctx, q, id)
	if err != nil {
		return Mail{}, err
	}
	return mailOf(row), nil
}

func mailRow(ctx context.Context, q *db.Queries, id string) (db.Mail, error) {
	row, err := q.MailByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Mail{}, fault.Missing("mail", id)
	}
	if err != nil {
		return db.Mail{}, fmt.Errorf("read mail %s: %w", id, err)
	}
	return row, nil
}

func mailOf(r db.Mail) Mail {
	return Mail{
		ID: r.ID, CustomerID: r.CustomerID, Event: r.EventKind, Subject: r.Subject, Template: r.Template, Title: r.Title,
		State: r.State, ErrorCode: r.ErrorCode, ResentOf: r.ResentOf, Recipient: r.Recipient, MessageID: r.MessageID,
		CreatedAt: r.CreatedAt.Time(), SentAt: r.SentAt.Time(),
	}
}
