package service

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// turns are the two that undo each other.
var turns = map[string]string{KindServiceSuspend: KindServiceUnsuspend, KindServiceUnsuspend: KindServiceSuspend}

// turn has a service switched off or on: what was wished before is called off, and what is
// being carried out comes to its end first.
func (s *Services) turn(ctx context.Context, q *db.Queries, kind string, p effectPayload) error {
	maybe, err := s.withdraw(ctx, q, p.ServiceID, turns[kind])
	if err != nil {
		return err
	}
	p.Withdrawn = maybe
	_, err = s.affect(ctx, q, kind, p)
	return err
}

// affect adds the task of a kind for a hosting service, unless the last of those that are to
// come does the same.
func (s *Services) affect(ctx context.Context, q *db.Queries, kind string, p effectPayload) (string, error) {
	svc, err := q.ServiceByID(ctx, p.ServiceID)
	if err != nil {
		return "", fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	if svc.Kind != KindHosting {
		return "", fault.New(fault.Conflict, "domain_not_terminated", "A domain name is never suspended or deleted here: it is renewed, or it lapses.")
	}
	to, err := s.unfinished(ctx, q, p.ServiceID, KindServiceSuspend, KindServiceUnsuspend, KindServiceTerminate)
	if err != nil {
		return "", err
	}
	if len(to) > 0 {
		last := to[len(to)-1]
		is, err := effectOf(last)
		if err != nil {
			return "", err
		}
		if last.Kind == kind && is.Reason == p.Reason && (is.Withdrawn || !p.Withdrawn) {
			return "", nil
		}
	}
	return s.Tasks.Add(ctx, q, task.Params{Kind: kind, Subject: svc.ID, Payload: p})
}

// unfinished are the tasks of some kinds for a service that have not come to their end, in
// their order.
func (s *Services) unfinished(ctx context.Context, q *db.Queries, subject string, kinds ...string) (open []task.Task, err error) {
	all, err := s.Tasks.BySubject(ctx, q, subject)
	for _, t := range all {
		if slices.Contains(kinds, t.Kind) && !t.State.Finished() {
			open = append(open, t)
		}
	}
	return open, err
}

// withdraw calls off the tasks of a kind that are not being carried out at this moment; maybe
// says that one had been: it was in a person's hands, or its call was made and not answered.
func (s *Services) withdraw(ctx context.Context, q *db.Queries, subject, kind string) (maybe bool, err error) {
	open, err := s.unfinished(ctx, q, subject, kind)
	if err != nil {
		return false, err
	}
	for _, t := range open {
		gone, err := s.Tasks.Withdraw(ctx, q, t.ID, "Its reason has gone.")
		if err != nil {
			return false, err
		}
		maybe = maybe || !gone || t.State == task.Held || t.Attempts > 0
	}
	return maybe, nil
}
