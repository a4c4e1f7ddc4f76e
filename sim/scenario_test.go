package sim_test

import "time"

// perMille is a chance: so many of a thousand.
type perMille int

// scenario is a world and what happens in it, as data.
type scenario struct {
	seed      uint64
	customers int
	days      int
	rates     rates
}

// rates are how often things go wrong, or are wanted.
type rates struct {
	// ljpc and stripe are of each call to them.
	ljpc, stripe weather
	// webhooks is of each webhook.
	webhooks post
	// Of each upstream order: it gets stuck for days, its line fails.
	stuck, failed perMille
	// outages is of each day: a stand-in is away for hours. cuts is of each hour of
	// the shop's: the power goes at one of the boundaries that follow. downtime is of
	// each cut: the shop stays away for up to two days.
	outages, cuts, downtime perMille
	// disputes is of each day: somebody's bank disputes a charge.
	disputes perMille
	// bounces is of each day: the shop's bank sends a payout back.
	bounces perMille
	// people is what customers do.
	people habits
}

// weather is how a call goes wrong, each kind of so many of a thousand.
type weather struct {
	// refused, limited: nothing happened, a 500 or a 429 says so. dropped: nothing
	// happened and nothing is said.
	refused, limited, dropped perMille
	// lost: it took effect and the connection broke; failed: it took effect and a 500
	// is answered; late: it takes effect seconds after the shop has given up.
	lost, failed, late perMille
	// garbled: it took effect and what comes back cannot be read (LJPc only).
	garbled perMille
}

// post is what becomes of a webhook; the rest arrives at once.
type post struct {
	// early: before the answer of the call that caused it. twice, never, late (up to
	// two days), swapped with the next one.
	early, twice, never, late, swapped perMille
}

// habits are of a customer, and of each of their days where nothing else is said.
type habits struct {
	// shops again; has a mood about a subscription: cancels it, takes that back, pauses
	// or resumes it, wants another product or cycle.
	shops, moods perMille
	// Of each purchase: hosting alone, a name alone, a transfer; the rest is both.
	hosting, name, transfer perMille
	// Of each payment at the browser: declined at first, asked by the bank, by iDEAL,
	// never finished.
	declined, asked, ideal, leaves perMille
	// The saved card: has no money for some days, is lost, expires, wants its owner.
	soft, hard, expires, wants perMille
	// A new card is saved without a payment; a saved one is chosen or removed.
	adds, tidies perMille
	// Of each open invoice: the customer looks after it on a given day; never does.
	minds, never perMille
	// Credit is bought; staff gives some.
	saves, gifts perMille
	// refunds are asked for by this many of the paid orders; debits are returned.
	refunds, returned perMille
}

// usual is a rough world, but one that real shops live in: more goes wrong in a month
// here than there in a year.
func usual() rates {
	return rates{
		ljpc:     weather{refused: 15, limited: 10, dropped: 10, lost: 12, failed: 8, late: 5, garbled: 8},
		stripe:   weather{refused: 12, limited: 10, dropped: 10, lost: 12, failed: 8, late: 8},
		webhooks: post{early: 100, twice: 60, never: 60, late: 60, swapped: 50},
		stuck:    20, failed: 25, outages: 25, cuts: 12, downtime: 150, disputes: 30, bounces: 20,
		people: habits{
			shops: 4, moods: 12, hosting: 350, name: 150, transfer: 80,
			declined: 120, asked: 120, ideal: 150, leaves: 80,
			soft: 3, hard: 2, expires: 1, wants: 2, adds: 2, tidies: 1, saves: 3, gifts: 2, minds: 250, never: 150, refunds: 40, returned: 60,
		},
	}
}

// rougher is the same world where misfortune comes so many times as often: shorter
// worlds find more.
func (r rates) rougher(times int) rates {
	more := func(chances ...*perMille) {
		for _, p := range chances {
			*p = perMille(min(int(*p)*times, 300))
		}
	}
	for _, w := range []*weather{&r.ljpc, &r.stripe} {
		more(&w.refused, &w.limited, &w.dropped, &w.lost, &w.failed, &w.late, &w.garbled)
	}
	more(&r.stuck, &r.failed, &r.outages, &r.cuts, &r.disputes, &r.bounces, &r.people.shops, &r.people.moods, &r.people.soft, &r.people.hard, &r.people.expires, &r.people.wants, &r.people.adds, &r.people.tidies, &r.people.saves, &r.people.gifts, &r.people.refunds)
	return r
}

// day is a day of the shop's time.
const day = 24 * time.Hour
