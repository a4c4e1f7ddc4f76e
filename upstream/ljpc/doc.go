// Package ljpc speaks the reseller API of LJPc (ljpc-hosting.nl): TLDs, domain
// names, WHOIS contacts, DNS, sites, products and orders.
//
// It owns LJPc's dialect: the envelope, the raw catalogue, the meanings of its
// statuses, and which field names are documented (documented.go) or guessed
// (assumed.go, the only file with guesses). It does not own when a call is made
// or made again, nor the shop's prices. It keeps nothing but two small memories:
// which permissions the key was seen to lack, and how products are billed.
//
// LJPc renews names by itself and documents no call for it; it registers and
// transfers for one year; it has no way to search orders, so that a lost answer
// to an order has no provable no.
package ljpc
