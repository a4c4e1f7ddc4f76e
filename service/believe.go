package service

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// orderBelieved refuses what an operator says came of a delivery and cannot be: an order that is
// to be polled and that nobody names, a package delivered without its site, an order that failed
// before the line was mended and ordered again, or one that has become another line's service.
func (s *Services) orderBelieved(ctx context.Context, q *db.Queries, t task.Task, tries []task.Attempt) error {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return err
	}
	result := resultOf(t)
	if err := toldEnough(d, t, result); err != nil {
		return err
	}
	order := result.OrderID
	if order == "" {
		return nil
	}
	if failedBefore(order, tries) {
		return fault.InvalidField("result.order_id", "order_failed",
			"Upstream order %s is the one that failed before this was ordered again. Give the id of the later order, or settle as failed.", order)
	}
	others, err := q.ServicesByUpstreamOrder(ctx, db.ServicesByUpstreamOrderParams{Upstream: d.Upstream, UpstreamOrder: string(order)})
	if err != nil {
		return fmt.Errorf("services of upstream order %s: %w", order, err)
	}
	for _, other := range others {
		if other.OrderLineID != d.ID {
			return fault.InvalidField("result.order_id", "order_taken", "Upstream order %s is that of another service, %s.", order, other.Name)
		}
	}
	return nil
}

// toldEnough asks for the order that is to be polled, and for what a package's customer is to
// have: the site, or the order that made it.
func toldEnough(d db.Delivery, t task.Task, r deliveryResult) error {
	switch {
	case r.OrderID != "":
	case t.State == task.Waiting:
		return fault.InvalidField("result.order_id", "required",
			"The order is asked for from now on: give its id at the upstream, as {\"order_id\":\"…\"}.")
	case hasSite(d) && r.SiteID == "":
		return fault.InvalidField("result.site_id", "required",
			"The customer gets this site and pays for it: give its id at the upstream, as {\"site_id\":\"…\"}, or the order's as {\"order_id\":\"…\"}.")
	}
	return nil
}

// LastOrder is the upstream's id of the last order that has become a site; empty when there is
// none.
func LastOrder(ctx context.Context, q *db.Queries, upstream string) (string, error) {
	rows, err := q.ServiceLastOrder(ctx, upstream)
	if err != nil {
		return "", fmt.Errorf("last order at %s: %w", upstream, err)
	}
	for _, order := range rows {
		return order, nil
	}
	return "", nil
}

// failedBefore is true of an order that a try has told of after which another order was made: it
// had come to nothing by then.
func failedBefore(order id, tries []task.Attempt) bool {
	last := int64(0)
	for _, a := range tries {
		if a.Phase == task.PhaseDo && a.Outcome != string(task.Cancelled) {
			last = max(last, a.Number)
		}
	}
	for _, a := range tries {
		if a.Number < last && resultOf(task.Task{Result: a.Result}).OrderID == order {
			return true
		}
	}
	return false
}
