package catalog

import (
	"database/sql"
	"math/bits"
)

// The directions in which a cost can have jumped.
const (
	heldUp   = "up"
	heldDown = "down"
)

// Why a line stands in the price history.
const (
	reasonAccepted  = "accepted"  // the upstream's new cost was taken
	reasonHeldUp    = "held_up"   // it rose too far: off sale until confirmed
	reasonHeldDown  = "held_down" // it fell too far: sold on at the old cost until confirmed
	reasonConfirmed = "confirmed" // the operator took a held cost
	reasonGone      = "gone"      // the upstream gives no cost any more
	reasonBack      = "back"      // and gives one again
	reasonOperator  = "operator"  // the operator set it
)

// standing is what is known about a cost: the part of a price that a sync moves.
type standing struct {
	cost    sql.NullInt64 // the last accepted, also while it is not offered
	list    sql.NullInt64
	offered bool
	held    string
	heldTo  sql.NullInt64
}

// follow is the standing after the upstream told a cost (null: not for sale) and
// a list price, and the reason for the history; "" when the cost did not move. A
// cost that moved further than jump percent is held.
func (s standing) follow(cost, list sql.NullInt64, jump int64) (standing, string) {
	next := s
	next.list = list
	if !cost.Valid {
		next.offered = false
		if s.offered {
			return next, reasonGone
		}
		return next, ""
	}
	next.offered = true
	if direction := jumped(s.cost, cost.Int64, jump); direction != "" {
		next.held, next.heldTo = direction, cost
		switch {
		case s.held == direction && s.heldTo == cost && s.offered:
			return next, ""
		case direction == heldUp:
			return next, reasonHeldUp
		}
		return next, reasonHeldDown
	}
	next.cost, next.held, next.heldTo = cost, "", sql.NullInt64{}
	switch {
	case s.cost != cost || s.held != "":
		return next, reasonAccepted
	case !s.offered:
		return next, reasonBack
	}
	return next, ""
}

// jumped is the direction in which a cost moved by more than so many percent of
// what it was; a first cost never jumps.
func jumped(from sql.NullInt64, to, percent int64) string {
	if !from.Valid || to == from.Int64 {
		return ""
	}
	move, direction := uint64(to-from.Int64), heldUp
	if to < from.Int64 {
		move, direction = uint64(from.Int64-to), heldDown
	}
	// move/from > percent/100, without leaving the integers
	moveHi, moveLo := bits.Mul64(move, 100)
	barHi, barLo := bits.Mul64(uint64(from.Int64), uint64(percent))
	if moveHi > barHi || (moveHi == barHi && moveLo > barLo) {
		return direction
	}
	return ""
}
