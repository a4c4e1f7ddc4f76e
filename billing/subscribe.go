package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// SubscriptionParams is a subscription that starts with a period that is paid already.
type SubscriptionParams struct {
	CustomerID, ServiceID string
	// OrderLineID makes it one of a kind: a second Subscribe for the same line gives the
	// first one.
	OrderLineID string
	Kind        SubscriptionKind
	// ProductID is what it is for; empty for a domain.
	ProductID   string
	Description string
	// InvoiceID is what the first period was paid by, at FirstNet without VAT; empty and zero
	// where nothing was paid.
	InvoiceID string
	FirstNet  money.Amount
	// Cycle is as ParseCycle reads it: "month", "year", "3 months".
	Cycle string
	// Net and Cost are the agreed price of a period and its cost, without VAT.
	Net, Cost money.Amount
	// Phases are what the periods after the first are sold for at first, as an introduction has them.
	Phases []Phase
	// Anchor is the start of the paid period; hosting periods are computed from it for ever.
	Anchor time.Time
	// PaidUntil is the expiry read upstream, for a domain; zero where it could not be read
	// (an operator sets it: SetExpiry). Hosting is paid until a cycle after the anchor.
	PaidUntil time.Time
	// RenewTaskKind is the task that a paid renewal releases, on the service; empty for none.
	// Its payload is RenewTaskPayload (a JSON object) with subscription_id, invoice_id,
	// period_start and period_end added.
	RenewTaskKind    string
	RenewTaskPayload any
	// Gateway and MethodID say what is charged; empty: the customer's first method.
	Gateway, MethodID string
	// Name is a domain's, whose TLD may have a deadline of its own (Policies.Deadlines).
	Name string
	// LeadDays is how long ahead a renewal is billed; zero is the shop's policy.
	LeadDays int
}

// Subscribe starts a subscription in the caller's transaction.
func (b *Billing) Subscribe(ctx context.Context, q *db.Queries, p SubscriptionParams) (Subscription, error) {
	row, err := b.newSubscription(p)
	if err != nil {
		return Subscription{}, err
	}
	rows, err := q.SubscriptionInsert(ctx, row)
	if err != nil {
		return Subscription{}, fmt.Errorf("subscribe service %s: %w", p.ServiceID, err)
	}
	if rows == 0 {
		there, err := q.SubscriptionByOrderLine(ctx, p.OrderLineID)
		if err != nil {
			return Subscription{}, fmt.Errorf("subscription of order line %s: %w", p.OrderLineID, err)
		}
		return subscriptionOf(there), nil
	}
	if row.CurrentEndAt.IsZero() {
		err = b.events.Raise(ctx, q, event.Alarm{
			Code: "expiry_unknown", Subject: row.ID,
			Message: "The expiry of " + p.Description + " could not be read: it is not billed until it is set.",
		})
	} else {
		_, err = q.PeriodInsert(ctx, db.PeriodInsertParams{
			SubscriptionID: row.ID, StartAt: row.CurrentStartAt, EndAt: row.CurrentEndAt,
			InvoiceID: p.InvoiceID, Net: p.FirstNet.Minor, State: periodPaid,
		})
	}
	if err != nil {
		return Subscription{}, fmt.Errorf("first period of %s: %w", row.ID, err)
	}
	if err := b.fitLead(ctx, q, row.ID); err != nil {
		return Subscription{}, err
	}
	return b.Subscription(ctx, q, row.ID)
}

func (b *Billing) newSubscription(p SubscriptionParams) (db.SubscriptionInsertParams, error) {
	cycle, err := ParseCycle(p.Cycle)
	if err != nil {
		return db.SubscriptionInsertParams{}, fmt.Errorf("subscribe service %s: %w", p.ServiceID, err)
	}
	payload := ""
	if p.RenewTaskPayload != nil {
		text, err := json.Marshal(p.RenewTaskPayload)
		if err != nil {
			return db.SubscriptionInsertParams{}, fmt.Errorf("renewal payload of service %s: %w", p.ServiceID, err)
		}
		payload = string(text)
	}
	end := p.PaidUntil
	if p.Kind == HostingSubscription {
		end = cycle.Start(p.Anchor, 1)
	}
	if !end.IsZero() && !end.After(p.Anchor) {
		return db.SubscriptionInsertParams{}, fmt.Errorf("subscribe service %s: the paid period ends %s, before it starts", p.ServiceID, end)
	}
	lead := time.Duration(p.LeadDays) * day
	if lead == 0 {
		lead = b.policies.timing(p.Kind, p.Name).Invoice
	}
	phases, err := keepPhases(p.Phases, 1, b.currency)
	if err != nil {
		return db.SubscriptionInsertParams{}, fmt.Errorf("subscribe service %s: %w", p.ServiceID, err)
	}
	now := db.At(b.clock.Now())
	row := db.SubscriptionInsertParams{
		ID: b.store.NewID("sub"), CustomerID: p.CustomerID, ServiceID: p.ServiceID, OrderLineID: p.OrderLineID,
		Kind: string(p.Kind), ProductID: p.ProductID, Description: p.Description, CycleUnit: string(cycle.Unit), CycleCount: int64(cycle.Count),
		Currency: string(b.currency), Net: p.Net.Minor, Cost: p.Cost.Minor, AnchorAt: db.At(p.Anchor), NextNumber: 1,
		CurrentStartAt: db.At(p.Anchor), CurrentEndAt: db.At(end), LeadDays: int64(lead / day),
		RenewTaskKind: p.RenewTaskKind, RenewTaskPayload: payload, Gateway: p.Gateway, MethodID: p.MethodID,
		Phases: phases, CreatedAt: now, UpdatedAt: now,
	}
	if !end.IsZero() {
		row.NextStartAt, row.NextInvoiceAt = db.At(end), db.At(end.Add(-lead))
	}
	return row, nil
}
