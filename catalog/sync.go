package catalog

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// SyncReport is what a sync found and did.
type SyncReport struct {
	// Products and TLDs are how many the upstream told.
	Products int `json:"products"`
	TLDs     int `json:"tlds"`
	// Added, Changed, Returned and Withdrawn count items; Prices counts costs that
	// moved, those held included.
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Returned  int `json:"returned"`
	Withdrawn int `json:"withdrawn"`
	Prices    int `json:"prices"`
	// HeldUp and HeldDown count the costs that this sync did not believe.
	HeldUp   int `json:"held_up"`
	HeldDown int `json:"held_down"`
	// Skipped says what of the answer could not be used.
	Skipped []string `json:"skipped,omitempty"`
	// Version is the catalogue's after the sync; Unchanged: nothing was written.
	Version   int64 `json:"version"`
	Unchanged bool  `json:"unchanged"`
}

// The codes of the catalogue's alarms; the subject is the upstream.
const (
	AlarmSyncFailed = "catalog.sync_failed"
	AlarmJumpedUp   = "catalog.cost_jumped_up"
	AlarmJumpedDown = "catalog.cost_jumped_down"
)

// errInterleaved says that other writers won every attempt.
var errInterleaved = errors.New("the catalogue was changed by others at every attempt")

// Sync mirrors the upstream's catalogue: one transaction from a complete answer.
// When the upstream fails in any part, answers nothing, or lacks half or more of
// what is on sale, nothing changes, an alarm is raised and the error returned. A part that the
// key may not read stays as it is.
// progress may be nil; it hears the stages products, tlds, compare, write.
func (c *Catalog) Sync(ctx context.Context, progress func(stage string, done, total int)) (SyncReport, error) {
	return c.sync(ctx, 0, progress)
}

// AcceptMissing is a Sync that takes it as true that so many items and costs are missing, as
// the alarm about a refused answer says: for an upstream that really stopped selling
// most of its catalogue. Faults: missing_moved when more are missing by now,
// upstream_unavailable when the answer cannot be had.
func (c *Catalog) AcceptMissing(ctx context.Context, missing int64) (SyncReport, error) {
	report, err := c.sync(ctx, missing, nil)
	var vanished *errVanished
	switch {
	case errors.As(err, &vanished):
		return report, fault.New(fault.Conflict, "missing_moved", "By now %d are missing. Look again, and accept that many if it is true.", vanished.missing).
			With("missing", vanished.missing).Because(err)
	case err != nil:
		return report, fault.New(fault.Away, "upstream_unavailable", "The upstream's catalogue cannot be read at the moment; the alarm says why.").Because(err)
	}
	return report, nil
}

func (c *Catalog) sync(ctx context.Context, accepted int64, progress func(string, int, int)) (SyncReport, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	a, err := c.ask(ctx, progress)
	if err != nil {
		return SyncReport{}, c.syncFailed(ctx, err)
	}
	report, err := c.take(ctx, a, accepted, progress)
	if err != nil {
		return SyncReport{}, c.syncFailed(ctx, err)
	}
	c.follow(ctx)
	return report, nil
}

// take brings the mirror to an answer. Comparing is done before the transaction,
// which then writes only if the catalogue is still the one that was compared with.
func (c *Catalog) take(ctx context.Context, a *answer, accepted int64, progress func(string, int, int)) (SyncReport, error) {
	for range 5 {
		progress("compare", 0, len(a.items))
		m, err := c.load(ctx)
		if err != nil {
			return SyncReport{}, err
		}
		d := differ{newID: c.store.NewID, now: db.At(c.clock.Now()), jump: c.conf.JumpPercent, vanish: c.conf.VanishPercent, accepted: accepted}
		p, err := d.compare(m, a)
		if err != nil {
			return SyncReport{}, err
		}
		progress("compare", len(a.items), len(a.items))
		writes := len(p.items) + len(p.prices)
		progress("write", 0, writes)
		won, err := c.write(ctx, m.version, p)
		if err != nil {
			return SyncReport{}, fmt.Errorf("write the catalogue: %w", err)
		}
		if won {
			progress("write", writes, writes)
			return p.finish(), nil
		}
	}
	return SyncReport{}, errInterleaved
}

func (p *plan) finish() SyncReport {
	p.report.HeldUp, p.report.HeldDown = len(p.heldUp), len(p.heldDown)
	p.report.Unchanged = p.empty()
	if !p.report.Unchanged {
		p.report.Version++
	}
	return p.report
}
