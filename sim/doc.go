// Package sim lives through years of a shop, from a seed: customers that buy, pay,
// cancel and let their cards expire, a Stripe and an LJPc that misbehave, staff that
// works off what is held, and a process that is killed at random.
//
// After every day all invariants of package audit must hold, and at the end what
// Stripe moved and what LJPc delivered is held against the books, one by one. The
// same seed lives the same years again.
//
// A second test kills the real program as a process, again and again.
//
// It owns no rule of the shop: what must hold is said by audit and by its own
// comparison of the stand-ins with the books.
package sim
