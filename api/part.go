package api

import (
	"hostfront/fault"
	"hostfront/money"
)

// partOf is an amount that may be left out, which means all there is (a zero amount, to the
// rooms). One that is given must be more than nothing: 0.00 is a slip of the hand, not all.
func partOf(given *money.Amount) (money.Amount, error) {
	switch {
	case given == nil:
		return money.Amount{}, nil
	case !given.IsPositive():
		return money.Amount{}, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing; leave it out for all there is.")
	}
	return *given, nil
}
