// Package sandbox takes money that does not exist: the adapter to the stand-in
// payment provider of the demo, spoken to over HTTP like any other.
//
// It is refused outside the demo. It does not own the provider (sandbox/pay), and
// shares nothing with it but what goes over the wire.
package sandbox
