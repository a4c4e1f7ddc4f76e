package service

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// placeOrder makes the one upstream order of a delivery. There is no way to find it
// again if the answer is lost, so that its id is stored before anything else.
func (s *Services) placeOrder(ctx context.Context, t task.Task) (task.Progress, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Progress{}, err
	}
	if a.orderer == nil {
		return task.Progress{}, cannot(a, "take orders")
	}
	item, err := s.itemOf(d)
	if err != nil {
		return task.Progress{}, err
	}
	task.Note(ctx, "orders", map[string]string{
		"reference": d.ID, "type": item.Type, "product": item.ProductRef, "domain": item.Domain, "cycle": item.Cycle,
	})
	orderID, err := a.orderer.PlaceOrder(ctx, upstream.OrderRequest{
		Summary: d.Description, Reference: d.ID, Lines: []upstream.OrderItem{item},
	})
	if err != nil {
		return task.Progress{}, err
	}
	return task.Progress{Result: deliveryResult{OrderID: id(orderID)}, Waiting: true}, nil
}

// itemOf is the delivery as a line of an upstream order.
func (s *Services) itemOf(d db.Delivery) (upstream.OrderItem, error) {
	item := upstream.OrderItem{Description: d.Description, Domain: d.Domain, Category: d.Category}
	switch d.Kind {
	case Hosting:
		item.Type, item.ProductRef, item.TargetURL = upstream.ItemHosting, d.ProductRef, d.TargetUrl
		if d.ClientChoice {
			item.Cycle = d.Cycle
		}
	case HostingOwn:
		item.Type, item.SpaceID = upstream.ItemHostingOwn, d.SpaceID
	case Transfer:
		item.Type, item.Action = upstream.ItemDomain, upstream.ActionTransfer
		code, err := s.Sealer.Open(d.AuthCodeSealed)
		if err != nil {
			return item, fault.Came(fault.Held, "auth_code_unreadable", "the sealed auth code cannot be opened").Because(err)
		}
		item.AuthCode = string(code)
	}
	return item, nil
}

// progressOf reads how far the upstream's order is. The line counts, not the order
// as a whole. A read that fails says nothing about the order.
func (s *Services) progressOf(ctx context.Context, t task.Task) (upstream.OrderLine, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return upstream.OrderLine{}, unanswered(err)
	}
	orderID := string(resultOf(t).OrderID)
	if a.orderer == nil || orderID == "" {
		return upstream.OrderLine{}, fault.Came(fault.Held, "order_id_missing", "the upstream order's id is not known")
	}
	status, err := a.orderer.Order(ctx, orderID)
	if errors.Is(err, upstream.ErrNotFound) || errors.Is(err, upstream.ErrForbidden) {
		return upstream.OrderLine{}, fault.Came(fault.Held, "order_not_readable", "the upstream does not show order "+orderID).Because(err)
	}
	if err != nil {
		return upstream.OrderLine{}, unanswered(err)
	}
	if status.Reference != "" && status.Reference != d.ID {
		return upstream.OrderLine{}, fault.Came(fault.Held, "order_of_another_line",
			fmt.Sprintf("upstream order %s is for %s", orderID, status.Reference))
	}
	return lineOf(status), nil
}

// lineOf is the one line of our order, with the order's state where the line says
// nothing itself.
func lineOf(o upstream.OrderStatus) upstream.OrderLine {
	line := upstream.OrderLine{State: upstream.LinePending}
	if len(o.Lines) > 0 {
		line = o.Lines[0]
	}
	if line.State != upstream.LinePending {
		return line
	}
	switch o.State {
	case upstream.OrderCompleted:
		line.State = upstream.LineDone
	case upstream.OrderFailed:
		line.State = upstream.LineFailed
	}
	return line
}
