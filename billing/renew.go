package billing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hostfront/db"
)

// RenewReport is what a run of Renew did.
type RenewReport struct {
	// Billed counts the invoices made, Charges those of them that a saved method is charged
	// for, Mailed those that the customer must pay.
	Billed  int `json:"billed"`
	Charges int `json:"charges"`
	Mailed  int `json:"mailed"`
	// FromCredit counts those that the customer's credit has paid in full.
	FromCredit int `json:"from_credit"`
	// Carried counts those that were too little to be charged: the next invoice asks for it.
	Carried int `json:"carried"`
	// Ended counts subscriptions that came to the end they were cancelled for.
	Ended int `json:"ended"`
	// Exempt counts what is due and not billed because staff wished it so.
	Exempt int `json:"exempt"`
	// Paused counts pauses that began to hold: what was paid for has run out.
	Paused int `json:"paused"`
	// BelowCost counts invoices at less than cost and floor: the agreed price is billed, and
	// the alarm subscriptions_below_cost stands.
	BelowCost int `json:"below_cost"`
	// Skipped counts what could not be billed, Skips says why, for the first of them.
	Skipped int    `json:"skipped"`
	Skips   []Skip `json:"skips,omitempty"`
}

// Renew bills each period that is due: an invoice, and the charge of a saved method or the
// event invoice.issued. After downtime each missed period of a subscription is billed once,
// oldest first. It opens a small transaction for each period, many at once, so that they
// share commits; memory does not grow with what is due. A subscription that cannot be billed
// is reported and stops nothing; it is due again in the next run. Two runs at once bill
// nothing twice.
func (b *Billing) Renew(ctx context.Context) (RenewReport, error) {
	run := &renewal{billing: b, now: b.clock.Now()}
	due := make(chan db.Subscription, b.policies.Workers)
	var workers sync.WaitGroup
	for range b.policies.Workers {
		workers.Go(func() {
			for sub := range due {
				run.catchUp(ctx, sub)
			}
		})
	}
	err := run.page(ctx, due)
	close(due)
	workers.Wait()
	if err != nil {
		return run.report, err
	}
	// Last, so that after a downtime the periods before the end are billed first.
	if err := run.pause(ctx); err != nil {
		return run.report, err
	}
	return run.report, run.end(ctx)
}

// renewal is one run of Renew.
type renewal struct {
	billing *Billing
	now     time.Time

	mu     sync.Mutex
	report RenewReport
}

// page reads what is due, in the order of its index, and hands it to the workers.
func (r *renewal) page(ctx context.Context, due chan<- db.Subscription) error {
	size := int64(r.billing.policies.Page)
	var at db.Instant
	for after := ""; ; {
		rows, err := r.nextPage(ctx, at, after, size)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, sub := range rows {
			select {
			case due <- sub:
			case <-ctx.Done():
				return ctx.Err()
			}
			at, after = sub.NextInvoiceAt, sub.ID
		}
	}
}

// nextPage is the rest of the instant that the last page ended in, or else what is due after it.
func (r *renewal) nextPage(ctx context.Context, at db.Instant, after string, size int64) ([]db.Subscription, error) {
	q := r.billing.store.Read()
	if after != "" {
		rows, err := q.SubscriptionsDueAt(ctx, db.SubscriptionsDueAtParams{DueAt: at, After: after, Page: size})
		if err != nil || len(rows) > 0 {
			return rows, wrap(err, "read due subscriptions")
		}
	}
	rows, err := q.SubscriptionsDueLater(ctx, db.SubscriptionsDueLaterParams{DueAt: at, NowAt: db.At(r.now), Page: size})
	return rows, wrap(err, "read due subscriptions")
}

func wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// catchUp bills one subscription until nothing of it is due.
func (r *renewal) catchUp(ctx context.Context, sub db.Subscription) {
	for lost := 0; lost < 3 && ctx.Err() == nil; {
		result, err := r.try(ctx, sub)
		if err != nil {
			r.skip(sub.ID, err)
			return
		}
		if result == notBilled {
			lost++ // somebody else moved it: look at what it is now
		} else {
			r.count(result)
			if !r.isDue(afterBilling(sub)) {
				return
			}
		}
		id := sub.ID
		if sub, err = subscriptionRow(ctx, r.billing.store.Read(), id); err != nil {
			r.skip(id, err)
			return
		}
		if !r.isDue(sub.NextInvoiceAt) {
			return
		}
	}
}

func (r *renewal) isDue(at db.Instant) bool { return !at.IsZero() && at <= db.At(r.now) }

// try bills the next period in a transaction of its own.
func (r *renewal) try(ctx context.Context, sub db.Subscription) (result renewed, err error) {
	below := false
	err = r.billing.one(ctx, func(q *db.Queries) error {
		result, below, err = r.billing.renewOne(ctx, q, sub)
		return err
	})
	if err == nil && below && result != notBilled {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.report.BelowCost++
	}
	return result, err
}

func (r *renewal) skip(id string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if errors.Is(err, errNoInvoicing) || errors.Is(err, errWrittenOff) {
		r.report.Exempt++
		return
	}
	r.report.Skipped++
	if len(r.report.Skips) < maxSkips {
		r.report.Skips = append(r.report.Skips, Skip{ID: id, Reason: err.Error()})
	}
}

func (r *renewal) count(result renewed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Billed++
	switch result {
	case billedAndCharged:
		r.report.Charges++
	case billedAndMailed:
		r.report.Mailed++
	case billedFromCredit:
		r.report.FromCredit++
	case billedCarried:
		r.report.Carried++
	}
}
