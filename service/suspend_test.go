package service_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/service"
	"hostfront/task"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// switchable is LJPc with the calls that it does not have.
type switchable struct {
	*ljpc.Client
	calls []string
	// off says that the site is switched off.
	off bool
	// during runs inside a call, err is what it answers; fate decides instead, and whether the
	// call takes effect.
	during func()
	err    error
	fate   func(set func()) error
}

func (s *switchable) SuspendSite(_ context.Context, siteID string) error {
	return s.call("suspend", siteID, func() { s.off = true })
}
func (s *switchable) UnsuspendSite(_ context.Context, siteID string) error {
	return s.call("unsuspend", siteID, func() { s.off = false })
}
func (s *switchable) TerminateSite(_ context.Context, siteID string) error {
	return s.call("terminate", siteID, func() {})
}

func (s *switchable) call(what, siteID string, set func()) error {
	if siteID == "" {
		return fault.Came(fault.Rejected, "no_site", "")
	}
	s.calls = append(s.calls, what)
	if s.fate != nil {
		return s.fate(set)
	}
	if s.err == nil {
		set()
	}
	if s.during != nil {
		s.during()
	}
	return s.err
}

// hosted is a delivered site; with calls, its upstream can switch it off.
func hosted(t *testing.T, calls bool) (r *room, outside *switchable, id string) {
	t.Helper()
	outside = &switchable{}
	r = open(t, func(c *ljpc.Client) service.Adapter {
		if !calls {
			return c
		}
		outside.Client = c
		return outside
	})
	r.deliver(site("oln_1", "ann.nl"))
	r.settle(time.Hour)
	return r, outside, r.delivered("oln_1")
}

func (r *room) tx(fn func(q *db.Queries) error) {
	r.t.Helper()
	r.must(r.store.Tx(r.t.Context(), fn))
}

// owes has the billing of a service suspended, as it is while its renewal is not paid.
func (r *room) owes(id string) {
	r.tx(func(q *db.Queries) error {
		svc, err := r.services.ByID(r.t.Context(), q, id)
		if err != nil {
			return err
		}
		if err := r.billing.SuspendSubscription(r.t.Context(), q, svc.SubscriptionID); err != nil {
			return err
		}
		return r.services.Suspend(r.t.Context(), q, id, service.ReasonUnpaid)
	})
}

func (r *room) paid(id string) {
	r.tx(func(q *db.Queries) error { return r.services.Unsuspend(r.t.Context(), q, id) })
}

func (r *room) wantState(id, state string) {
	r.t.Helper()
	svc, err := r.services.ByID(r.t.Context(), r.store.Read(), id)
	r.must(err)
	if svc.State != state {
		r.t.Fatalf("the service is %s, want %s; its tasks: %s", svc.State, state, r.tasksOf(id))
	}
}

func (r *room) tasksOf(subject string) string {
	all, err := r.tasks.BySubject(r.t.Context(), nil, subject)
	r.must(err)
	text := make([]string, 0, len(all))
	for _, t := range all {
		text = append(text, t.Kind+" "+string(t.State)+" "+t.ErrorCode)
	}
	return strings.Join(text, ", ")
}

// settleHeld decides the one task that waits for a person.
func (r *room) settleHeld(outcome string) {
	r.t.Helper()
	r.must(r.tasks.Settle(r.t.Context(), r.held().ID, task.Settlement{Outcome: outcome, Note: "by hand"}))
}

// held is the one task that waits for a person.
func (r *room) held() task.Task {
	r.t.Helper()
	held, _, err := r.tasks.List(r.t.Context(), task.Filter{State: task.Held})
	r.must(err)
	if len(held) != 1 {
		r.t.Fatalf("%d tasks are held: %+v", len(held), held)
	}
	return held[0]
}

func TestASiteIsSwitchedOffAndOnAndAway(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	r.owes(id)
	r.settle(time.Hour)
	r.wantState(id, service.StateSuspended)
	r.owes(id)
	r.paid(id)
	r.settle(time.Hour)
	r.wantState(id, service.StateActive)
	r.tx(func(q *db.Queries) error { return r.services.Terminate(t.Context(), q, id, service.ReasonUnpaid) })
	r.settle(time.Hour)
	r.wantState(id, service.StateTerminated)
	if got := strings.Join(outside.calls, " "); got != "suspend unsuspend terminate" {
		t.Fatalf("the upstream was called: %s", got)
	}
}

func TestWhatTheUpstreamCannotSuspendWaitsForTheOperator(t *testing.T) {
	t.Parallel()
	r, _, id := hosted(t, false)
	r.owes(id)
	r.settle(time.Hour)
	r.wantState(id, service.StateActive)
	held := r.held()
	if held.ErrorCode != "suspend_by_hand" || !strings.Contains(held.LastError, "ann.nl") || !strings.Contains(held.LastError, "settle this task as done") {
		t.Fatalf("the operator is told %q", held.LastError)
	}
	r.must(r.tasks.Settle(t.Context(), held.ID, task.Settlement{Outcome: "done", Note: "done in the panel"}))
	r.wantState(id, service.StateSuspended)
	r.paid(id)
	r.settle(time.Hour)
	r.wantState(id, service.StateSuspended)
	r.must(r.tasks.Settle(t.Context(), r.held().ID, task.Settlement{Outcome: "done", Note: "done in the panel"}))
	r.wantState(id, service.StateActive)
}

