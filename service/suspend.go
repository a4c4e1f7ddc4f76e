package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
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
	// Withdrawn: a suspension was in a person's hands as it was called off, who may have
	// carried it out: that person is asked to see that it is lifted.
	Withdrawn bool `json:"withdrawn,omitempty"`
}

// Suspend has a hosting service switched off, in the caller's transaction, for one of the
// Reason constants. It happens once however often it is asked for, and not at all when its
// reason has gone by then. What the upstream has no call for is held for the operator; the
// service is suspended when it has been done.
func (s *Services) Suspend(ctx context.Context, q *db.Queries, serviceID, reason string) error {
	_, err := s.affect(ctx, q, KindServiceSuspend, effectPayload{ServiceID: serviceID, Reason: reason})
	return err
}

// Unsuspend has a hosting service switched on again. One whose suspension has not been
// carried out is called off; tasks of a service run in their order, so that a suspension
// never overtakes it.
func (s *Services) Unsuspend(ctx context.Context, q *db.Queries, serviceID string) error {
	withdrawn, err := s.withdraw(ctx, q, serviceID, KindServiceSuspend)
	if err != nil {
		return err
	}
	_, err = s.affect(ctx, q, KindServiceUnsuspend, effectPayload{ServiceID: serviceID, Withdrawn: withdrawn})
	return err
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

// affect adds the task of a kind for a hosting service, unless an unfinished one of that
// kind is there.
func (s *Services) affect(ctx context.Context, q *db.Queries, kind string, p effectPayload) (string, error) {
	svc, err := q.ServiceByID(ctx, p.ServiceID)
	if err != nil {
		return "", fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	if svc.Kind != KindHosting {
		return "", fault.New(fault.Conflict, "domain_not_terminated", "A domain name is never suspended or deleted here: it is renewed, or it lapses.")
	}
	there, err := s.unfinished(ctx, q, p.ServiceID, kind)
	if err != nil || len(there) > 0 {
		return "", err
	}
	return s.Tasks.Add(ctx, q, task.Params{Kind: kind, Subject: svc.ID, Payload: p})
}

// unfinished are the tasks of a kind for a service that have not come to their end.
func (s *Services) unfinished(ctx context.Context, q *db.Queries, subject, kind string) (open []task.Task, err error) {
	all, err := s.Tasks.BySubject(ctx, q, subject)
	for _, t := range all {
		if t.Kind == kind && !t.State.Finished() {
			open = append(open, t)
		}
	}
	return open, err
}

// withdraw calls off what was not begun of a kind; held says that it was in a person's
// hands.
func (s *Services) withdraw(ctx context.Context, q *db.Queries, subject, kind string) (held bool, err error) {
	open, err := s.unfinished(ctx, q, subject, kind)
	if err != nil {
		return false, err
	}
	for _, t := range open {
		if t.Attempts > 0 {
			continue // a call was made: it is left to come to its end
		}
		gone, err := s.Tasks.Withdraw(ctx, q, t.ID, "Its reason has gone.")
		if err != nil {
			return false, err
		}
		held = held || (gone && t.State == task.Held)
	}
	return held, nil
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
