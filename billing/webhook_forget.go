package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
)

// forgottenTo is the setting that keeps the last webhook whose body is gone.
const forgottenTo = "billing.webhooks_forgotten_to"

// ForgetWebhooks deletes what webhooks said that came longer ago than keep, and says how many.
// That they came, what they named and what became of them stays: they are refused a second
// time, and can be replayed. What is left after a run goes with the next.
func (b *Billing) ForgetWebhooks(ctx context.Context, keep time.Duration) (forgotten int64, err error) {
	const batches = 500
	before := db.At(b.clock.Now().Add(-keep))
	for range batches {
		var n int64
		var more bool
		err := b.store.Tx(ctx, func(q *db.Queries) (err error) {
			n, more, err = b.forgetWebhooks(ctx, q, before)
			return err
		})
		if err != nil {
			return forgotten, fmt.Errorf("forget webhooks: %w", err)
		}
		if forgotten += n; !more {
			break
		}
	}
	return forgotten, nil
}

func (b *Billing) forgetWebhooks(ctx context.Context, q *db.Queries, before db.Instant) (forgotten int64, more bool, err error) {
	const batch = 200
	last, err := q.SettingByName(ctx, forgottenTo)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, false, err
	}
	rows, err := q.WebhooksOldest(ctx, db.WebhooksOldestParams{After: last.Value, MaxRows: batch})
	if err != nil {
		return 0, false, err
	}
	looked := 0
	for _, row := range rows {
		if row.ReceivedAt >= before {
			break
		}
		n, err := q.WebhookForget(ctx, row.ID)
		if err != nil {
			return 0, false, err
		}
		looked, forgotten, last.Value = looked+1, forgotten+n, row.ID
	}
	if looked == 0 {
		return 0, false, nil
	}
	return forgotten, looked == batch, q.SettingPut(ctx, db.SettingPutParams{Name: forgottenTo, Value: last.Value, UpdatedAt: db.At(b.clock.Now())})
}
