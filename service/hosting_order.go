package service

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// hostingOrder orders a package and waits until its site is there. A lost answer is
// a yes only when a site for the domain has appeared since the look; otherwise
// there is no telling, and a person decides.
func (s *Services) hostingOrder(queue string) task.Kind {
	return task.Kind{
		Name: KindHostingOrder, Queue: queue, PollEvery: orderPoll, AlarmAfter: 24 * time.Hour,
		Check: s.hostingWanted, Look: s.lookAtSites, Do: s.placeOrder, Poll: s.pollHosting, Reconcile: s.reconcileHosting,
		Done: s.delivered, Believe: s.orderBelieved, Failed: s.failed, Cancelled: s.cancelled, ActionRequired: s.actionRequired,
		PredecessorFailed: func(task.Task) *fault.Outcome { return nameNotRegistered() },
	}
}

// orderPoll: seconds at first, minutes later.
func orderPoll(poll int) time.Duration {
	steps := []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute}
	return steps[min(max(poll-1, 0), len(steps)-1)]
}

// nameNotRegistered: the hosting's own name could not be had. Another name, or the
// money back.
func nameNotRegistered() *fault.Outcome {
	o := fault.Came(fault.ActionRequired, "domain_failed", "The domain name of this hosting could not be registered. Choose another name that you have.")
	o.Fields = []fault.Field{{Name: "domain", Code: "required", Message: "A domain name to host instead."}}
	return o
}

// sightOfSites is a look at the account's sites for one domain. Blind means that
// the key may not see them.
type sightOfSites struct {
	IDs   []string `json:"site_ids"`
	Blind bool     `json:"blind,omitempty"`
}

func (s *Services) lookAtSites(ctx context.Context, t task.Task) (any, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return nil, err
	}
	return seeSites(ctx, a, a.listing.young, d.Domain)
}

// sitesRead reads all sites of an upstream's account.
type sitesRead func(context.Context, upstream.Sites) ([]upstream.Site, error)

// seeSites are the sites of a domain among all of the account.
func seeSites(ctx context.Context, a *adapter, read sitesRead, domain string) (sightOfSites, error) {
	seen := sightOfSites{IDs: []string{}}
	if a.sites == nil {
		seen.Blind = true
		return seen, nil
	}
	all, err := read(ctx, a.sites)
	if errors.Is(err, upstream.ErrForbidden) {
		seen.Blind = true
		return seen, nil
	}
	if err != nil {
		return seen, unanswered(err)
	}
	for _, site := range all {
		if strings.EqualFold(site.Domain, domain) {
			seen.IDs = append(seen.IDs, site.ID)
		}
	}
	return seen, nil
}

func (s *Services) pollHosting(ctx context.Context, t task.Task) (task.Progress, error) {
	line, err := s.progressOf(ctx, t)
	if err != nil {
		return task.Progress{}, err
	}
	result := resultOf(t)
	switch line.State {
	case upstream.LineFailed:
		task.Note(ctx, "reason", line.Reason)
		return task.Progress{}, fault.Came(fault.Rejected, "delivery_failed", "the upstream's order has failed")
	case upstream.LineDone:
		result.SiteID = id(line.SiteID)
		if result.CompletedAt == 0 {
			result.CompletedAt = s.now()
		}
		wait, err := s.awaitsSite(ctx, t, result)
		return task.Progress{Result: result, Waiting: wait}, err
	}
	return task.Progress{Result: result, Waiting: true}, nil
}

// awaitsSite: a site may appear some time after its order is completed. DNS alone has
// none, and after a day a package is delivered without one, with an alarm in Done.
func (s *Services) awaitsSite(ctx context.Context, t task.Task, r deliveryResult) (bool, error) {
	const longest = 24 * time.Hour
	if r.SiteID != "" || s.now() >= r.CompletedAt.Add(longest) {
		return false, nil
	}
	d, err := s.delivery(ctx, s.Store.Read(), t)
	if err != nil {
		return true, fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	return hasSite(d), nil
}

// hasSite is false for a package of DNS alone.
func hasSite(d db.Delivery) bool { return isHosting(d.Kind) && d.Category != "hosting_dns" }

func (s *Services) reconcileHosting(ctx context.Context, t task.Task, look json.RawMessage) (task.Verdict, error) {
	var before sightOfSites
	if look == nil || json.Unmarshal(look, &before) != nil || before.Blind {
		return task.Unclear, nil
	}
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Unclear, unanswered(err)
	}
	seen, err := seeSites(ctx, a, a.listing.read, d.Domain)
	if err != nil {
		return task.Unclear, err
	}
	if appeared := missingFrom(before.IDs, seen.IDs); len(appeared) == 1 {
		return task.Yes(task.Progress{Result: deliveryResult{SiteID: id(appeared[0])}}), nil
	}
	return task.Unclear, nil
}

// missingFrom are the ids that are new.
func missingFrom(before, now []string) []string {
	known := map[string]bool{}
	for _, id := range before {
		known[id] = true
	}
	var appeared []string
	for _, id := range now {
		if !known[id] {
			appeared = append(appeared, id)
		}
	}
	return appeared
}