// Others suspended a customer whose payment came while the suspension was being carried out.
func TestASuspensionIsCalledOffWhenItsReasonHasGone(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	r.owes(id)
	r.paid(id)
	r.settle(time.Hour)
	r.wantState(id, service.StateActive)
	r.tx(func(q *db.Queries) error { return r.services.Suspend(t.Context(), q, id, service.ReasonWrittenOff) })
	outside.during = func() { outside.during = nil; r.paid(id) }
	r.settle(time.Hour)
	r.wantState(id, service.StateActive)
	if got := strings.Join(outside.calls, " "); got != "suspend unsuspend" {
		t.Fatalf("the upstream was called: %s", got)
	}
}

func TestTheOperatorIsAskedToLiftWhatMayHaveBeenSuspendedByHand(t *testing.T) {
	t.Parallel()
	r, _, id := hosted(t, false)
	r.owes(id)
	r.settle(time.Hour)
	first := r.held()
	r.paid(id)
	r.settle(time.Hour)
	second := r.held()
	if second.ID == first.ID || second.ErrorCode != "unsuspend_by_hand" {
		t.Fatalf("held is %+v", second)
	}
	if err := r.tasks.Settle(t.Context(), first.ID, task.Settlement{Outcome: "done"}); !fault.Is(err, "task_state") {
		t.Fatalf("settling what was called off answers %v", err)
	}
	r.must(r.tasks.Settle(t.Context(), second.ID, task.Settlement{Outcome: "done"}))
	r.wantState(id, service.StateActive)
}

func TestWhatTheUpstreamRefusesWaitsForTheOperator(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	outside.err = fault.Came(fault.Rejected, "no", "").Because(upstream.ErrConflict)
	r.owes(id)
	r.settle(time.Hour)
	if got := r.held(); got.ErrorCode != "upstream_refused" {
		t.Fatalf("held for %s", got.ErrorCode)
	}
	r.wantState(id, service.StateActive)
}

// Others deleted an unpaid domain at the registrar (H2, FB batchCancelSuspended).
func TestADomainIsNeverTerminated(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	id := r.delivered("oln_1")
	for _, ask := range []func(q *db.Queries) error{
		func(q *db.Queries) error { return r.services.Terminate(t.Context(), q, id, service.ReasonUnpaid) },
		func(q *db.Queries) error { return r.services.Suspend(t.Context(), q, id, service.ReasonUnpaid) },
	} {
		if err := r.store.Tx(t.Context(), ask); !fault.Is(err, "domain_not_terminated") {
			t.Fatalf("it answers %v", err)
		}
	}
	before := len(r.ljpc.Effects())
	for range 2 {
		r.tx(func(q *db.Queries) error { return r.services.LetLapse(t.Context(), q, id, service.ReasonUnpaid) })
		r.settle(time.Hour)
	}
	d, err := r.client.Domain(t.Context(), "ann.nl")
	r.must(err)
	if d.AutoRenew == nil || *d.AutoRenew {
		t.Fatalf("it is still renewed: %+v; %s", d, r.tasksOf("lapse:"+id))
	}
	svc, err := r.services.ByID(t.Context(), r.store.Read(), id)
	r.must(err)
	if svc.LapsesSince.IsZero() || svc.State != service.StateActive {
		t.Fatalf("the name stands as %+v", svc)
	}
	r.tx(func(q *db.Queries) error { return r.services.Keep(t.Context(), q, id) })
	r.settle(time.Hour)
	if d, err = r.client.Domain(t.Context(), "ann.nl"); err != nil || !*d.AutoRenew {
		t.Fatalf("it is not renewed again: %+v, %v", d, err)
	}
	if got := len(r.ljpc.Effects()); got != before {
		t.Fatalf("%d more things were bought or deleted", got-before)
	}
}

func TestANameThatMayNotBeChangedIsLeftToTheOperatorInTime(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	id := r.delivered("oln_1")
	r.ljpc.Withhold(sandbox.DefaultAPIKey, sandbox.PermissionUpdateDomains)
	r.tx(func(q *db.Queries) error { return r.services.LetLapse(t.Context(), q, id, service.ReasonUnpaid) })
	r.settle(time.Hour)
	svc, err := r.services.ByID(t.Context(), r.store.Read(), id)
	r.must(err)
	if got := r.held(); got.ErrorCode != "auto_renew_by_hand" || !strings.Contains(got.LastError, svc.ExpiresAt.Format(time.DateOnly)) {
		t.Fatalf("the operator is told %q", got.LastError)
	}
}
