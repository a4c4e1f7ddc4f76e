package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/account"
	"hostfront/db"
)

// renewed is what became of one due period.
type renewed int

const (
	notBilled renewed = iota // another run was first
	billedAndCharged
	billedAndMailed
	billedFree
	billedFromCredit
	billedCarried // too little to be charged: the next invoice asks for it
)

// Why a customer is not billed whom staff exempted, or has given up.
var (
	errNoInvoicing = errors.New("the customer is not to be invoiced")
	errWrittenOff  = errors.New("the customer is written off")
)

// errFarAhead is a row that would be billed period after period for years to come.
var errFarAhead = errors.New("its next period begins in more than a year: see its lead_days")

// errNotRenewed is a name whose last paid year its upstream has not renewed yet: nobody pays for
// the next before they have that one.
var errNotRenewed = errors.New("the year before is paid and not renewed upstream yet: renew it there, set its expiry, or refund it and end the subscription")

// renewOne bills the next period of a subscription in the caller's transaction: the
// revision of its row is the compare-and-set, the period's row the proof. below says that
// it was billed at less than cost and floor.
func (b *Billing) renewOne(ctx context.Context, q *db.Queries, sub db.Subscription) (result renewed, below bool, err error) {
	customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
	if err != nil {
		return notBilled, false, err
	}
	if err := exempted(customer); err != nil {
		return notBilled, false, err
	}
	u, err := b.upcoming(ctx, q, sub)
	if err != nil {
		return notBilled, false, err
	}
	if u.start > db.At(b.clock.Now().AddDate(1, 0, 0)) {
		return notBilled, false, errFarAhead
	}
	if awaitsRenewal(sub) {
		return notBilled, false, errNotRenewed
	}
	if u.moved() {
		if u.sub, err = b.moveWith(ctx, q, u); err != nil {
			return notBilled, false, err
		}
	}
	took, err := b.takePeriod(ctx, q, u.sub, u.end)
	if err != nil || !took {
		return notBilled, false, err
	}
	doc, err := u.draw(b, customer)
	if err != nil {
		return notBilled, false, err
	}
	rows, err := q.PeriodInsert(ctx, db.PeriodInsertParams{
		SubscriptionID: sub.ID, StartAt: u.start, EndAt: u.end, InvoiceID: doc.head.ID, Net: u.net, State: periodBilled,
	})
	if err != nil {
		return notBilled, false, fmt.Errorf("bill period of %s: %w", sub.ID, err)
	}
	if rows == 0 {
		return notBilled, false, nil // this period was billed before; the pointer has moved past it now
	}
	if !renewedEarly(sub, u.end) {
		if err := b.settledEarly(ctx, q, sub); err != nil {
			return notBilled, false, err
		}
	}
	result, err = b.bill(ctx, q, u, collection{sub: u.sub, customer: customer, doc: doc, start: u.start})
	return result, u.below(), err
}

// awaitsRenewal is true of a name whose next period to be billed does not follow what its upstream
// has renewed: a paid one lies between. Names are sold by the year.
func awaitsRenewal(sub db.Subscription) bool {
	if sub.Kind != string(DomainSubscription) || sub.RenewTaskKind == "" || sub.CurrentEndAt.IsZero() {
		return false
	}
	return sub.NextStartAt > halfOn(sub, sub.CurrentEndAt)
}

// exempted says why a customer is not to be billed; nil for one that is.
func exempted(c account.Customer) error {
	switch {
	case c.Flags.WrittenOff:
		return errWrittenOff
	case c.Flags.NoInvoicing:
		return errNoInvoicing
	}
	return nil
}

// bill stores the invoice of a period that was taken, hangs on it what being paid releases,
// and sees to its money.
func (b *Billing) bill(ctx context.Context, q *db.Queries, u upcoming, c collection) (renewed, error) {
	if err := b.write(ctx, q, c.doc); err != nil {
		return notBilled, err
	}
	if err := b.hangRenewal(ctx, q, u.sub, c.doc.head.ID, u.start, u.end); err != nil {
		return notBilled, err
	}
	if u.change != nil {
		if err := b.hangChange(ctx, q, u, c.doc.head.ID); err != nil {
			return notBilled, err
		}
	}
	return b.collect(ctx, q, c)
}

// moveWith writes what comes into force with a period, before it is taken. A change withdraws a
// price that was announced.
func (b *Billing) moveWith(ctx context.Context, q *db.Queries, u upcoming) (db.Subscription, error) {
	state := noticeWithdrawn
	if u.priced {
		state = noticeApplied
	}
	_, err := q.PriceNoticeEnd(ctx, db.PriceNoticeEndParams{SubscriptionID: u.sub.ID, State: state, UpdatedAt: db.At(b.clock.Now())})
	if err != nil {
		return u.sub, fmt.Errorf("end the announced price of %s: %w", u.sub.ID, err)
	}
	return b.save(ctx, q, u.sub)
}

// afterBilling is when the period after the one that is due now is billed. A domain is
// billed again only when this one is paid: it lapses rather than run up debt.
func afterBilling(sub db.Subscription) db.Instant {
	if sub.Kind == string(DomainSubscription) {
		return 0
	}
	_, end := nextPeriod(sub)
	return billAt(sub, end)
}

// takePeriod moves the pointer past the period that is being billed.
func (b *Billing) takePeriod(ctx context.Context, q *db.Queries, sub db.Subscription, end db.Instant) (bool, error) {
	rows, err := q.SubscriptionBilled(ctx, db.SubscriptionBilledParams{
		ID: sub.ID, Revision: sub.Revision, NextNumber: sub.NextNumber + 1, NextStartAt: end, NextInvoiceAt: afterBilling(sub),
		UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return false, fmt.Errorf("take the next period of %s: %w", sub.ID, err)
	}
	return rows == 1, nil
}
