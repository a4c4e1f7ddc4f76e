package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// PricePolicy says what a renewal is billed at.
type PricePolicy string

// The policies: the price that was agreed, or the shop's of today after a notice.
const (
	KeepPrice   PricePolicy = "keep"
	FollowPrice PricePolicy = "follow"
)

// The states of a notice.
const (
	noticeApplied   = "applied"
	noticeWithdrawn = "withdrawn"
)

// Today is what a subscription would be sold at today.
type Today struct {
	// Net is the price of a period without VAT, Cost what the upstream charges, Least the cost
	// and the floor of the rule: less is selling at a loss.
	Net, Cost, Least money.Amount
}

// PriceReview is what a review of a subscription's price came to.
type PriceReview struct {
	// Announced and Withdrawn tell of a notice to the customer.
	Announced, Withdrawn bool
	// Below: it is billed at less than cost and floor.
	Below bool
}

// ReviewPrice holds a subscription's price against today's, in the caller's transaction. Its
// cost is kept, so that margins are true and a subscription that is sold at a loss is known.
// Where the price follows, a change is announced: a rise holds for periods that start when
// the notice has run out, a fall for the next that is billed.
func (b *Billing) ReviewPrice(ctx context.Context, q *db.Queries, id string, today Today) (PriceReview, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil || sub.State == string(SubscriptionCancelled) {
		return PriceReview{}, err
	}
	was := sub
	sub.Cost, sub.Least = today.Cost.Minor, today.Least.Minor
	var review PriceReview
	if b.pricePolicy(sub) == FollowPrice {
		if review, sub, err = b.follow(ctx, q, sub, today.Net.Minor); err != nil {
			return review, err
		}
	} else if !sub.NoticeAt.IsZero() {
		review.Withdrawn = true
		if sub, err = b.dropNotice(ctx, q, sub); err != nil {
			return review, err
		}
	}
	review.Below = sub.Net < sub.Least
	if sub == was {
		return review, nil
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return review, err
	}
	switch {
	case review.Announced:
		err = b.tellPrice(ctx, q, "subscription.price_announced", sub)
	case review.Withdrawn:
		err = b.tell(ctx, q, "subscription.price_withdrawn", sub)
	}
	return review, err
}

// PriceStands is true where a review would change nothing.
func (b *Billing) PriceStands(row db.SubscriptionsPricedRow, today Today) bool {
	sub := db.Subscription{Net: row.Net, PricePolicy: row.PricePolicy, NoticeNet: row.NoticeNet, NoticeAt: row.NoticeAt}
	if row.Cost != today.Cost.Minor || row.Least != today.Least.Minor {
		return false
	}
	if b.pricePolicy(sub) == KeepPrice {
		return sub.NoticeAt.IsZero()
	}
	return announced(sub) == today.Net.Minor
}

// announced is the price that the customer knows of: the agreed one or a later one.
func announced(sub db.Subscription) int64 {
	if sub.NoticeAt.IsZero() {
		return sub.Net
	}
	return sub.NoticeNet
}

// pricePolicy is the subscription's own, or else the shop's.
func (b *Billing) pricePolicy(sub db.Subscription) PricePolicy {
	if sub.PricePolicy != "" {
		return PricePolicy(sub.PricePolicy)
	}
	return b.policies.RenewalPrice
}

// follow announces today's price where that is not the one the customer knows of.
func (b *Billing) follow(ctx context.Context, q *db.Queries, sub db.Subscription, net int64) (PriceReview, db.Subscription, error) {
	if net == announced(sub) {
		return PriceReview{}, sub, nil
	}
	review := PriceReview{Withdrawn: !sub.NoticeAt.IsZero()}
	sub, err := b.dropNotice(ctx, q, sub)
	if err != nil || net == sub.Net {
		return review, sub, err
	}
	now := b.clock.Now()
	from := db.At(now)
	if net > sub.Net {
		from = db.At(now.Add(b.policies.PriceNotice))
	}
	err = q.PriceNoticeInsert(ctx, db.PriceNoticeInsertParams{
		ID: b.store.NewID("ntc"), SubscriptionID: sub.ID, Currency: sub.Currency, OldNet: sub.Net, NewNet: net, FromAt: from,
		CreatedAt: db.At(now), UpdatedAt: db.At(now),
	})
	if err != nil {
		return review, sub, fmt.Errorf("announce a price of %s: %w", sub.ID, err)
	}
	sub.NoticeNet, sub.NoticeAt = net, from
	return PriceReview{Announced: true}, sub, nil
}

