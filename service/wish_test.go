package service_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
)

// bills brings the subscription of a service to a state, as billing does.
func (r *room) bills(q *db.Queries, id string, state billing.SubscriptionState) error {
	svc, err := r.services.ByID(r.t.Context(), q, id)
	if err != nil {
		return err
	}
	sub, err := q.SubscriptionByID(r.t.Context(), svc.SubscriptionID)
	if err != nil {
		return err
	}
	_, err = q.SubscriptionMove(r.t.Context(), db.SubscriptionMoveParams{
		ID: sub.ID, Revision: sub.Revision, State: string(state), CurrentStartAt: sub.CurrentStartAt, CurrentEndAt: sub.CurrentEndAt,
		NextNumber: sub.NextNumber, NextStartAt: sub.NextStartAt, NextInvoiceAt: sub.NextInvoiceAt, UpdatedAt: sub.UpdatedAt,
	})
	return err
}

// wish is what billing wants of a site at a moment.
func (r *room) wish(id string, running bool) {
	r.t.Helper()
	r.tx(func(q *db.Queries) error {
		if running {
			if err := r.bills(q, id, billing.SubscriptionActive); err != nil {
				return err
			}
			return r.services.Unsuspend(r.t.Context(), q, id)
		}
		if err := r.bills(q, id, billing.SubscriptionSuspended); err != nil {
			return err
		}
		return r.services.Suspend(r.t.Context(), q, id, service.ReasonUnpaid)
	})
}

// wantRunning holds that the site is as billing wants it, here and at the upstream.
func (r *room) wantRunning(outside *switchable, id string, running bool) {
	r.t.Helper()
	state := service.StateSuspended
	if running {
		state = service.StateActive
	}
	r.wantState(id, state)
	if outside.off == running {
		r.t.Fatalf("billing wants it running: %v; at the upstream it is off: %v, after %v; its tasks: %s", running, outside.off, outside.calls, r.tasksOf(id))
	}
}

func TestASuspensionThatIsWishedAgainWhileTheFirstIsLiftedIsCarriedOut(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	r.wish(id, false)
	outside.during = func() {
		outside.during = nil
		r.wish(id, true)
		r.wish(id, false)
	}
	r.settle(time.Hour)
	r.wantRunning(outside, id, false)
	r.wish(id, true)
	outside.during = func() {
		outside.during = nil
		r.wish(id, false)
		r.wish(id, true)
	}
	r.settle(time.Hour)
	r.wantRunning(outside, id, true)
}

func TestASuspensionWhoseAnswerWasLostIsLiftedWhenItIsPaid(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	outside.err = fault.Came(fault.Unknown, "no_answer", "")
	outside.during = func() { outside.during, outside.off = nil, true } // it took effect
	r.wish(id, false)
	r.settle(0)
	r.wish(id, true)
	outside.err = nil
	r.settle(time.Hour)
	r.wantRunning(outside, id, true)
}

func TestTheOperatorIsAskedToSeeThatItIsSuspendedWhoMayHaveLiftedIt(t *testing.T) {
	t.Parallel()
	r, _, id := hosted(t, false)
	r.wish(id, false)
	r.settle(time.Hour)
	r.settleHeld("done")
	r.wish(id, true)
	r.settle(time.Hour)
	r.wish(id, false)
	r.settle(time.Hour)
	if held := r.held(); held.ErrorCode != "suspend_by_hand" || !strings.Contains(held.LastError, "see that it is suspended") {
		t.Fatalf("the operator is told %q", held.LastError)
	}
	r.settleHeld("done")
	r.wantState(id, service.StateSuspended)
}

// Any story of wishes, calls that fail before or after their effect, and wishes during a call
// ends with what billing wants last.
func TestWhatBillingWantsLastWins(t *testing.T) {
	t.Parallel()
	r, outside, id := hosted(t, true)
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 15))
		last := true
		wish := func() {
			last = rnd.IntN(2) == 0
			r.wish(id, last)
		}
		outside.fate = func(set func()) error {
			if rnd.IntN(3) == 0 {
				wish()
			}
			switch rnd.IntN(4) {
			case 0:
				return fault.Came(fault.Unavailable, "down", "")
			case 1:
				set()
				return fault.Came(fault.Unknown, "no_answer", "")
			}
			set()
			return nil
		}
		for range 12 {
			if rnd.IntN(2) == 0 {
				wish()
			}
			if _, err := r.tasks.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.clock.Advance(time.Duration(rnd.IntN(60)) * time.Second)
		}
		outside.fate = nil
		r.settle(24 * time.Hour)
		r.wantRunning(outside, id, last)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		outside.calls = nil
	}
}
