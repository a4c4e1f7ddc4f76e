package catalog

import (
	"context"
	"fmt"
	"strings"

	"hostfront/db"
	"hostfront/event"
)

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
