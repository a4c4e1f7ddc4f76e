package billing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/tally"
)

// payoutOverlap is how far listing goes back behind the newest payout that is known: two that
// were made at once may not be listed at once.
const payoutOverlap = day

// RunPayouts brings the payouts of every gateway whose provider lists them to what it says: new
// ones are mirrored and booked, the movements they are made of read and matched with the shop's
// payments, refunds and disputes, and what does not agree is put to the operator. A payout that
// cannot be dealt with keeps no other waiting; what was done stays done, and is not done again.
func (b *Billing) RunPayouts(ctx context.Context) (*tally.Report, error) {
	report := tally.New()
	for _, g := range b.gateways {
		lister, ok := g.(PayoutLister)
		if !ok {
			continue
		}
		run := payoutRun{Billing: b, gateway: g, lister: lister, report: report}
		report.Skip(g.Name(), tally.One(func() error { return run.list(ctx) }))
		if err := run.follow(ctx); err != nil {
			return report, err
		}
		if err := run.missing(ctx); err != nil {
			return report, err
		}
	}
	return report, ctx.Err()
}

// payoutRun is the work on the payouts of one gateway.
type payoutRun struct {
	*Billing
	gateway Gateway
	lister  PayoutLister
	report  *tally.Report
}

// list mirrors what is new since the last time. One that cannot be stored keeps no other waiting:
// the cursor stays before it, so that it is listed again until it can.
func (r *payoutRun) list(ctx context.Context) error {
	since, any, err := r.since(ctx)
	if err != nil || !any {
		return err
	}
	found, err := r.lister.Payouts(ctx, since)
	if err != nil {
		return fmt.Errorf("list the payouts of %s: %w", r.gateway.Name(), later(err))
	}
	// Oldest first, so that the lists are in their order.
	slices.SortStableFunc(found, func(x, y PayoutStatus) int { return x.MadeAt.Compare(y.MadeAt) })
	kept, whole := time.Time{}, true
	for _, p := range found {
		if err := r.keepPayout(ctx, r.gateway.Name(), p); err != nil {
			r.report.Skip(p.Reference, err)
			whole = false
		}
		if whole {
			kept = p.MadeAt
		}
	}
	if kept.IsZero() {
		return nil
	}
	return r.store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.PayoutCursorMove(ctx, db.PayoutCursorMoveParams{Gateway: r.gateway.Name(), SinceAt: db.At(kept)})
		return wrap(err, "move the cursor of the payouts")
	})
}

// since is from when on payouts are listed: none is looked for before the first payment was begun
// that the gateway brought to this shop.
func (r *payoutRun) since(ctx context.Context) (since time.Time, any bool, err error) {
	cursor, err := r.store.Read().PayoutCursor(ctx, r.gateway.Name())
	if err != nil {
		return since, false, fmt.Errorf("cursor of the payouts: %w", err)
	}
	if len(cursor) > 0 {
		return cursor[0].SinceAt.Time().Add(-payoutOverlap), true, nil
	}
	first, err := r.store.Read().PaymentNotPaidOut(ctx, db.PaymentNotPaidOutParams{Gateway: r.gateway.Name(), Page: 1})
	if err != nil || len(first) == 0 {
		return since, false, wrap(err, "first payment of "+r.gateway.Name())
	}
	at := first[0].CreatedAt // of the first that was begun: a later one may have settled before it did
	err = r.store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.PayoutCursorStart(ctx, db.PayoutCursorStartParams{Gateway: r.gateway.Name(), StartedAt: at, SinceAt: at})
		return wrap(err, "start the cursor of the payouts")
	})
	return at.Time().Add(-payoutOverlap), true, err
}

// payoutPage is how many rows are read at once.
const payoutPage = 100

// follow works on the payouts that are due to be looked at.
func (r *payoutRun) follow(ctx context.Context) error {
	now := db.At(r.clock.Now())
	for after := ""; ; {
		ids, err := r.store.Read().PayoutsToCheck(ctx, db.PayoutsToCheckParams{Gateway: r.gateway.Name(), NowAt: now, After: after, Page: payoutPage})
		if err != nil {
			return fmt.Errorf("payouts to look at: %w", err)
		}
		for _, id := range ids {
			after = id
			r.report.Skip(id, tally.One(func() error { return r.workOn(ctx, id) }))
		}
		if len(ids) < payoutPage || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// workOn brings one payout as far as it goes. Each step is a transaction of its own that finds out
// for itself what is done, so that a crash, the job and a webhook may all do the same.
func (r *payoutRun) workOn(ctx context.Context, id string) error {
	row, err := payoutRow(ctx, r.store.Read(), id)
	if err != nil {
		return err
	}
	told, err := r.lister.FetchPayout(ctx, row.Reference)
	if err != nil {
		return fmt.Errorf("read payout %s again: %w", row.Reference, later(err))
	}
	if err := r.keepPayout(ctx, row.Gateway, told); err != nil {
		return err
	}
	return r.lookInto(ctx, id, told)
}

// lookInto reads what a payout is made of, once its provider can tell, and matches it.
func (r *payoutRun) lookInto(ctx context.Context, id string, told PayoutStatus) error {
	if told.Automatic && told.Complete {
		if err := r.readLines(ctx, id); err != nil {
			return err
		}
	}
	if err := r.matchLines(ctx, id); err != nil {
		return err
	}
	return r.store.Tx(ctx, func(q *db.Queries) error { return r.closePayout(ctx, q, id) })
}
