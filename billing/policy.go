package billing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/upstream"
)

// day is a day of the business clock.
const day = 24 * time.Hour

// RefundPolicy says who sends the money of a failed line back.
type RefundPolicy string

// The refund policies: at once, or after a person has looked.
const (
	RefundAuto   RefundPolicy = "auto"
	RefundManual RefundPolicy = "manual"
)

// Policies are the shop's choices. A zero field is its default.
type Policies struct {
	// Lapse is how long an unpaid sale stays open, by gateway; a gateway that is not
	// named has LapseDefault. Defaults: transfer 14 days, others a day.
	Lapse        map[string]time.Duration
	LapseDefault time.Duration
	// Hosting and Domain say when renewals are billed and charged.
	Hosting, Domain Timing
	// Deadlines are the upstream's, by TLD: a name is due at its own, and where that is earlier
	// than Domain.Due it is billed and charged as much earlier. None is Domain for all.
	Deadlines upstream.Deadlines
	// Early is how many days before a card would be charged a method of a kind is, because it
	// takes days to tell whether the money came; its invoice is made as much earlier. Default:
	// 14 for sepa_debit.
	Early map[string]int
	// ExpiryNotices are how many days before a card ends its customer is told. Default: 30,
	// 15, 7 and 3.
	ExpiryNotices []int
	// LinkLife is how long the link in a mail pays an invoice. Default 30 days.
	LinkLife time.Duration
	// Retry is when an automatic charge is tried again.
	Retry Retry
	// LostDispute is what becomes of an invoice whose money a lost dispute has taken. Default:
	// the customer owes it again.
	LostDispute LostPolicy
	// KeepCredit leaves the customer's credit alone when a renewal is billed: they apply it
	// themselves. Default: a renewal takes credit first.
	KeepCredit bool
	// RenewalPrice is what renewals are billed at: KeepPrice (the default) or FollowPrice, after
	// a notice of PriceNotice (default 30 days).
	RenewalPrice PricePolicy
	PriceNotice  time.Duration
	// CancelRest is what becomes of the unused rest of a subscription that a customer ends at
	// once. Default: KeepRest.
	CancelRest RestPolicy
	// PauseBy is who may pause a subscription: ByCustomer (the default) or only ByStaff.
	PauseBy Actor
	// PayoutAfter is how long after it was settled a payment may be in no payout of its gateway
	// before the operator is asked; zero asks never.
	PayoutAfter time.Duration
	// Workers bounds the transactions that a renewal run has under way. Default 40.
	Workers int
	// Page is how many due subscriptions a renewal run reads at once. Default 500.
	Page int
}

// Timing is when the renewal of a subscription is billed and charged.
type Timing struct {
	// Invoice is how long before the period starts the invoice is made: 7 days for
	// hosting, 45 for domains.
	Invoice time.Duration
	// Charge is how long before the period starts the saved method is charged: at its
	// start for hosting, 30 days before for domains. Zero with a zero Due is the default.
	Charge time.Duration
	// Due is how long before the period starts the invoice must be paid: at its start for
	// hosting, 14 days before for domains, the last day to renew upstream.
	Due time.Duration
}

func (p Policies) withDefaults() Policies {
	if p.Lapse == nil {
		p.Lapse = map[string]time.Duration{"transfer": 14 * day}
	}
	if p.LapseDefault == 0 {
		p.LapseDefault = day
	}
	if p.Hosting == (Timing{}) {
		p.Hosting = Timing{Invoice: 7 * day}
	}
	if p.Domain == (Timing{}) {
		p.Domain = Timing{Invoice: 45 * day, Charge: 30 * day, Due: 14 * day}
	}
	p.Retry = p.Retry.withDefaults()
	if p.Early == nil {
		p.Early = map[string]int{"sepa_debit": 14}
	}
	if p.ExpiryNotices == nil {
		p.ExpiryNotices = []int{30, 15, 7, 3}
	}
	if p.LinkLife == 0 {
		p.LinkLife = 30 * day
	}
	if p.LostDispute == "" {
		p.LostDispute = LostReopen
	}
	if p.RenewalPrice == "" {
		p.RenewalPrice = KeepPrice
	}
	if p.PriceNotice == 0 {
		p.PriceNotice = 30 * day
	}
	if p.CancelRest == "" {
		p.CancelRest = KeepRest
	}
	if p.PauseBy == "" {
		p.PauseBy = ByCustomer
	}
	if p.Workers == 0 {
		p.Workers = 40
	}
	if p.Page == 0 {
		p.Page = 500
	}
	return p
}

// lapse is how long an unpaid sale stays open when it is to be paid through gateway.
func (p Policies) lapse(gateway string) time.Duration {
	if d, ok := p.Lapse[gateway]; ok {
		return d
	}
	return p.LapseDefault
}

// timing is when the renewals of a kind are billed and charged; name is a domain's.
func (p Policies) timing(kind SubscriptionKind, name string) Timing {
	if kind != DomainSubscription {
		return p.Hosting
	}
	t := p.Domain
	if p.Deadlines == nil {
		return t
	}
	due := p.Deadlines.Of(name)
	if earlier := due - t.Due; earlier > 0 {
		t.Invoice, t.Charge = t.Invoice+earlier, t.Charge+earlier
	}
	t.Due = due
	return t
}

// timing is when a subscription's renewals are billed and charged.
func (b *Billing) timing(ctx context.Context, q *db.Queries, sub db.Subscription) (Timing, error) {
	kind := SubscriptionKind(sub.Kind)
	if kind != DomainSubscription || !b.policies.Deadlines.ByTLD() {
		return b.policies.timing(kind, ""), nil
	}
	names, err := q.SubscriptionName(ctx, sub.ServiceID)
	if err != nil {
		return Timing{}, fmt.Errorf("name of %s: %w", sub.ID, err)
	}
	return b.policies.timing(kind, strings.Join(names, "")), nil
}
