// Package stripe takes money through Stripe: a PaymentIntent with automatic
// payment methods for a customer who is there, an off-session charge of what was
// saved for one who is not, refunds, and webhooks.
//
// It owns how a payment looks at Stripe and what Stripe's answers mean. It does not
// own what a payment settles (package billing), and it keeps no state: Stripe's
// metadata carries the shop's ids, and everything is read again from there.
//
// Nothing is done twice. A call that creates carries the shop's own id as the
// idempotency key; where a key cannot be trusted (older than 23 hours, or the answer
// that Stripe stored under it is a 5xx) the object is looked up by its metadata
// first. stripe-go's own retries and its globals are not used.
//
// No key, client secret or mail address of a customer ends up in an error or a log.
package stripe
