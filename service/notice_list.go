package service

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
)

// Notice is the proof that a registrant was told of an expiry.
type Notice struct {
	ID, ServiceID, CustomerID string
	// Name is the domain name, Kind one of the Notice constants.
	Name, Kind string
	// ExpiresAt is the expiry that it told, Address where it was to go.
	ExpiresAt time.Time
	Address   string
	QueuedAt  time.Time
	// MailID is the mail, MailState how that stands (queued, sent, dropped, failed), and once
	// it is sent Recipient is where it went, under MessageID, at SentAt.
	MailID, MailState, Recipient, MessageID string
	SentAt                                  time.Time
}

// NoticesSent lists the notices of expiry, newest first, before a cursor (a notice's id;
// empty for the first page); of one name, or of all when it is empty.
func (s *Services) NoticesSent(ctx context.Context, name, cursor string, limit int) ([]Notice, error) {
	rows, err := s.Store.Read().NoticesSent(ctx, db.NoticesSentParams{Name: name, Before: db.FromNewest(cursor), Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list notices of expiry: %w", err)
	}
	notices := make([]Notice, 0, len(rows))
	for _, r := range rows {
		notices = append(notices, Notice{
			ID: r.ID, ServiceID: r.ServiceID, CustomerID: r.CustomerID, Name: r.Name, Kind: r.Kind, ExpiresAt: r.ExpiresAt.Time(),
			Address: r.Address, QueuedAt: r.CreatedAt.Time(), MailID: r.MailID, MailState: r.MailState, Recipient: r.Recipient,
			MessageID: r.MessageID, SentAt: r.SentAt.Time(),
		})
	}
	return notices, nil
}
