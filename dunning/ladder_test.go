package dunning_test

import (
	"context"
	"testing"

	"hostfront/account"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/event"
	"hostfront/service"
)

func (r *room) tell(_ context.Context, _ *db.Queries, e event.Event) error {
	r.told[e.Kind]++
	return nil
}

func TestEachStepOfTheLadderIsTakenOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.days(2)
	r.wants("")
	r.days(11)
	r.wants("reminder_1 reminder_2")
	r.days(16)
	r.wants("reminder_1 reminder_2 suspension")
	r.days(30) // nobody has switched it off: it is not ended
	if c := r.wants("reminder_1 reminder_2 suspension final_notice"); c.Frozen != dunning.FrozenUnsuspended {
		t.Errorf("frozen %q", c.Frozen)
	}
	r.tx(func(q *db.Queries) error {
		_, err := q.ServiceSetState(t.Context(), db.ServiceSetStateParams{ID: "svc_1", FromState: service.StateActive, State: service.StateSuspended, UpdatedAt: 1})
		return err
	})
	r.days(3)
	if c := r.wants("reminder_1 reminder_2 suspension final_notice termination"); c.Next != nil || c.State != "uncollectible" {
		t.Errorf("at the end: %s, next %+v", c.State, c.Next)
	}
	if r.switched(service.KindServiceSuspend) != 1 || r.switched(service.KindServiceTerminate) != 1 {
		t.Errorf("%d suspensions and %d ends", r.switched(service.KindServiceSuspend), r.switched(service.KindServiceTerminate))
	}
	if r.told[dunning.EventReminded] != 2 || r.told[dunning.EventFinalNotice] != 1 {
		t.Errorf("the customer was told %v", r.told)
	}
}

func TestAPowerCutAtAStepTakesItOnce(t *testing.T) {
	t.Parallel()
	for point, left := range map[string]int{db.CutBefore: 0, db.CutAfter: 1} {
		r := open(t)
		r.days(13)
		r.clock.Advance(day)
		_, err := r.billing.Lapse(t.Context())
		r.must(err)
		r.cut = point
		report, err := r.dunning.Run(t.Context())
		r.must(err)
		if report.Skipped != 1 || r.switched(service.KindServiceSuspend) != left {
			t.Fatalf("cut %s: %+v, %d suspensions", point, report, r.switched(service.KindServiceSuspend))
		}
		for range 3 {
			r.run()
		}
		r.wants("reminder_1 reminder_2 suspension")
		if n := r.switched(service.KindServiceSuspend); n != 1 {
			t.Errorf("cut %s: %d suspensions", point, n)
		}
	}
}

func TestNoticesAreKeptAfterADowntime(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.clock.Advance(60 * day)
	r.days(6)
	r.wants("(reminder_1) reminder_2")
	r.days(2)
	r.wants("(reminder_1) reminder_2 suspension")
	r.days(6)
	r.wants("(reminder_1) reminder_2 suspension")
	r.days(1)
	r.wants("(reminder_1) reminder_2 suspension final_notice")
}

func TestStaffExemptsACustomer(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		flags  account.Flags
		steps  string
		frozen string
	}{
		"no_suspension": {account.Flags{NoSuspension: true}, "reminder_1 reminder_2", dunning.FrozenSuspension},
		"no_invoicing":  {account.Flags{NoInvoicing: true}, "", dunning.FrozenInvoicing},
		"written_off":   {account.Flags{WrittenOff: true}, "", ""},
	} {
		r := open(t)
		r.run()
		r.tx(func(q *db.Queries) error {
			_, _, err := r.dunning.SetFlags(t.Context(), q, r.customer.ID, c.flags)
			return err
		})
		r.days(60)
		if got := r.wants(c.steps); got.Frozen != c.frozen {
			t.Errorf("%s: frozen %q", what, got.Frozen)
		}
	}
}
