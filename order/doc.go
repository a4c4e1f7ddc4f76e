// Package order owns the cart and what becomes of it: quotes, whose prices and
// VAT are frozen until they expire, and orders, made from a quote exactly once.
//
// A quote is the cart: changing its lines replaces them. It has no owner until an
// order binds it to a customer; its id cannot be guessed. An order is one
// transaction: the order, its lines, consents, invoice, deliveries, payment and
// event, or nothing.
//
// Invariants: the totals of a quote are those of its invoice, cent for cent (one
// function computes both); a quote becomes one order, an idempotency key one
// answer; nothing is sold above the upstream price that was quoted; the state of
// an order is never stored, it is derived from its invoice, deliveries and tasks.
//
// It does not own prices (package catalog), tax rules (package tax), the money
// (package billing) or the delivery and the reservation of names (package
// service).
package order