// dropNotice withdraws the price that was announced, where one was.
func (b *Billing) dropNotice(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Subscription, error) {
	if sub.NoticeAt.IsZero() {
		return sub, nil
	}
	_, err := q.PriceNoticeEnd(ctx, db.PriceNoticeEndParams{
		SubscriptionID: sub.ID, State: noticeWithdrawn, UpdatedAt: db.At(b.clock.Now()),
	})
	sub.NoticeNet, sub.NoticeAt = 0, 0
	return sub, wrap(err, "withdraw the price announced to "+sub.ID)
}

// priceData is the data of the event that announces a price.
type priceData struct {
	subscriptionData
	OldNet money.Amount `json:"old_net"`
	NewNet money.Amount `json:"new_net"`
	FromAt db.Instant   `json:"from_at"`
}

func (b *Billing) tellPrice(ctx context.Context, q *db.Queries, kind string, sub db.Subscription) error {
	cur := money.Currency(sub.Currency)
	return b.events.Emit(ctx, q, event.Params{Kind: kind, Subject: sub.ID, CustomerID: sub.CustomerID, Data: priceData{
		subscriptionData: subscriptionData{SubscriptionID: sub.ID, ServiceID: sub.ServiceID, Kind: sub.Kind},
		OldNet:           money.New(sub.Net, cur), NewNet: money.New(sub.NoticeNet, cur), FromAt: sub.NoticeAt,
	}})
}

// SetPricePolicy gives a subscription a policy of its own, or the shop's again (empty), in the
// caller's transaction. Keeping the agreed price withdraws a rise that was announced.
func (b *Billing) SetPricePolicy(ctx context.Context, q *db.Queries, id string, policy PricePolicy) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State == string(SubscriptionCancelled) {
		return Subscription{}, errEnded()
	}
	if policy != "" && policy != KeepPrice && policy != FollowPrice {
		return Subscription{}, fault.InvalidField("policy", "unknown", "One of keep and follow, or nothing for the shop's.")
	}
	sub.PricePolicy = string(policy)
	withdrawn := !sub.NoticeAt.IsZero() && b.pricePolicy(sub) == KeepPrice
	if withdrawn {
		if sub, err = b.dropNotice(ctx, q, sub); err != nil {
			return Subscription{}, err
		}
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return Subscription{}, err
	}
	if withdrawn {
		err = b.tell(ctx, q, "subscription.price_withdrawn", sub)
	}
	return subscriptionOf(sub), err
}

// SetPhases gives a subscription discounts on the periods that are billed next, in the caller's
// transaction; they take the place of those it had. None takes them away.
func (b *Billing) SetPhases(ctx context.Context, q *db.Queries, id string, phases []Phase) (Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return Subscription{}, err
	}
	if sub.State == string(SubscriptionCancelled) {
		return Subscription{}, errEnded()
	}
	if sub.Phases, err = keepPhases(phases, sub.NextNumber, money.Currency(sub.Currency)); err != nil {
		return Subscription{}, err
	}
	sub, err = b.save(ctx, q, sub)
	return subscriptionOf(sub), err
}

// PriceNotice is a price that a customer was told of in advance.
type PriceNotice struct {
	// State is told, applied or withdrawn.
	State          string
	OldNet, NewNet money.Amount
	// FromAt: periods that start then or later are billed at the new price.
	FromAt, ToldAt db.Instant
}

// PriceNotices are those of a subscription, oldest first.
func (b *Billing) PriceNotices(ctx context.Context, q *db.Queries, subscriptionID string) ([]PriceNotice, error) {
	rows, err := q.PriceNoticesBySubscription(ctx, subscriptionID)
	if err != nil {
		return nil, fmt.Errorf("price notices of %s: %w", subscriptionID, err)
	}
	notices := make([]PriceNotice, 0, len(rows))
	for _, r := range rows {
		cur := money.Currency(r.Currency)
		notices = append(notices, PriceNotice{
			State: r.State, OldNet: money.New(r.OldNet, cur), NewNet: money.New(r.NewNet, cur), FromAt: r.FromAt, ToldAt: r.CreatedAt,
		})
	}
	return notices, nil
}
