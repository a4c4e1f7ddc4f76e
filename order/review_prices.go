package order

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/db"
	"hostfront/event"
	"hostfront/tally"
)

// AlarmBelowCost is open while subscriptions to something are billed at less than it costs;
// its subject is the product or the top-level domain.
const AlarmBelowCost = "subscriptions_below_cost"

// pricePage is how many subscriptions are read at once.
const pricePage = 500

// priceReview is one run of ReviewPrices.
type priceReview struct {
	orders *Orders
	today  *catalog.Renewals
	report *tally.Report
	// below counts, for what each subscription is for, those that are billed at a loss; met is all
	// that there are subscriptions to, priced or not.
	below map[string]int
	met   map[string]bool
}

// ReviewPrices holds every subscription against today's price of what it is for: costs are
// brought up to date, new prices announced where they are followed, and what is sold at a
// loss raises an alarm. A subscription that cannot be reviewed stops nothing. Premium names
// have prices of their own and are left out. The report counts what has no price of today
// (unpriced), the notices to customers (announced, withdrawn) and what is billed at a loss
// (below_cost).
func (o *Orders) ReviewPrices(ctx context.Context) (*tally.Report, error) {
	today, err := o.Catalog.Renewals(ctx)
	if err != nil {
		return tally.New(), err
	}
	r := &priceReview{orders: o, today: today, report: tally.New(), below: map[string]int{}, met: map[string]bool{}}
	for after := ""; ; {
		rows, err := o.Store.Read().SubscriptionsPriced(ctx, db.SubscriptionsPricedParams{After: after, Page: pricePage})
		if err != nil {
			return r.report, fmt.Errorf("read subscriptions to review: %w", err)
		}
		for _, row := range rows {
			r.one(ctx, row)
			after = row.ID
		}
		if len(rows) < pricePage || ctx.Err() != nil {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return r.report, err
	}
	open, err := o.Events.OpenOf(ctx, AlarmBelowCost)
	if err != nil {
		return r.report, err
	}
	for _, a := range open {
		if !r.met[a.Subject] {
			r.below[a.Subject] = 0 // the last subscription to it has ended
		}
	}
	return r.report, o.Store.Tx(ctx, func(q *db.Queries) error { return r.alarm(ctx, q) })
}

func (r *priceReview) one(ctx context.Context, row db.SubscriptionsPricedRow) {
	renewal, what, ok := r.price(row)
	r.met[what] = true
	if !ok {
		r.report.Count("unpriced", 1)
		return
	}
	var came billing.PriceReview
	err := tally.One(func() (err error) {
		came, err = r.review(ctx, row, billing.Today(renewal))
		return err
	})
	if err != nil {
		r.report.Skip(row.ID, err)
		return
	}
	r.report.Did(1)
	r.below[what] += 0
	for name, counts := range map[string]bool{"below_cost": came.Below, "announced": came.Announced, "withdrawn": came.Withdrawn} {
		if counts {
			r.report.Count(name, 1)
		}
	}
	if came.Below {
		r.below[what]++
	}
}

// review writes nothing where nothing has moved, which is most of the time.
func (r *priceReview) review(ctx context.Context, row db.SubscriptionsPricedRow, today billing.Today) (came billing.PriceReview, err error) {
	if r.orders.Billing.PriceStands(row, today) {
		return billing.PriceReview{Below: row.Net < row.Least}, nil
	}
	err = r.orders.Store.Tx(ctx, func(q *db.Queries) (err error) {
		came, err = r.orders.Billing.ReviewPrice(ctx, q, row.ID, today)
		return err
	})
	return came, err
}

// price is today's price of what a subscription is for, and what that is called in alarms.
func (r *priceReview) price(row db.SubscriptionsPricedRow) (catalog.Renewal, string, bool) {
	if row.Kind == string(billing.DomainSubscription) {
		renewal, tld, ok := r.today.Name(row.Name)
		return renewal, tld, ok
	}
	if row.CycleCount != 1 {
		return catalog.Renewal{}, "", false
	}
	renewal, ok := r.today.Product(row.ProductID, row.CycleUnit)
	return renewal, row.ProductID, ok
}

func (r *priceReview) alarm(ctx context.Context, q *db.Queries) error {
	events := r.orders.Events
	for _, what := range slices.Sorted(maps.Keys(r.below)) {
		count := r.below[what]
		if count == 0 {
			if err := events.Clear(ctx, q, AlarmBelowCost, what); err != nil {
				return err
			}
			continue
		}
		err := events.Raise(ctx, q, event.Alarm{
			Code: AlarmBelowCost, Subject: what,
			Message: fmt.Sprintf("%d subscriptions to %s are billed at less than cost and floor: see GET /v1/admin/subscriptions?below_cost=true.", count, what),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
