package catalog

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"hostfront/upstream"
)

// fly asks the upstream about names, in as many calls as it needs, and lands the
// flight of each.
func (k *checks) fly(ctx context.Context, names []string) {
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	size := len(names)
	if k.checker != nil {
		size = max(1, k.checker.MaxCheck())
	}
	var calls errgroup.Group
	calls.SetLimit(callsAtOnce)
	for batch := range slices.Chunk(names, size) {
		calls.Go(func() error {
			found := map[string]verdict{}
			defer func() { k.land(batch, found) }()
			k.call(ctx, batch, found)
			return nil
		})
	}
	_ = calls.Wait() // no call returns an error: what failed is uncertain
}

// call asks about a batch. What it does not find is left out.
func (k *checks) call(ctx context.Context, batch []string, found map[string]verdict) {
	if k.checker == nil {
		return
	}
	answers, err := k.checker.CheckDomains(ctx, batch)
	if errors.Is(err, upstream.ErrForbidden) {
		for _, name := range batch {
			found[name] = verdict{forbidden: true}
		}
		return
	}
	if err != nil {
		k.log.Warn("domain check failed", "names", len(batch), "error", err)
		return
	}
	at := k.clock.Now()
	var free []string
	for _, name := range batch {
		v := verdict{availability: answers[name], at: at}
		if v.availability == upstream.Available && k.pricer != nil {
			v.pricing = pricingFailed
			free = append(free, name)
		}
		found[name] = v
	}
	if len(free) == 0 {
		return
	}
	prices, err := k.pricer.PriceDomains(ctx, free)
	if err != nil {
		k.log.Warn("domain price failed", "names", len(free), "error", err)
		return
	}
	for _, name := range free {
		v := found[name]
		v.pricing, v.exact = pricedExactly, prices[name]
		found[name] = v
	}
}

// land gives a batch's verdicts to all who wait, and remembers those that are certain.
func (k *checks) land(batch []string, found map[string]verdict) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, name := range batch {
		v := found[name]
		if v.availability == "" {
			v.availability = upstream.Uncertain
		}
		if v.certain() {
			k.known.Add(name, v)
		}
		f := k.flights[name]
		delete(k.flights, name)
		f.verdict = v
		close(f.done)
	}
}

func (k *checks) forget(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known.Remove(name)
}
