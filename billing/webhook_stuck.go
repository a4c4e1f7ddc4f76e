package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/tally"
	"hostfront/task"
)

const (
	// webhookStuck is how long an event may be unprocessed before it is taken up again.
	webhookStuck = 2 * time.Hour
	// webhookLate is when an operator is told.
	webhookLate = 24 * time.Hour
	// alarmWebhooks is open while events are older than that.
	alarmWebhooks = "webhooks_unprocessed"
)

// RetryWebhooks takes up events that are stuck: unprocessed for two hours, and nothing
// works on them. Those older than a day ring.
func (b *Billing) RetryWebhooks(ctx context.Context) (*tally.Report, error) {
	now := b.clock.Now()
	report, late := tally.New(), 0
	err := b.eachUnprocessed(ctx, time.Time{}, now.Add(-webhookStuck), func(row db.WebhooksUnprocessedRow) {
		if row.ReceivedAt <= db.At(now.Add(-webhookLate)) {
			late++
		}
		state := task.State(row.TaskState)
		if state != "" && !state.Finished() {
			report.Count("waiting", 1)
			return
		}
		report.Skip(row.ID, tally.One(func() error { return b.ReplayWebhook(ctx, row.ID) }))
	})
	if err != nil {
		return report, err
	}
	return report, b.store.Tx(ctx, func(q *db.Queries) error {
		if late == 0 {
			return b.events.Clear(ctx, q, alarmWebhooks, "")
		}
		return b.events.Tell(ctx, q, event.Alarm{Code: alarmWebhooks, Message: fmt.Sprintf("%d events of gateways are unprocessed for more than a day.", late)})
	})
}

// ReplayWebhooksSince has every event processed again that came since then and was not
// processed, those included that wait for a person; it gives how many, and what could
// not be.
func (b *Billing) ReplayWebhooksSince(ctx context.Context, since time.Time) (*tally.Report, error) {
	report := tally.New()
	err := b.eachUnprocessed(ctx, since, b.clock.Now(), func(row db.WebhooksUnprocessedRow) {
		err := tally.One(func() error { return b.ReplayWebhook(ctx, row.ID) })
		if fault.Is(err, "webhook_empty") {
			return
		}
		report.Skip(row.ID, err)
	})
	return report, err
}

func (b *Billing) eachUnprocessed(ctx context.Context, since, until time.Time, do func(db.WebhooksUnprocessedRow)) error {
	const page = 200
	for after := ""; ; {
		rows, err := b.store.Read().WebhooksUnprocessed(ctx, db.WebhooksUnprocessedParams{
			After: after, SinceAt: db.At(since), UntilAt: db.At(until), MaxRows: page,
		})
		if err != nil {
			return fmt.Errorf("read unprocessed webhooks: %w", err)
		}
		for _, row := range rows {
			do(row)
			after = row.ID
		}
		if len(rows) < page {
			return ctx.Err()
		}
	}
}
