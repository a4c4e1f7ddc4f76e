package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// SubscriptionKind says where the periods of a subscription come from.
type SubscriptionKind string

// The kinds: hosting periods are computed from the anchor, domain periods from the expiry
// read upstream.
const (
	HostingSubscription SubscriptionKind = "hosting"
	DomainSubscription  SubscriptionKind = "domain"
)

// SubscriptionState is where billing stands with a subscription. Whether the service
// works is another matter (package service).
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionActive    SubscriptionState = "active"
	SubscriptionPastDue   SubscriptionState = "past_due"
	SubscriptionSuspended SubscriptionState = "suspended"
	SubscriptionPaused    SubscriptionState = "paused"
	SubscriptionCancelled SubscriptionState = "cancelled"
)

// Subscription is what is billed again and again at the agreed price.
type Subscription struct {
	ID, CustomerID, ServiceID, OrderLineID string
	Kind                                   SubscriptionKind
	ProductID, Description                 string
	State                                  SubscriptionState
	Cycle                                  Cycle
	// Net is the agreed price of a period without VAT, Cost what the upstream charges.
	Net, Cost money.Amount
	Anchor    time.Time
	// CurrentPeriodEnd is how far it is paid for; for a domain the expiry read upstream,
	// zero while that could not be read.
	CurrentPeriodStart, CurrentPeriodEnd time.Time
	// NextInvoiceAt is when the next period is billed, zero when none is.
	NextInvoiceAt time.Time
	// CancelAt is when it ends, zero when it goes on.
	CancelAt time.Time
	// Least is the cost and the floor of its price rule when that was last looked at: a Net
	// below it is sold at a loss.
	Least money.Amount
	// PricePolicy is its own, empty for the shop's.
	PricePolicy PricePolicy
	// NoticeNet is a price that was announced, for periods that start at NoticeAt or later;
	// NoticeAt is zero without one.
	NoticeNet money.Amount
	NoticeAt  time.Time
	// Phases are the discounts that are still to come.
	Phases []Phase
	// ChangeID is a change of product or cycle that is still to come.
	ChangeID string
	MethodID string
}

// Subscription reads one; fault NotFound when there is none.
func (b *Billing) Subscription(ctx context.Context, q *db.Queries, id string) (Subscription, error) {
	row, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	return subscriptionOf(row), nil
}

// Subscriptions lists a customer's, oldest first, after a cursor (a subscription's id;
// empty for the first page).
func (b *Billing) Subscriptions(ctx context.Context, customerID, cursor string, limit int) ([]Subscription, error) {
	return subscriptionsOf(b.store.Read().SubscriptionsByCustomer(ctx, db.SubscriptionsByCustomerParams{
		CustomerID: customerID, After: cursor, Page: int64(limit),
	}))
}

// SubscriptionsOfService lists those of one service, oldest first.
func (b *Billing) SubscriptionsOfService(ctx context.Context, q *db.Queries, serviceID string) ([]Subscription, error) {
	return subscriptionsOf(q.SubscriptionsByService(ctx, serviceID))
}

// SubscriptionFilter chooses among all subscriptions; empty fields choose all.
type SubscriptionFilter struct {
	CustomerID string
	State      SubscriptionState
	// BelowCost are those that are sold at less than cost and floor; it goes alone.
	BelowCost bool
}

// AllSubscriptions lists those of every customer, oldest first, after a cursor.
func (b *Billing) AllSubscriptions(ctx context.Context, f SubscriptionFilter, cursor string, limit int) ([]Subscription, error) {
	q := b.store.Read()
	if f.BelowCost {
		return subscriptionsOf(q.SubscriptionsBelowCost(ctx, db.SubscriptionsBelowCostParams{After: cursor, Page: int64(limit)}))
	}
	return subscriptionsOf(q.SubscriptionsAll(ctx, db.SubscriptionsAllParams{
		CustomerID: f.CustomerID, State: string(f.State), After: cursor, Page: int64(limit),
	}))
}

// Period is one period of a subscription: billed, paid, void (its bill was withdrawn), waived (its
// bill was given up) or paused.
type Period struct {
	Start, End time.Time
	InvoiceID  string
	State      string
}

// Periods lists the periods of a subscription that were billed, oldest first.
func (b *Billing) Periods(ctx context.Context, q *db.Queries, subscriptionID string) ([]Period, error) {
	rows, err := q.PeriodsBySubscription(ctx, subscriptionID)
	if err != nil {
		return nil, fmt.Errorf("periods of %s: %w", subscriptionID, err)
	}
	out := make([]Period, 0, len(rows))
	for _, r := range rows {
		out = append(out, Period{Start: r.StartAt.Time(), End: r.EndAt.Time(), InvoiceID: r.InvoiceID, State: r.State})
	}
	return out, nil
}

func subscriptionRow(ctx context.Context, q *db.Queries, id string) (db.Subscription, error) {
	row, err := q.SubscriptionByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.Subscription{}, fault.Missing("subscription", id)
	}
	if err != nil {
		return db.Subscription{}, fmt.Errorf("read subscription %s: %w", id, err)
	}
	return row, nil
}

func subscriptionsOf(rows []db.Subscription, err error) ([]Subscription, error) {
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	out := make([]Subscription, 0, len(rows))
	for _, r := range rows {
		out = append(out, subscriptionOf(r))
	}
	return out, nil
}

func subscriptionOf(r db.Subscription) Subscription {
	cur := money.Currency(r.Currency)
	return Subscription{
		ID: r.ID, CustomerID: r.CustomerID, ServiceID: r.ServiceID, OrderLineID: r.OrderLineID,
		Kind: SubscriptionKind(r.Kind), ProductID: r.ProductID, Description: r.Description,
		State: SubscriptionState(r.State), Cycle: cycleOf(r),
		Net: money.New(r.Net, cur), Cost: money.New(r.Cost, cur), Anchor: r.AnchorAt.Time(),
		CurrentPeriodStart: r.CurrentStartAt.Time(), CurrentPeriodEnd: r.CurrentEndAt.Time(),
		NextInvoiceAt: r.NextInvoiceAt.Time(), CancelAt: r.CancelAt.Time(), MethodID: r.MethodID,
		Least: money.New(r.Least, cur), PricePolicy: PricePolicy(r.PricePolicy), NoticeNet: money.New(r.NoticeNet, cur),
		NoticeAt: r.NoticeAt.Time(), Phases: phasesLeft(r), ChangeID: r.ChangeID,
	}
}

func cycleOf(r db.Subscription) Cycle {
	return Cycle{Unit: CycleUnit(r.CycleUnit), Count: int(r.CycleCount)}
}
