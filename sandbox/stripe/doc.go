// Package stripe is a stand-in for the part of Stripe's API that the shop uses, over
// real HTTP and with state: customers, payment methods, payment and setup intents,
// charges, balance transactions, refunds, events, and signed webhooks.
//
// It keeps to Stripe's documents where they are strict: requests are form-encoded,
// unknown parameters are refused, an idempotency key answers again what it answered
// (a 5xx too) for 24 hours and refuses other parameters, search lies behind, and
// errors have Stripe's shape. Stripe's test cards do here what they do there.
//
// A customer's browser is played by Confirm and Authenticate, or by
// POST /_sandbox/intents/{id}/confirm and /authenticate; a bank by SettleDebit and
// SettleRefund. POST /_sandbox/faults makes calls and webhooks go wrong.
//
// It owns its own objects and knows nothing of the shop's rooms.
package stripe
