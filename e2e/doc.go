// Package e2e holds the shop to its promises from outside: the whole program on a
// real database, with the stand-ins beside it, driven over HTTP as a storefront,
// staff or a payment provider does.
//
// It owns the contract of the API (every operation of openapi.yaml is executed and
// every answer held against it), what a power cut may not lose, and what a race may
// not do twice. It owns no code that the program runs; the shops come from
// hostfront/app/apptest.
package e2e
