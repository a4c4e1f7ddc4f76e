// Package stripemock holds what tests send to Stripe's stand-in against stripe-mock, which
// knows every parameter of Stripe's API: what the stand-in takes by mistake is refused there.
//
// It owns no state and is for tests alone. stripe-mock itself is not part of the repository:
// without STRIPE_MOCK_URL nothing is sent.
package stripemock
