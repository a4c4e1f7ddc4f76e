package upstream_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/upstream"
)

func TestARefusedPermissionIsTriedAgainAfterAWhileAndToldUntilItWorks(t *testing.T) {
	t.Parallel()
	steady := clock.NewManual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	var told []bool
	broken := errors.New("no database")
	var fails error
	r := upstream.NewRights(steady, func(_ context.Context, permission string, missing bool) error {
		if permission != "Manage DNS" {
			t.Errorf("told of %q", permission)
		}
		told = append(told, missing)
		return fails
	})
	want := func(step string, leave upstream.Leave, missing ...string) {
		t.Helper()
		if got := r.May("Manage DNS"); got != leave {
			t.Errorf("%s: leave is %d, want %d", step, got, leave)
		}
		if got := r.Missing(); !slices.Equal(got, missing) {
			t.Errorf("%s: missing %q, want %q", step, got, missing)
		}
	}
	want("nothing was called", upstream.LeaveUnknown)
	r.Refused(t.Context(), "Manage DNS")
	want("it was refused", upstream.LeaveDenied, "Manage DNS")
	if got := r.May("Check", "Manage DNS"); got != upstream.LeaveDenied {
		t.Errorf("a feature that needs two permissions has leave %d", got)
	}
	steady.Advance(upstream.DeniedFor)
	want("that is a while ago", upstream.LeaveUnknown, "Manage DNS")
	fails = broken
	r.Worked(t.Context(), "Manage DNS")
	want("it works", upstream.LeaveGranted)
	fails = nil
	r.Worked(t.Context(), "Manage DNS")
	r.Worked(t.Context(), "Manage DNS")
	if want := []bool{true, false, false}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v: the end again after it could not be kept, and no more", told, want)
	}
	told = nil
	r.Recall([]string{"Manage DNS"})
	want("a replica was refused, and it works here", upstream.LeaveGranted)
	r.Worked(t.Context(), "Manage DNS")
	if want := []bool{false}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v: the replica's alarm is over", told, want)
	}
	r.Refused(t.Context(), "Manage DNS")
	r.Recall(nil)
	want("it works at a replica", upstream.LeaveUnknown)
	r.Recall([]string{"Manage DNS"})
	want("a former process was refused", upstream.LeaveDenied, "Manage DNS")
}
