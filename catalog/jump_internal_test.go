package catalog

import (
	"database/sql"
	"math"
	"testing"
)

func minor(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: true} }

func TestCostThatJumpsIsHeldUntilItComesBackOrIsConfirmed(t *testing.T) {
	t.Parallel()
	none := sql.NullInt64{}
	at := func(cost int64) standing { return standing{cost: minor(cost), offered: true} }
	held := func(cost int64, direction string, to int64) standing {
		return standing{cost: minor(cost), offered: true, held: direction, heldTo: minor(to)}
	}
	gone := standing{cost: minor(1000)}
	for _, tt := range []struct {
		name   string
		was    standing
		cost   sql.NullInt64
		want   standing
		reason string
	}{
		{"same", at(1000), minor(1000), at(1000), ""},
		{"exactly the bar up", at(1000), minor(1200), at(1200), reasonAccepted},
		{"over the bar up", at(1000), minor(1201), held(1000, heldUp, 1201), reasonHeldUp},
		{"exactly the bar down", at(1000), minor(800), at(800), reasonAccepted},
		{"over the bar down", at(1000), minor(799), held(1000, heldDown, 799), reasonHeldDown},
		{"held, told again", held(1000, heldUp, 1500), minor(1500), held(1000, heldUp, 1500), ""},
		{"held, moved on", held(1000, heldUp, 1500), minor(1600), held(1000, heldUp, 1600), reasonHeldUp},
		{"held, came back", held(1000, heldUp, 1500), minor(1000), at(1000), reasonAccepted},
		{"held up, fell", held(1000, heldUp, 1500), minor(100), held(1000, heldDown, 100), reasonHeldDown},
		{"gone", at(1000), none, gone, reasonGone},
		{"gone still", gone, none, gone, ""},
		{"back", gone, minor(1000), at(1000), reasonBack},
		{"back with a jump", gone, minor(9000), held(1000, heldUp, 9000), reasonHeldUp},
		{"the first cost", standing{}, minor(9000), at(9000), reasonAccepted},
		{"from nothing", at(0), minor(1), held(0, heldUp, 1), reasonHeldUp},
		{"to nothing", at(1000), minor(0), held(1000, heldDown, 0), reasonHeldDown},
		{"beyond what multiplies in 64 bits", at(1), minor(math.MaxInt64), held(1, heldUp, math.MaxInt64), reasonHeldUp},
	} {
		got, reason := tt.was.follow(tt.cost, none, 20)
		if got != tt.want || reason != tt.reason {
			t.Errorf("%s: %+v %q, want %+v %q", tt.name, got, reason, tt.want, tt.reason)
		}
	}
}
