package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/tally"
)

// expiringData is the data of method.expiring.
type expiringData struct {
	MethodID string    `json:"method_id"`
	Days     int       `json:"days"`
	EndsAt   time.Time `json:"ends_at"`
}

// TellExpiring tells customers that a card ends to which renewals are charged: once for each
// of the policy's distances, the nearest one alone where a downtime passed several. A card
// that a newer one has replaced is charged nothing, and nobody is told of it. Each notice is
// a transaction of its own. The report counts as done who was told, and "unneeded" cards that
// end and that nothing is charged to.
func (b *Billing) TellExpiring(ctx context.Context) (*tally.Report, error) {
	report := tally.New()
	now := b.clock.Now()
	farthest := 0
	for _, days := range b.policies.ExpiryNotices {
		farthest = max(farthest, days)
	}
	look := db.MethodsExpiringParams{FromAt: db.At(now), ToAt: db.At(now.AddDate(0, 0, farthest)), Page: 100}
	for {
		page, err := b.store.Read().MethodsExpiring(ctx, look)
		if err != nil {
			return report, fmt.Errorf("cards that end: %w", err)
		}
		for _, m := range page {
			var became notice
			err := b.one(ctx, func(q *db.Queries) (err error) {
				became, err = b.tellExpiring(ctx, q, m, now)
				return err
			})
			switch {
			case err != nil || became == noticeTold:
				report.Skip(m.ID, err)
			case became == noticeUnneeded:
				report.Count("unneeded", 1)
			}
			look.AfterAt, look.AfterID = m.ExpiresAt, m.ID
		}
		if len(page) < 100 || ctx.Err() != nil {
			return report, ctx.Err()
		}
	}
}

// notice is what became of one card that ends.
type notice int

const (
	noticeNone notice = iota
	noticeTold
	noticeUnneeded
)

func (b *Billing) tellExpiring(ctx context.Context, q *db.Queries, m db.PaymentMethod, now time.Time) (notice, error) {
	days, due := b.noticeOf(m, now)
	if !due {
		return noticeNone, nil
	}
	used, err := b.isCharged(ctx, q, m)
	if err != nil || !used {
		return noticeUnneeded, err
	}
	rows, err := q.MethodNoticeInsert(ctx, db.MethodNoticeInsertParams{
		MethodID: m.ID, ExpiresAt: m.ExpiresAt, Days: int64(days), CreatedAt: db.At(now),
	})
	if err != nil || rows == 0 {
		return noticeNone, err
	}
	return noticeTold, b.events.Emit(ctx, q, event.Params{
		Kind: "method.expiring", Subject: m.ID, CustomerID: m.CustomerID,
		Data: expiringData{MethodID: m.ID, Days: days, EndsAt: m.ExpiresAt.Time()},
	})
}

// noticeOf is the nearest distance that a card has come to.
func (b *Billing) noticeOf(m db.PaymentMethod, now time.Time) (days int, due bool) {
	for _, d := range b.policies.ExpiryNotices {
		if !m.ExpiresAt.Time().After(now.AddDate(0, 0, d)) && (!due || d < days) {
			days, due = d, true
		}
	}
	return days, due
}

// isCharged is true for a method that a renewal of its customer would be charged to.
func (b *Billing) isCharged(ctx context.Context, q *db.Queries, m db.PaymentMethod) (bool, error) {
	for after := ""; ; {
		page, err := q.SubscriptionsByCustomer(ctx, db.SubscriptionsByCustomerParams{CustomerID: m.CustomerID, After: after, Page: 100})
		if err != nil {
			return false, fmt.Errorf("subscriptions of %s: %w", m.CustomerID, err)
		}
		for _, sub := range page {
			after = sub.ID
			if sub.State == string(SubscriptionCancelled) {
				continue
			}
			first, ok, err := b.methodFor(ctx, q, sub)
			if err != nil || ok && first.ID == m.ID {
				return err == nil, err
			}
		}
		if len(page) < 100 {
			return false, nil
		}
	}
}

// ChargedMethod reads a saved method, and whether a renewal would be charged to it now.
func (b *Billing) ChargedMethod(ctx context.Context, q *db.Queries, id string) (Method, bool, error) {
	m, err := q.MethodByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Method{}, false, fault.Missing("payment method", id)
	}
	if err != nil {
		return Method{}, false, fmt.Errorf("read method %s: %w", id, err)
	}
	charged, err := b.isCharged(ctx, q, m)
	return b.methodOf(m), charged, err
}
