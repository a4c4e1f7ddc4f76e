// Package billing owns the money: invoices and credit notes, payments and
// refunds, the ledger, what is paid too much or fits nothing, and subscriptions
// with their renewals. A way to take money is a Gateway, one package each below
// this one.
//
// It does not own prices (package catalog), tax rules (package tax), what is
// delivered (package service) or who buys (package account). It calls the outside
// only through tasks, and releases a delivery only by settling its invoice.
//
// What always holds:
//
//   - Settling an invoice is one transaction: ledger entries, legal number, state,
//     released tasks, event, and the paid period of each subscription.
//   - The entries of a posting add up to zero and nothing is posted twice.
//   - An invoice has at most one live payment, and a payment settles once however
//     often and from wherever its success is told.
//   - Legal numbers have no gaps; only a document without one can be voided.
//   - A period of a subscription is billed once.
//
// Meanings of money: net is without VAT, cost is what the upstream charges without
// VAT, due is gross minus what has been paid. Ledger debits are positive.
package billing
