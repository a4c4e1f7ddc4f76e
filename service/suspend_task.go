package service

import (
	"context"
	"errors"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// effects are the kinds that switch a whole hosting service off, on and away. Each of them
// may be done twice without harm, and each is held for the operator where the upstream has
// no call for it: settled as done, it writes the same as a call.
func (s *Services) effects(queue string) []task.Kind {
	return []task.Kind{
		{Name: KindServiceSuspend, Queue: queue, Idempotent: true, Check: s.suspendWanted, Do: s.doSuspend, Done: s.suspended},
		{Name: KindServiceUnsuspend, Queue: queue, Idempotent: true, Check: s.unsuspendWanted, Do: s.doUnsuspend, Done: s.unsuspended},
		{Name: KindServiceTerminate, Queue: queue, Idempotent: true, Check: s.terminateWanted, Do: s.doTerminate, Done: s.terminated},
	}
}

// standing is the state of a subscription that a reason to suspend hangs on.
var standing = map[string]billing.SubscriptionState{
	ReasonUnpaid: billing.SubscriptionSuspended, ReasonPaused: billing.SubscriptionPaused,
}

// suspendWanted: it still runs, or somebody may have switched it on as that was called off, and
// it is still not paid for.
func (s *Services) suspendWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	if svc.State != StateActive && (svc.State != StateSuspended || !p.Withdrawn) {
		return task.ErrNotNeeded
	}
	if because, depends := standing[p.Reason]; depends {
		sub, err := s.Billing.Subscription(ctx, q, svc.SubscriptionID)
		if err != nil {
			return err
		}
		if sub.State != because {
			return task.ErrNotNeeded
		}
	}
	a, err := s.at(svc.Upstream)
	switch {
	case err != nil || a.suspender != nil:
		return err
	case svc.State == StateSuspended:
		return byHand("suspend_by_hand", "You were asked to lift the suspension of %s at %s, and it was to be suspended again before you settled that: see that it is suspended, then settle this task as done.", siteText(svc), svc.Upstream)
	}
	return byHand("suspend_by_hand", "Suspend %s at %s by hand, which has no call for it; then settle this task as done.", siteText(svc), svc.Upstream)
}

// unsuspendWanted: it is suspended, or somebody may have suspended it as that was called off.
func (s *Services) unsuspendWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	if svc.State != StateSuspended && (svc.State != StateActive || !p.Withdrawn) {
		return task.ErrNotNeeded
	}
	a, err := s.at(svc.Upstream)
	switch {
	case err != nil || a.suspender != nil:
		return err
	case svc.State == StateActive:
		return byHand("unsuspend_by_hand", "You were asked to suspend %s at %s, and it was paid before you settled that: see that it is not suspended, then settle this task as done.", siteText(svc), svc.Upstream)
	}
	return byHand("unsuspend_by_hand", "Lift the suspension of %s at %s by hand, which has no call for it; then settle this task as done.", siteText(svc), svc.Upstream)
}

// terminateWanted: it is still there.
func (s *Services) terminateWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	_, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	if svc.State != StateActive && svc.State != StateSuspended && svc.State != StatePending {
		return task.ErrNotNeeded
	}
	a, err := s.at(svc.Upstream)
	if err == nil && a.terminator == nil {
		return byHand("terminate_by_hand", "End %s at %s by hand, which has no call for it, so that it costs nothing any more; then settle this task as done.", siteText(svc), svc.Upstream)
	}
	return err
}

func byHand(code, message string, args ...any) error {
	return fault.Came(fault.Held, code, fmt.Sprintf(message, args...))
}

// siteText names a site as the operator finds it at the upstream.
func siteText(svc db.Service) string {
	text := "the hosting of " + svc.Name
	if svc.SiteID != "" {
		text += ", site " + svc.SiteID
	}
	if svc.UpstreamOrder != "" {
		text += ", order " + svc.UpstreamOrder
	}
	return text
}

func (s *Services) doSuspend(ctx context.Context, t task.Task) (task.Progress, error) {
	return s.atSite(ctx, t, func(a *adapter, siteID string) error { return a.suspender.SuspendSite(ctx, siteID) })
}

func (s *Services) doUnsuspend(ctx context.Context, t task.Task) (task.Progress, error) {
	return s.atSite(ctx, t, func(a *adapter, siteID string) error { return a.suspender.UnsuspendSite(ctx, siteID) })
}

func (s *Services) doTerminate(ctx context.Context, t task.Task) (task.Progress, error) {
	return s.atSite(ctx, t, func(a *adapter, siteID string) error {
		err := a.terminator.TerminateSite(ctx, siteID)
		if errors.Is(err, upstream.ErrNotFound) {
			return nil // gone already
		}
		return err
	})
}

// atSite makes a call about a service's site. What the upstream refuses, or a site that it
// never named, is for a person.
func (s *Services) atSite(ctx context.Context, t task.Task, call func(*adapter, string) error) (task.Progress, error) {
	p, err := effectOf(t)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Held, "payload", "").Because(err)
	}
	svc, a, err := s.serviceOfTask(ctx, p.ServiceID)
	if err != nil {
		return task.Progress{}, err
	}
	if svc.SiteID == "" {
		return task.Progress{}, byHand("site_unknown", "The upstream never named the site of %s: do it by hand, then settle this task as done.", siteText(svc))
	}
	task.Note(ctx, "site", svc.SiteID)
	err = call(a, svc.SiteID)
	if err != nil && final(err) {
		return task.Progress{}, fault.Came(fault.Held, "upstream_refused", "The upstream refused it: look there, then settle this task.").Because(err)
	}
	return task.Progress{}, err
}

// suspended is the Done of a suspension. Paid while the call was under way, it is lifted by
// the task behind it.
func (s *Services) suspended(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	return s.become(ctx, q, svc, change{from: []string{StateActive}, state: StateSuspended, event: "service.suspended", reason: p.Reason})
}

func (s *Services) unsuspended(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	return s.become(ctx, q, svc, change{from: []string{StateSuspended}, state: StateActive, event: "service.unsuspended", reason: p.Reason})
}

func (s *Services) terminated(ctx context.Context, q *db.Queries, t task.Task) error {
	p, svc, err := s.effect(ctx, q, t)
	if err != nil {
		return err
	}
	state := StateTerminated
	if p.Reason == ReasonCancelled {
		state = StateCancelled
	}
	return s.become(ctx, q, svc, change{
		from: []string{StateActive, StateSuspended, StatePending}, state: state, event: "service.terminated", reason: p.Reason,
	})
}
