package billing

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// CancelWhen is when a cancelled subscription ends.
type CancelWhen string

// A subscription ends with the period that is paid for, or at once.
const (
	AtPeriodEnd CancelWhen = "period_end"
	AtOnce      CancelWhen = "now"
)

// RestPolicy says what becomes of what was paid for and is not used, when a subscription ends
// at once.
type RestPolicy string

// The rest goes to the customer's credit, or is kept.
const (
	CreditRest RestPolicy = "credit"
	KeepRest   RestPolicy = "keep"
)

// Actor is who decides about a subscription: some things are staff's to do.
type Actor string

// The actors.
const (
	ByCustomer Actor = "customer"
	ByStaff    Actor = "staff"
)

// CancelParams is how a subscription is to end.
type CancelParams struct {
	When CancelWhen
	// Rest is for AtOnce; empty is the shop's policy.
	Rest RestPolicy
	// By staff a domain may end before its paid year is over.
	By Actor
}

// Cancel ends a subscription in the caller's transaction. Nothing more is billed and bills
// for periods that have not begun are withdrawn. At once, what was paid for and is not used
// is given back as credit where that is the policy, to the millisecond. A domain runs on to its
// expiry and then lapses; it is never deleted. Asked again, it gives the same. Fault codes:
// "payment_processing" and "payment_in_progress" while a bill for a later period is being
// paid, "domain_runs_on".
func (b *Billing) Cancel(ctx context.Context, q *db.Queries, id string, p CancelParams) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State == string(SubscriptionCancelled) || (p.When == AtPeriodEnd && !sub.CancelAt.IsZero()) {
		return subscriptionOf(sub), nil
	}
	isDomain := sub.Kind == string(DomainSubscription)
	switch {
	case p.When == AtPeriodEnd:
		end, err := b.paidUntil(ctx, q, sub)
		if err != nil {
			return Subscription{}, err
		}
		return b.cancelled(ctx, q, id, end.Time())
	case isDomain && p.By != ByStaff:
		return Subscription{}, fault.New(fault.Conflict, "domain_runs_on",
			"A domain runs to the end of its paid year: cancel it for that.")
	case isDomain && p.Rest == CreditRest:
		return Subscription{}, fault.New(fault.Conflict, "domain_runs_on", "The registry gives nothing back of a year, and so there is nothing to credit.")
	}
	now := b.clock.Now()
	if !isDomain && cmp.Or(p.Rest, b.policies.CancelRest) == CreditRest {
		// A change that is still to come counts on the rest, and gives way.
		if sub, err = b.dropChange(ctx, q, sub); err != nil {
			return Subscription{}, err
		}
		// Before the end, which withdraws what has not begun: what is credited was paid for.
		if err := b.creditRest(ctx, q, sub, db.At(now)); err != nil {
			return Subscription{}, err
		}
	}
	return b.cancelled(ctx, q, id, now)
}

// paidUntil is when the last paid period ends: of a domain, a year may be paid for that its
// upstream is still to renew. The present period ends where the registry says, whatever was
// billed; only what follows it counts. A year that its upstream has renewed ahead of its bill is not
// paid, and does not count before it begins. A day's play is for registries that tell another hour.
func (b *Billing) paidUntil(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Instant, error) {
	now, end := db.At(b.clock.Now()), sub.CurrentEndAt
	if renewedEarly(sub, sub.NextStartAt) && sub.NextStartAt > now {
		end = sub.NextStartAt
	}
	periods, err := q.PeriodsBySubscription(ctx, sub.ID)
	if err != nil {
		return end, fmt.Errorf("periods of %s: %w", sub.ID, err)
	}
	for _, p := range periods {
		switch {
		case p.State == periodPaid && p.StartAt >= sub.CurrentEndAt.Add(-day):
			end = max(end, p.EndAt)
		case p.State == periodBilled && p.StartAt > now && p.StartAt < end.Add(-day):
			return p.StartAt, nil
		}
	}
	return end, nil
}

func (b *Billing) cancelled(ctx context.Context, q *db.Queries, id string, at time.Time) (Subscription, error) {
	if err := b.endAt(ctx, q, id, ending{at: at, strict: true}); err != nil {
		return Subscription{}, err
	}
	return b.Subscription(ctx, q, id)
}

