package billing

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/money"
)

// upcoming is the next period of a subscription as it will be billed: the renewal draws
// its invoice from it, and so does the preview.
type upcoming struct {
	// sub is the subscription with what comes into force with this period: a scheduled
	// change, a price that was announced.
	sub db.Subscription
	// change is the scheduled change that begins with this period, nil without one.
	change *db.SubscriptionChange
	// priced is true where an announced price is taken.
	priced     bool
	start, end db.Instant
	// net and cost are what the period is sold at and what the upstream charges for it: of the
	// rest of a period their shares.
	net, cost   int64
	description string
	// due is when the period must be paid, in good time or not.
	due time.Time
}

// moved is true where the subscription itself changes with this period.
func (u upcoming) moved() bool { return u.change != nil || u.priced }

// errOutOfStep is a row that contradicts itself: followed, it would be billed for a time that
// has been billed, again and again.
var errOutOfStep = errors.New("its next period does not begin where the last one ended: see its anchor, its cycle and its next number")

// upcoming works out what is billed next. It writes nothing.
func (b *Billing) upcoming(ctx context.Context, q *db.Queries, sub db.Subscription) (upcoming, error) {
	u := upcoming{sub: sub}
	u.start, u.end = nextPeriod(sub)
	if u.start != sub.NextStartAt || u.end <= u.start {
		return upcoming{}, fmt.Errorf("bill subscription %s: %w", sub.ID, errOutOfStep)
	}
	if sub.ChangeID != "" {
		if err := b.takeChange(ctx, q, &u); err != nil {
			return upcoming{}, err
		}
	}
	// A change has ended a price that was announced for what the subscription was before.
	if !u.sub.NoticeAt.IsZero() && u.start >= u.sub.NoticeAt {
		u.priced = true
		u.sub.Net, u.sub.NoticeNet, u.sub.NoticeAt = u.sub.NoticeNet, 0, 0
	}
	net, label, err := inPhase(u.sub, u.sub.NextNumber)
	if err != nil {
		return upcoming{}, err
	}
	u.net, u.cost, u.description = net, u.sub.Cost, u.sub.Description+label
	if full := db.At(cycleOf(u.sub).Start(u.sub.AnchorAt.Time(), u.sub.NextNumber)); u.sub.Kind == string(HostingSubscription) && u.start > full {
		u.net, u.cost = shareUp(net, u.end-u.start, u.end-full), shareUp(u.sub.Cost, u.end-u.start, u.end-full)
	}
	timing, err := b.timing(ctx, q, sub)
	u.due = u.start.Time().Add(-timing.Due)
	return u, err
}

// draw is the invoice of the period.
func (u upcoming) draw(b *Billing, customer account.Customer) (document, error) {
	cur := money.Currency(u.sub.Currency)
	due := u.due
	if now := b.clock.Now(); due.Before(now) {
		due = now
	}
	doc, err := b.draw(InvoiceParams{
		CustomerID: u.sub.CustomerID, Subject: u.sub.ID, Kind: RenewalInvoice, DueAt: due,
		Lines: []LineParams{{
			Description: u.description, Subject: u.sub.ID, SubscriptionID: u.sub.ID, Net: money.New(u.net, cur),
			Cost: money.New(u.cost, cur), PeriodStart: u.start.Time(), PeriodEnd: u.end.Time(),
		}},
	}, customer)
	if err != nil {
		return document{}, fmt.Errorf("bill subscription %s: %w", u.sub.ID, err)
	}
	return doc, nil
}

// nextPeriod is the period that is billed next: of hosting computed from the anchor, of a
// domain from where the last one ends. One that was paused is billed from the instant it
// was taken up again to where the anchor has the period end.
func nextPeriod(sub db.Subscription) (start, end db.Instant) {
	c := cycleOf(sub)
	if sub.Kind == string(HostingSubscription) {
		anchor := sub.AnchorAt.Time()
		start, end = db.At(c.Start(anchor, sub.NextNumber)), db.At(c.Start(anchor, sub.NextNumber+1))
		if sub.NextStartAt > start && sub.NextStartAt < end {
			start = sub.NextStartAt
		}
		return start, end
	}
	return sub.NextStartAt, db.At(c.Start(sub.NextStartAt.Time(), 1))
}

// shareDown and shareUp are the part of a price that falls on a part of a time, to the
// cent: what goes back is rounded down and what is charged is rounded up, so that no way
// of changing to and fro is worth a cent.
func shareDown(price int64, part, whole db.Instant) int64 {
	return new(big.Int).Div(product(price, part), big.NewInt(int64(whole))).Int64()
}

func shareUp(price int64, part, whole db.Instant) int64 {
	rest := new(big.Int)
	share, rest := new(big.Int).DivMod(product(price, part), big.NewInt(int64(whole)), rest)
	if rest.Sign() != 0 {
		return share.Int64() + 1
	}
	return share.Int64()
}

func product(price int64, part db.Instant) *big.Int {
	return new(big.Int).Mul(big.NewInt(price), big.NewInt(int64(part)))
}
