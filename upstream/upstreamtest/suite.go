package upstreamtest

import (
	"testing"

	"hostfront/upstream"
)

// Subject is an adapter and what the suite needs to know to try it out.
type Subject struct {
	// Adapter is the client; the suite finds its capabilities by type assertion.
	Adapter any
	// Free and Taken are names of a sold TLD, one that can be registered and one that
	// cannot; Unsold is under a TLD that is not sold.
	Free, Taken, Unsold string
	// Contact can be stored as it is; BadContact is refused for its content.
	Contact, BadContact upstream.Contact
	// Secret must not be in any error.
	Secret string
	// Break makes the next call with an effect fail in a way: see the Break constants.
	Break func(how string)
	// Effects counts what the supplier has done so far.
	Effects func() int
}

// The ways that Subject.Break must know.
const (
	BreakLostAnswer   = "lost_answer"  // it takes effect and the connection is cut
	BreakServerError  = "server_error" // it takes effect and a 5xx comes back
	BreakUnreadable   = "unreadable"   // it takes effect and a web page comes back
	BreakRateLimited  = "rate_limited" // nothing happens
	BreakUnauthorized = "unauthorized" // nothing happens
)

// Run holds an adapter to the contract of the capabilities that it has.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for name, check := range map[string]func(*testing.T, Subject){
		"Catalogue": catalogue, "Check": availability, "Price": prices, "Register": register,
		"Contacts": contacts, "Reads": reads, "Orders": orders, "Failures": failures,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

// capability gives the adapter as one of its capabilities, or skips.
func capability[C any](t *testing.T, s Subject) C {
	t.Helper()
	c, has := s.Adapter.(C)
	if !has {
		t.Skipf("%T does not have it", s.Adapter)
	}
	return c
}
