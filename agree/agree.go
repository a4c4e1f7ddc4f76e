package agree

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/service"
	"hostfront/tally"
	"hostfront/task"
	"hostfront/upstream"
)

// Source is an upstream that is compared. What it can tell is found by asking for
// upstream.Domains and upstream.Sites.
type Source interface{ Name() string }

// DefaultLimit is how many differences of one run are believed unless Config says
// otherwise: more of them is more likely to be an answer that is not whole.
const DefaultLimit = 50

// Config is what an Auditor is made of.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Tasks    *task.Engine
	Events   *event.Log
	Services *service.Services
	Sources  []Source
	// Limit is how many differences of one upstream a run believes; zero is DefaultLimit.
	Limit int
	Log   *slog.Logger
	// Deadlines are how long before its expiry a name's renewal must be decided.
	Deadlines upstream.Deadlines
}

// Auditor compares. Safe for concurrent use.
type Auditor struct {
	Config
	sources map[string]Source
}

// New is an Auditor. Its kinds still have to be registered with the engine.
func New(c Config) *Auditor {
	if c.Limit <= 0 {
		c.Limit = DefaultLimit
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &Auditor{Config: c, sources: map[string]Source{}}
	for _, s := range c.Sources {
		a.sources[s.Name()] = s
	}
	return a
}

// The alarms of a comparison; their subject is the upstream.
const (
	// AlarmUnread: a list could not be read, or was empty although customers have
	// something there.
	AlarmUnread = "upstream.unread"
	// AlarmTooMany: more differs than is believed, so that nothing was done about it.
	AlarmTooMany = "upstream.too_many_differences"
)

// Compare is the nightly job upstream.compare: it holds every upstream against the
// services. One that cannot be read keeps no other from being compared.
func (a *Auditor) Compare(ctx context.Context) (*tally.Report, error) {
	r := tally.New()
	for _, src := range a.Sources {
		run := &run{Auditor: a, source: src, upstream: src.Name(), report: r, seen: map[string]bool{}}
		if err := tally.One(func() error { return run.compare(ctx) }); err != nil {
			r.Skip("upstream "+run.upstream, err)
		}
	}
	return r, ctx.Err()
}

// run is the comparison of one upstream.
type run struct {
	*Auditor
	source   Source
	upstream string
	report   *tally.Report

	comparison *Comparison
	ignored    map[string]bool
	// held are the holds that customers were told of, by service.
	held map[string]string
	// asks are the differences to be dealt with, at most one more than the limit.
	asks []Difference
	// differ is how many there are, seen which of them (code and what it is about).
	differ int
	seen   map[string]bool
	// names and sites count what customers have.
	names, sites int
	// unread are the kinds of which the upstream said nothing that can be believed.
	unread map[string]bool
}

func (r *run) compare(ctx context.Context) error {
	holdings, troubles := r.read(ctx)
	r.comparison = NewComparison(holdings)
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.eachService(ctx); err != nil {
		return err
	}
	for _, d := range r.comparison.Rest() {
		r.note(d)
	}
	troubles = append(troubles, r.empty(holdings)...)
	if err := r.tellUnread(ctx, troubles); err != nil {
		return err
	}
	tooMany := r.differ > r.Limit
	if err := r.tellTooMany(ctx, tooMany); err != nil || tooMany {
		return err
	}
	for _, d := range r.asks {
		if err := tally.One(func() error { return r.follow(ctx, d) }); err != nil {
			r.report.Skip(d.Code+" "+d.About(), err)
		}
	}
	return r.endAnswered(ctx)
}

// read asks for both lists. What cannot be read is left out, with the reason; a key
// that may not see it has nothing to say about it.
func (r *run) read(ctx context.Context) (h Holdings, troubles []string) {
	h.ReadAt = r.Clock.Now()
	r.unread = map[string]bool{}
	lists := []struct {
		kind string
		read func() error
	}{
		{kindDomain, func() (err error) { h.Domains, err = listDomains(ctx, r.source); return err }},
		{kindSite, func() (err error) { h.Sites, err = listSites(ctx, r.source); return err }},
	}
	for _, l := range lists {
		err := l.read()
		if errors.Is(err, errNotTold) || errors.Is(err, upstream.ErrForbidden) {
			r.unread[l.kind] = true
			r.report.Note(r.upstream + " does not tell its " + l.kind + "s")
			continue
		}
		if err != nil {
			r.unread[l.kind] = true
			r.report.Skip("list of "+l.kind+"s of "+r.upstream, err)
			troubles = append(troubles, fmt.Sprintf("the list of %ss cannot be read: %v", l.kind, err))
		}
	}
	return h, troubles
}

// errNotTold: the upstream has no call for it.
var errNotTold = errors.New("the upstream does not tell")

func listDomains(ctx context.Context, s Source) ([]upstream.Domain, error) {
	from, ok := s.(upstream.Domains)
	if !ok {
		return nil, errNotTold
	}
	return from.Domains(ctx)
}

func listSites(ctx context.Context, s Source) ([]upstream.Site, error) {
	from, ok := s.(upstream.Sites)
	if !ok {
		return nil, errNotTold
	}
	return from.Sites(ctx)
}

// empty says which answers hold nothing although customers have something there: such
// an answer is not believed.
func (r *run) empty(h Holdings) (troubles []string) {
	for _, l := range []struct {
		kind         string
		listed, ours int
	}{{kindDomain, len(h.Domains), r.names}, {kindSite, len(h.Sites), r.sites}} {
		if l.listed > 0 || r.unread[l.kind] {
			continue
		}
		r.unread[l.kind] = true
		if l.ours > 0 {
			troubles = append(troubles, fmt.Sprintf("the list of %ss is empty, and customers have %d", l.kind, l.ours))
		}
	}
	return troubles
}
