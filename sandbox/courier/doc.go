// Package courier delivers the webhooks of stand-in payment providers as real ones
// do: signed, over HTTP, again until the shop has them, sometimes late, twice, never
// or out of order.
//
// It owns the queue and its end: every message is delivered or given up after a
// bounded number of attempts, and Quiet waits for that. What is in a message and how
// it is signed is the provider's.
package courier
