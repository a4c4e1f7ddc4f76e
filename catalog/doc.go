// Package catalog owns what the shop sells and at what price: the mirror of the
// upstream's products and TLDs, the price rules, the published snapshot that
// storefronts read, and the check and exact price of a single domain name.
//
// The mirror follows the upstream in whole steps: a sync takes a complete answer
// or changes nothing. What vanished is withdrawn and never deleted; a cost that
// jumps waits for the operator. Every change moves the catalogue's version, and each
// process rebuilds its snapshot when the version moved. Reads are served from
// that snapshot alone.
//
// Two kinds of money meet here. Cost is what the account pays upstream, without
// VAT. A Price is what the customer sees, in the shop's basis (with or without
// VAT); its Net is what goes on an invoice. An item without a cost is not for
// sale; nothing is ever free because a price is missing.
//
// It does not own quotes (package order freezes a price there), tax for a given
// customer (package tax), or how an upstream speaks (package upstream).
package catalog
