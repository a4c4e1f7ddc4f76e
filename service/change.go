package service

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// KindServiceChange makes a hosting service another product, or has it billed upstream by
// another cycle. It hangs on the invoice of the change.
const KindServiceChange = "service.change"

// ChangePayload is what a change of product carries.
type ChangePayload struct {
	ServiceID string `json:"service_id"`
	// ProductID and Description are the shop's, ProductRef and Cycle the upstream's.
	ProductID   string `json:"product_id"`
	ProductRef  string `json:"product_ref"`
	ProductName string `json:"product_name"`
	Description string `json:"description"`
	Cycle       string `json:"cycle"`
	// ChangeID is billing's.
	ChangeID string `json:"change_id"`
}

// productChange is the kind of it. An upstream may charge for each call, so that one whose
// answer was lost is for a person, and so is one that the upstream has no call for.
func (s *Services) productChange(queue string) task.Kind {
	return task.Kind{
		Name: KindServiceChange, Queue: queue, Check: s.changeWanted, Do: s.doChange, Done: s.productChanged,
		Failed: s.changeFailed, Cancelled: s.changeCancelled,
	}
}

func (s *Services) changing(ctx context.Context, q *db.Queries, t task.Task) (p ChangePayload, svc db.Service, err error) {
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, svc, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	if svc, err = q.ServiceByID(ctx, p.ServiceID); err != nil {
		return p, svc, fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	return p, svc, nil
}

// changeWanted: it is still there. LJPc documents no call for it.
func (s *Services) changeWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.changing(ctx, q, t)
	if err != nil {
		return err
	}
	if svc.State != StateActive && svc.State != StateSuspended {
		return task.ErrNotNeeded
	}
	a, err := s.at(svc.Upstream)
	if err == nil && (a.changer == nil || svc.SiteID == "") {
		return byHand("change_by_hand", "Change %s at %s by hand to %s (%s), for a %s, keeping its data; then settle this task as done.",
			siteText(svc), svc.Upstream, p.ProductName, p.ProductRef, p.Cycle)
	}
	return err
}

func (s *Services) doChange(ctx context.Context, t task.Task) (task.Progress, error) {
	var p ChangePayload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return task.Progress{}, fault.Came(fault.Held, "payload", "").Because(err)
	}
	svc, a, err := s.serviceOfTask(ctx, p.ServiceID)
	if err != nil {
		return task.Progress{}, err
	}
	task.Note(ctx, "site", svc.SiteID)
	err = a.changer.ChangeProduct(ctx, upstream.ProductChange{SiteID: svc.SiteID, Product: p.ProductRef, Cycle: p.Cycle})
	if err != nil && final(err) {
		return task.Progress{}, fault.Came(fault.Held, "upstream_refused", "The upstream refused it: look there, then settle this task.").Because(err)
	}
	return task.Progress{}, err
}

// productChanged: the service is what was paid for.
func (s *Services) productChanged(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.changing(ctx, q, t)
	if err != nil {
		return err
	}
	err = q.ServiceSetProduct(ctx, db.ServiceSetProductParams{ID: svc.ID, ProductID: p.ProductID, Description: p.Description, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("service %s becomes %s: %w", svc.ID, p.ProductID, err)
	}
	if err := s.Events.Clear(ctx, q, "service_change_failed", svc.ID); err != nil {
		return err
	}
	return s.Events.Emit(ctx, q, event.Params{
		Kind: "service.changed", Subject: svc.ID, CustomerID: svc.CustomerID, Data: map[string]string{"service_id": svc.ID},
	})
}

func (s *Services) changeFailed(ctx context.Context, q *db.Queries, t task.Task, _ *fault.Outcome) error {
	return s.changeCancelled(ctx, q, t)
}

// changeCancelled: the customer pays for what they do not have. A person changes the
// subscription back, which gives the difference as credit, or refunds it.
func (s *Services) changeCancelled(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.changing(ctx, q, t)
	if err != nil {
		return err
	}
	return s.Events.Raise(ctx, q, event.Alarm{
		Code: "service_change_failed", Subject: svc.ID,
		Message: fmt.Sprintf("%s is billed as %s and was not changed: change the subscription back, or refund its invoice.", siteText(svc), p.Description),
	})
}
