// Package ljpc stands in for LJPc's reseller API over real HTTP: an http.Handler
// with state that follows LJPc's document to the letter, for the demo, the tests
// and whoever builds against the shop without a key.
//
// It owns a catalogue of real size, made from a seed; keys with permissions;
// contacts, names, zones, sites and orders that are delivered over time; and a way
// to be told to misbehave (POST /_sandbox/faults, or Server.Faults). Where the
// document gives no field name it uses the adapter's first guess. It imports
// nothing of the shop but money, clock and fault, so that a mistake in the
// adapter is not made here a second time.
//
// What it makes up: a name is free unless its first label is a well-known one or
// holds "taken"; a label that begins with "premium" is a premium name; a transfer's
// auth code that begins with "wrong" is refused by the registry; any name that is
// not registered here may be moved in. Names renew by themselves as the clock
// passes their expiry, as LJPc does.
//
// To lose the answer of the next order, which is taken all the same:
//
//	curl -d '{"op":"orders.create","kind":"drop_after"}' http://…/_sandbox/faults
//
// GET shows what is still to go wrong, DELETE ends it. The kinds are the Fault
// constants; the operations are named in routes.go.
package ljpc

//go:generate go run ./tldgen tlds.txt
