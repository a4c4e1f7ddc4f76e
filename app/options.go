package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"hostfront/api"
	"hostfront/billing"
	"hostfront/clock"
)

// Options are what a shop is handed instead of reaching for it: the seams of the
// demo, the tests, a simulation and the benchmarks. The zero value is a real shop.
type Options struct {
	// beside: a server may be running on the database, whose tasks and jobs are not to
	// be taken for those of a process that is gone.
	beside bool
	// Clock is what the business clock runs ahead of; the wall clock when nil.
	Clock clock.Clock
	// Steady counts leases and time-outs; the wall clock when nil.
	Steady clock.Clock
	// Entropy feeds ids; crypto/rand when nil.
	Entropy io.Reader
	// Log is where the shop logs; the default of the configuration when nil.
	Log *slog.Logger
	// Transport carries every call to the outside; a pooled one when nil.
	Transport http.RoundTripper
	// Cut is the crash tests' seam: it is asked before and after every commit,
	// every outside HTTP call and every mail, and its error ends what was under way.
	Cut func(point string) error
	// Group bounds how many transactions share a commit on SQLite; see db.Options.
	Group int
	// Gateways are ways to pay besides those of the configuration, offered first:
	// the demo's.
	Gateways []billing.Gateway
	// MovableTime lets staff move the business clock: the demo and the tests.
	MovableTime bool
	// Pages are served beside the API: the demo's storefront.
	Pages api.Pages
	// Quiet waits until the stand-ins have nothing under way, such as a webhook;
	// a moving clock asks at each instant it stops at.
	Quiet func(context.Context) error
	// CheapHash makes passwords cheap to hash, for tests and load runs.
	CheapHash bool
	// UnlimitedTries lifts the rate limits, for load runs.
	UnlimitedTries bool
	// Throwaway says that nobody will keep the database: at night its books are audited, but
	// its file is not read whole for damage, which in a small shop is most of the night's work.
	Throwaway bool
	// Jobs says which jobs run by themselves, and may be asked for; all of them when nil. A crash
	// test cuts those that its road is about, and one test all of them.
	Jobs func(name string) bool
	// OneAtATime has nothing happen beside anything else, so that the same seed lives
	// the same years: for a simulation that drives the shop by Step.
	OneAtATime bool
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Steady == nil {
		o.Steady = clock.System{}
	}
	if o.Transport == nil {
		o.Transport = pooledTransport()
	}
	if o.Cut != nil {
		o.Transport = cutTransport{next: o.Transport, cut: o.Cut}
	}
	return o
}
