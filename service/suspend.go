package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/task"
)

// Why a service is suspended or ended.
const (
	ReasonUnpaid     = "unpaid"      // its renewal is not paid; lifted by paying
	ReasonWrittenOff = "written_off" // the shop has given the customer up
	ReasonCancelled  = "cancelled"   // the customer has ended it
)

// effectPayload is what a task about a whole service carries.
type effectPayload struct {
	ServiceID string `json:"service_id"`
	Reason    string `json:"reason"`
	// Withdrawn: the opposite was wished before, and may have been carried out although the
	// service's state does not say so: a person had it in hand as it was called off, or its
	// call was made and not answered. This one is carried out whatever the state says.
	Withdrawn bool `json:"withdrawn,omitempty"`
}

// Suspend has a hosting service switched off, in the caller's transaction, for one of the
// Reason constants. It happens once however often it is asked for, and not at all when its
// reason has gone by then. What the upstream has no call for is held for the operator; the
// service is suspended when it has been done. What is wished last wins: a lifting that is still to
// come is called off, and one that is under way is followed by this.
func (s *Services) Suspend(ctx context.Context, q *db.Queries, serviceID, reason string) error {
	return s.turn(ctx, q, KindServiceSuspend, effectPayload{ServiceID: serviceID, Reason: reason})
}

// Unsuspend has a hosting service switched on again. One whose suspension has not been
// carried out is called off; tasks of a service run in their order, so that a suspension
// never overtakes it.
func (s *Services) Unsuspend(ctx context.Context, q *db.Queries, serviceID string) error {
	return s.turn(ctx, q, KindServiceUnsuspend, effectPayload{ServiceID: serviceID})
}

// Terminate has a hosting service ended at the upstream, with its data, for one of the
// Reason constants. A domain is never ended: it is let lapse (LetLapse), and asking for
// more is a fault, "domain_not_terminated".
func (s *Services) Terminate(ctx context.Context, q *db.Queries, serviceID, reason string) error {
	for _, kind := range []string{KindServiceSuspend, KindServiceUnsuspend} {
		if _, err := s.withdraw(ctx, q, serviceID, kind); err != nil {
			return err
		}
	}
	_, err := s.affect(ctx, q, KindServiceTerminate, effectPayload{ServiceID: serviceID, Reason: reason})
	return err
}

// restored follows a subscription that owes nothing any more: its hosting is switched on
// again, its name is kept.
func (s *Services) restored(ctx context.Context, q *db.Queries, e event.Event) error {
	var of struct {
		ServiceID string `json:"service_id"`
	}
	if err := json.Unmarshal(e.Data, &of); err != nil {
		return fmt.Errorf("data of event %s: %w", e.ID, err)
	}
	svc, err := q.ServiceByID(ctx, of.ServiceID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read service %s: %w", of.ServiceID, err)
	}
	if svc.Kind == KindDomain {
		return s.Keep(ctx, q, svc.ID)
	}
	return s.Unsuspend(ctx, q, svc.ID)
}

func effectOf(t task.Task) (p effectPayload, err error) {
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

// effect is a task's payload and its service, as the transaction of a handler reads it.
func (s *Services) effect(ctx context.Context, q *db.Queries, t task.Task) (effectPayload, db.Service, error) {
	p, err := effectOf(t)
	if err != nil {
		return p, db.Service{}, err
	}
	svc, err := q.ServiceByID(ctx, p.ServiceID)
	if err != nil {
		return p, svc, fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	return p, svc, nil
}

// become moves a service to another state and tells of it, if it is in one of from.
func (s *Services) become(ctx context.Context, q *db.Queries, svc db.Service, to change) error {
	for _, from := range to.from {
		rows, err := q.ServiceSetState(ctx, db.ServiceSetStateParams{ID: svc.ID, FromState: from, State: to.state, UpdatedAt: s.now()})
		if err != nil {
			return fmt.Errorf("service %s becomes %s: %w", svc.ID, to.state, err)
		}
		if rows == 0 {
			continue
		}
		return s.Events.Emit(ctx, q, event.Params{
			Kind: to.event, Subject: svc.ID, CustomerID: svc.CustomerID,
			Data: map[string]string{"service_id": svc.ID, "code": to.reason},
		})
	}
	return nil
}

// change is a new state of a service and what is told of it.
type change struct {
	from                 []string
	state, event, reason string
}
