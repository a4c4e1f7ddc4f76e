package sim_test

import (
	"math/rand/v2"
	"time"
)

// dice is all the chance there is in a world, but for the ids that the shop makes.
type dice struct{ *rand.Rand }

// newDice are the dice of one subject: what one of them is asked does not change what
// another answers.
func newDice(seed uint64, subject uint64) *dice { return &dice{rand.New(rand.NewPCG(seed, subject))} }

// happens is true so many times of a thousand.
func (d *dice) happens(p perMille) bool { return d.IntN(1000) < int(p) }

// within is a duration of less than most, in whole seconds.
func (d *dice) within(most time.Duration) time.Duration {
	return time.Duration(d.Int64N(int64(most/time.Second))) * time.Second
}

// between is a duration from least to less than most.
func (d *dice) between(least, most time.Duration) time.Duration { return least + d.within(most-least) }

// choice is one of several chances, by their order; len(chances) is none of them.
func (d *dice) choice(chances ...perMille) int {
	drawn := d.IntN(1000)
	for i, p := range chances {
		if drawn < int(p) {
			return i
		}
		drawn -= int(p)
	}
	return len(chances)
}
