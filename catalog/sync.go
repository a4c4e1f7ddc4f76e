package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hostfront/db"
	"hostfront/event"
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
// When the upstream fails in any part, answers nothing, or lacks more than half of
// what is on sale, nothing changes, an alarm is raised and the error returned.
// progress may be nil; it hears the stages products, tlds, compare, write.
func (c *Catalog) Sync(ctx context.Context, progress func(stage string, done, total int)) (SyncReport, error) {
	return c.sync(ctx, c.conf.VanishPercent, progress)
}

// SyncAnyVanished is a Sync that the operator lets withdraw any number of items: for
// an upstream that really stopped selling most of its catalogue.
func (c *Catalog) SyncAnyVanished(ctx context.Context, progress func(stage string, done, total int)) (SyncReport, error) {
	return c.sync(ctx, 100, progress)
}

func (c *Catalog) sync(ctx context.Context, vanish int64, progress func(string, int, int)) (SyncReport, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	a, err := c.ask(ctx, progress)
	if err != nil {
		return SyncReport{}, c.syncFailed(ctx, err)
	}
	report, err := c.take(ctx, a, vanish, progress)
	if err != nil {
		return SyncReport{}, c.syncFailed(ctx, err)
	}
	c.follow(ctx)
	return report, nil
}

// take brings the mirror to an answer. Comparing is done before the transaction,
// which then writes only if the catalogue is still the one that was compared with.
func (c *Catalog) take(ctx context.Context, a *answer, vanish int64, progress func(string, int, int)) (SyncReport, error) {
	for range 5 {
		progress("compare", 0, len(a.items))
		m, err := c.load(ctx)
		if err != nil {
			return SyncReport{}, err
		}
		d := differ{newID: c.store.NewID, now: db.At(c.clock.Now()), jump: c.conf.JumpPercent, vanish: vanish}
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

// write carries out a plan made at a version; won is false when the catalogue has
// moved since. An empty plan leaves only the word that the upstream was asked.
func (c *Catalog) write(ctx context.Context, version int64, p *plan) (won bool, err error) {
	err = c.store.Tx(ctx, func(q *db.Queries) error {
		won = true
		if !p.empty() {
			moved, err := q.CatalogVersionSwap(ctx, version)
			if err != nil {
				return err
			}
			if won = moved == 1; !won {
				return nil
			}
			if err := p.writeRows(ctx, q); err != nil {
				return err
			}
			if err := c.alarm(ctx, q, p); err != nil {
				return err
			}
		}
		return c.syncSucceeded(ctx, q)
	})
	return won, err
}

func (p *plan) writeRows(ctx context.Context, q *db.Queries) error {
	for _, w := range p.items {
		if err := w.write(ctx, q); err != nil {
			return fmt.Errorf("%s %s: %w", w.row.Class, w.row.Ref, err)
		}
	}
	for _, w := range p.prices {
		if err := w.write(ctx, q); err != nil {
			return fmt.Errorf("price %s: %w", w.row.ID, err)
		}
	}
	for _, h := range p.history {
		if err := q.CatalogHistoryInsert(ctx, h); err != nil {
			return fmt.Errorf("price history of %s: %w", h.Subject, err)
		}
	}
	return nil
}

func (w *itemWrite) write(ctx context.Context, q *db.Queries) error {
	r := &w.row
	if w.isNew {
		return q.CatalogItemInsert(ctx, db.CatalogItemInsertParams{
			ID: r.ID, Upstream: r.Upstream, Class: r.Class, Ref: r.Ref, Kind: r.Kind, Category: r.Category,
			Name: r.Name, Description: r.Description, Billing: r.Billing, RequiresDomain: r.RequiresDomain,
			RequiresTargetUrl: r.RequiresTargetUrl, TransferSupported: r.TransferSupported,
			Attributes: r.Attributes, CreatedAt: r.CreatedAt,
		})
	}
	return q.CatalogItemUpdate(ctx, db.CatalogItemUpdateParams{
		ID: r.ID, Kind: r.Kind, Category: r.Category, Name: r.Name, Description: r.Description,
		Billing: r.Billing, RequiresDomain: r.RequiresDomain, RequiresTargetUrl: r.RequiresTargetUrl,
		TransferSupported: r.TransferSupported, Attributes: r.Attributes,
		WithdrawnAt: r.WithdrawnAt, UpdatedAt: r.UpdatedAt,
	})
}

func (w *priceWrite) write(ctx context.Context, q *db.Queries) error {
	r := &w.row
	if w.isNew {
		return q.CatalogPriceInsert(ctx, db.CatalogPriceInsertParams{
			ID: r.ID, ItemID: r.ItemID, Cycle: r.Cycle, Currency: r.Currency, Cost: r.Cost, List: r.List,
			Assumed: r.Assumed, Offered: r.Offered, CreatedAt: r.CreatedAt,
		})
	}
	return q.CatalogPriceUpdate(ctx, db.CatalogPriceUpdateParams{
		ID: r.ID, Cost: r.Cost, List: r.List, Assumed: r.Assumed, Offered: r.Offered,
		Held: r.Held, HeldCost: r.HeldCost, UpdatedAt: r.UpdatedAt,
	})
}

// alarm raises what was newly held, one alarm a direction, and clears the alarm
// of a direction in which nothing is held any more.
func (c *Catalog) alarm(ctx context.Context, q *db.Queries, p *plan) error {
	for _, kind := range []struct {
		code, direction string
		names           []string
		meaning         string
	}{
		{AlarmJumpedUp, heldUp, p.heldUp, "is off sale until the new cost is confirmed"},
		{AlarmJumpedDown, heldDown, p.heldDown, "is sold on at the old cost until the new one is confirmed"},
	} {
		if len(kind.names) > 0 {
			message := fmt.Sprintf("The cost of %s moved by more than %d %%: it %s.",
				some(kind.names), c.conf.JumpPercent, kind.meaning)
			alarm := event.Alarm{Code: kind.code, Subject: c.upstream, Message: message}
			if err := c.events.Raise(ctx, q, alarm); err != nil {
				return err
			}
		} else if p.settled[kind.direction] {
			if err := c.clearWhenNoneHeld(ctx, q, kind.direction); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Catalog) clearWhenNoneHeld(ctx context.Context, q *db.Queries, direction string) error {
	left, err := q.CatalogHeldLeft(ctx, db.CatalogHeldLeftParams{Held: direction, Upstream: c.upstream})
	if err != nil || len(left) > 0 {
		return err
	}
	code := AlarmJumpedUp
	if direction == heldDown {
		code = AlarmJumpedDown
	}
	return c.events.Clear(ctx, q, code, c.upstream)
}

// some names the first few of many.
func some(names []string) string {
	const shown = 5
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
