package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// lapsePayload is what the tasks about a name's renewal carry.
type lapsePayload struct {
	ServiceID string `json:"service_id"`
}

// LetLapse stops the renewal of a name, in the caller's transaction: it is marked, and its
// upstream is told not to renew it. What the upstream has no call for is held for the
// operator. The name itself is never given up or deleted before its time. Asking again
// changes nothing.
func (s *Services) LetLapse(ctx context.Context, q *db.Queries, serviceID, reason string) error {
	return s.setLapse(ctx, q, serviceID, lapseChange{to: s.now(), kind: KindDomainLapse, event: "domain.left_to_lapse", reason: reason})
}

// Keep takes a LetLapse back, as when the renewal is paid after all. A name that has
// expired meanwhile is for the operator to restore.
func (s *Services) Keep(ctx context.Context, q *db.Queries, serviceID string) error {
	return s.setLapse(ctx, q, serviceID, lapseChange{kind: KindDomainKeep, event: "domain.kept"})
}

// lapseChange is whether a name is to lapse, with the task and the event of that.
type lapseChange struct {
	to                  db.Instant
	kind, event, reason string
}

func (s *Services) setLapse(ctx context.Context, q *db.Queries, serviceID string, c lapseChange) error {
	svc, err := q.ServiceByID(ctx, serviceID)
	if err != nil {
		return fmt.Errorf("read service %s: %w", serviceID, err)
	}
	if svc.Kind != KindDomain || svc.LapseAt.IsZero() == c.to.IsZero() {
		return nil
	}
	rows, err := q.ServiceSetLapse(ctx, db.ServiceSetLapseParams{ID: svc.ID, FromAt: svc.LapseAt, LapseAt: c.to, UpdatedAt: s.now()})
	if err != nil || rows == 0 {
		return err
	}
	if _, err := s.withdraw(ctx, q, lapseSubject(svc.ID), opposite[c.kind]); err != nil {
		return err
	}
	_, err = s.Tasks.Add(ctx, q, task.Params{Kind: c.kind, Subject: lapseSubject(svc.ID), Payload: lapsePayload{svc.ID}})
	if err != nil {
		return err
	}
	return s.Events.Emit(ctx, q, event.Params{
		Kind: c.event, Subject: svc.ID, CustomerID: svc.CustomerID, Data: map[string]string{"service_id": svc.ID, "code": c.reason},
	})
}

// lapseSubject keeps these tasks in order among themselves, and out of the way of a renewal
// that waits for weeks for an expiry to move.
func lapseSubject(serviceID string) string { return "lapse:" + serviceID }

// SwitchesRenewal tells whether a task is about to switch a name's renewal, or is held
// for a person to do it.
func (s *Services) SwitchesRenewal(ctx context.Context, q *db.Queries, serviceID string) (bool, error) {
	last, there, err := s.Tasks.LastOf(ctx, q, lapseSubject(serviceID))
	return there && !last.State.Finished(), err
}

var opposite = map[string]string{KindDomainLapse: KindDomainKeep, KindDomainKeep: KindDomainLapse}

// renewals are the kinds that tell an upstream whether to renew a name. Both may be done
// twice without harm.
func (s *Services) renewals(queue string) []task.Kind {
	return []task.Kind{
		{Name: KindDomainLapse, Queue: queue, Idempotent: true, Check: s.lapseWanted, Do: s.doLapse},
		{Name: KindDomainKeep, Queue: queue, Idempotent: true, Check: s.keepWanted, Do: s.doKeep},
	}
}

func (s *Services) lapsing(ctx context.Context, q *db.Queries, t task.Task) (db.Service, error) {
	var p lapsePayload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return db.Service{}, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	svc, err := q.ServiceByID(ctx, p.ServiceID)
	if err != nil {
		return svc, fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	return svc, nil
}

// lapseWanted: it is still to lapse, and still there to be renewed by mistake.
func (s *Services) lapseWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	svc, err := s.lapsing(ctx, q, t)
	if err != nil {
		return err
	}
	if svc.LapseAt.IsZero() || (svc.State != StateActive && svc.State != StateSuspended) {
		return task.ErrNotNeeded
	}
	a, err := s.at(svc.Upstream)
	if err == nil && a.domains == nil {
		return noRenewalByHand(svc)
	}
	return err
}

func noRenewalByHand(svc db.Service) *fault.Outcome {
	return fault.Came(fault.Held, "auto_renew_by_hand", fmt.Sprintf(
		"Switch off the automatic renewal of %s at %s by hand before %s, or it is renewed at your cost; then settle this task as done.",
		svc.Name, svc.Upstream, dayText(svc.ExpiresAt)))
}

// keepWanted: it is still to be kept. A name that has expired is restored by a person, who
// knows what that costs.
func (s *Services) keepWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	svc, err := s.lapsing(ctx, q, t)
	if err != nil {
		return err
	}
	if !svc.LapseAt.IsZero() || (svc.State != StateActive && svc.State != StateSuspended) {
		return task.ErrNotNeeded
	}
	if !svc.ExpiresAt.IsZero() && svc.ExpiresAt <= s.now() {
		return byHand("restore_by_hand", "%s expired on %s and was paid after that: renew or restore it at %s by hand, then settle this task; or refund the invoice and end the subscription, which puts this task away.",
			svc.Name, dayText(svc.ExpiresAt), svc.Upstream)
	}
	a, err := s.at(svc.Upstream)
	if err == nil && a.domains == nil {
		return renewalByHand(svc)
	}
	return err
}

func renewalByHand(svc db.Service) *fault.Outcome {
	return fault.Came(fault.Held, "auto_renew_by_hand", fmt.Sprintf(
		"Switch the automatic renewal of %s at %s on again by hand before %s, it has been paid; then settle this task as done.",
		svc.Name, svc.Upstream, dayText(svc.ExpiresAt)))
}

// dayText is a day as an operator reads it.
func dayText(at db.Instant) string {
	if at.IsZero() {
		return "its expiry, which is not known"
	}
	return at.Time().Format(time.DateOnly)
}

func (s *Services) doLapse(ctx context.Context, t task.Task) (task.Progress, error) {
	return s.autoRenew(ctx, t, false, noRenewalByHand)
}

func (s *Services) doKeep(ctx context.Context, t task.Task) (task.Progress, error) {
	return s.autoRenew(ctx, t, true, renewalByHand)
}

// autoRenew tells the upstream whether to renew. What it refuses, or the key may not do, is
// for a person. A name that is not on the account any more needs nothing.
func (s *Services) autoRenew(ctx context.Context, t task.Task, on bool, otherwise func(db.Service) *fault.Outcome) (task.Progress, error) {
	svc, err := s.lapsing(ctx, s.Store.Read(), t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	a, err := s.at(svc.Upstream)
	if err != nil {
		return task.Progress{}, err
	}
	task.Note(ctx, "auto_renew", on)
	err = a.domains.UpdateDomain(ctx, svc.Name, upstream.DomainUpdate{AutoRenew: &on})
	switch {
	case err == nil, !on && errors.Is(err, upstream.ErrNotFound):
		return task.Progress{}, nil
	case final(err):
		return task.Progress{}, otherwise(svc).Because(err)
	}
	return task.Progress{}, err
}

// final is true for an answer that asking again does not change: the upstream refuses, or
// the key may not ask.
func final(err error) bool {
	result := fault.OutcomeOf(err).Result
	return result == fault.Rejected || result == fault.Held
}
