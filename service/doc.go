// Package service owns what the customer has after delivery and how it gets
// there: the deliveries that paid order lines ask of an upstream, the task
// handlers that carry them out, the names that are reserved meanwhile, and the
// services with what can be done with them (sign on, DNS, auth code).
//
// A delivery has the id of its order line and moves once:
//
//	pending ──▶ delivered            the task's Done: a service, a subscription, the cost in the ledger
//	   │  ▲
//	   │  └── mended ──┐
//	   ├──▶ action_required ──14 days──▶ failed
//	   └──▶ failed                   the task's Failed: a credit note and the money back, by policy
//
// Invariants: at most one upstream order or registration for each delivery; a
// delivery ends delivered or failed and never both; a live domain service has
// its name alone; a secret (auth code) is sealed at rest and erased when the
// delivery ends.
//
// It does not own prices, quotes and orders (package order), invoices and
// subscriptions (package billing), nor an upstream's dialect (packages under
// upstream).
package service