// CancelSubscription ends a subscription at an instant, in the caller's transaction: now or
// in the past ends it at once, later ones let it run until then: periods that start before
// are billed as ever. Unpaid renewal invoices for periods from then on are withdrawn, and so
// is a change that is still to come; a bill that is being paid stays, for staff to refund if need
// be. Its service follows: hosting is ended, a name lapses.
func (b *Billing) CancelSubscription(ctx context.Context, q *db.Queries, id string, at time.Time) error {
	return b.endAt(ctx, q, id, ending{at: at})
}

// EndSubscription ends a subscription at once, as CancelSubscription does, for whoever sees to
// its service themselves: that does not follow.
func (b *Billing) EndSubscription(ctx context.Context, q *db.Queries, id string) error {
	return b.endAt(ctx, q, id, ending{at: b.clock.Now(), apart: true})
}

// ending is when a subscription ends; apart: its service is seen to by whoever ends it;
// strict: a bill that is being paid refuses it.
type ending struct {
	at            time.Time
	apart, strict bool
}

// passes is true of a refusal that does not keep a subscription from ending.
func (e ending) passes(err error) bool {
	return !e.strict && (fault.Is(err, "payment_processing") || fault.Is(err, "payment_in_progress"))
}

func (b *Billing) endAt(ctx context.Context, q *db.Queries, id string, e ending) error {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return err
	}
	if sub.State == string(SubscriptionCancelled) {
		return nil
	}
	now := b.clock.Now()
	over := !e.at.After(now)
	if over {
		e.at = now
	}
	if sub, err = b.dropChange(ctx, q, sub); err != nil && !e.passes(err) {
		return err
	}
	if sub, err = b.withdrawBut(ctx, q, sub, db.At(e.at), e.passes); err != nil {
		return err
	}
	sub.CancelAt = db.At(e.at)
	if start, _ := nextPeriod(sub); over || start >= sub.CancelAt {
		sub.NextInvoiceAt = 0
	}
	if over {
		sub.State, sub.PauseAt = string(SubscriptionCancelled), 0
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return err
	}
	if sub.NextInvoiceAt.IsZero() {
		if err := b.settledEarly(ctx, q, sub); err != nil {
			return err
		}
	}
	data := dataOf(sub)
	data.Apart = e.apart
	if err := b.tellWith(ctx, q, "subscription.cancelled", data, sub.CustomerID); err != nil || !over {
		return err
	}
	return b.tellWith(ctx, q, "subscription.ended", data, sub.CustomerID)
}

// Uncancel takes a cancellation back while the subscription has not ended, in the caller's
// transaction: it is billed again from where it stopped. Fault code "not_cancelled" where
// there is nothing to take back, "subscription_ended" where it is too late.
func (b *Billing) Uncancel(ctx context.Context, q *db.Queries, id string) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State == string(SubscriptionCancelled) || (!sub.CancelAt.IsZero() && sub.CancelAt <= db.At(b.clock.Now())) {
		return Subscription{}, errEnded()
	}
	if sub.CancelAt.IsZero() {
		return Subscription{}, fault.New(fault.Conflict, "not_cancelled", "The subscription is not cancelled.")
	}
	sub.CancelAt = 0
	if sub.State != string(SubscriptionPaused) {
		if sub, err = b.rewind(ctx, q, sub); err != nil {
			return Subscription{}, err
		}
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	return subscriptionOf(sub), b.tell(ctx, q, "subscription.uncancelled", sub)
}

func errEnded() error {
	return fault.New(fault.Conflict, "subscription_ended", "The subscription has ended. Order it anew.")
}

// end closes the subscriptions whose last day has come.
func (r *renewal) end(ctx context.Context) error {
	b := r.billing
	for after := ""; ; {
		ids, err := b.store.Read().SubscriptionsEnding(ctx, db.SubscriptionsEndingParams{NowAt: db.At(r.now), After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("read ending subscriptions: %w", err)
		}
		for _, id := range ids {
			err := b.one(ctx, func(q *db.Queries) error { return b.endOne(ctx, q, id, r.now) })
			if err != nil {
				r.skip(id, err)
			} else {
				r.report.Ended++
			}
			after = id
		}
		if len(ids) < 100 {
			return ctx.Err()
		}
	}
}

// endOne closes one of them and has its service ended.
func (b *Billing) endOne(ctx context.Context, q *db.Queries, id string, now time.Time) error {
	rows, err := q.SubscriptionEnd(ctx, db.SubscriptionEndParams{ID: id, NowAt: db.At(now)})
	if err != nil || rows == 0 {
		return err
	}
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return err
	}
	if err := b.settledEarly(ctx, q, sub); err != nil {
		return err
	}
	return b.tell(ctx, q, "subscription.ended", sub)
}
