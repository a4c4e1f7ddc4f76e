package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// HeldPrice is a cost that jumped and waits for the operator.
type HeldPrice struct {
	ID string
	// Ref and Name are the item's; IsTLD says of which kind.
	Ref, Name string
	IsTLD     bool
	Cycle     string
	// Up: the cost rose, and the item is off sale. Else it fell, and is sold on at the
	// old cost.
	Up bool
	// Cost is the last accepted one, NewCost what the upstream says now.
	Cost, NewCost money.Amount
	HeldAt        time.Time
}

// HeldPrices lists the costs that wait, a page at a time; next is "" at the end.
func (c *Catalog) HeldPrices(ctx context.Context, cursor string, limit int) (held []HeldPrice, next string, err error) {
	limit = pageSize(limit)
	rows, err := c.store.Read().CatalogHeld(ctx, db.CatalogHeldParams{After: cursor, RowLimit: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("list the held costs: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	held = make([]HeldPrice, len(rows))
	for i, row := range rows {
		held[i] = heldOf(db.CatalogHeldByIDRow(row))
	}
	return held, next, nil
}

func heldOf(row db.CatalogHeldByIDRow) HeldPrice {
	currency := money.Currency(row.Currency)
	return HeldPrice{
		ID: row.ID, Ref: row.Ref, Name: row.Name, IsTLD: row.Class == classTLD, Cycle: row.Cycle,
		Up: row.Held == heldUp, Cost: money.New(row.Cost.Int64, currency),
		NewCost: money.New(row.HeldCost.Int64, currency), HeldAt: row.UpdatedAt.Time(),
	}
}

// ConfirmPrice takes a held cost as the new one: what rose is on sale again, what
// fell is sold at prices from the new cost. seen is the new cost that the operator
// looked at; if it has moved since, the fault is price_moved.
func (c *Catalog) ConfirmPrice(ctx context.Context, id string, seen money.Amount) error {
	err := c.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.CatalogHeldByID(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Missing("held price", id)
		}
		if err != nil {
			return err
		}
		if err := c.confirm(ctx, q, row, seen); err != nil {
			return err
		}
		return c.clearWhenNoneHeld(ctx, q, row.Held)
	})
	if _, told := fault.As(err); told {
		return err
	}
	if err != nil {
		return fmt.Errorf("confirm price %s: %w", id, err)
	}
	c.follow(ctx)
	return nil
}

func (c *Catalog) confirm(ctx context.Context, q *db.Queries, row db.CatalogHeldByIDRow, seen money.Amount) error {
	now := db.At(c.clock.Now())
	confirmed := int64(0)
	if string(seen.Currency) == row.Currency {
		var err error
		confirmed, err = q.CatalogPriceConfirm(ctx, db.CatalogPriceConfirmParams{
			ID: row.ID, Seen: sql.NullInt64{Int64: seen.Minor, Valid: true}, UpdatedAt: now,
		})
		if err != nil {
			return err
		}
	}
	if confirmed == 0 {
		return fault.New(fault.Conflict, "price_moved", "The cost is now %s; look at it again.", heldOf(row).NewCost)
	}
	if err := q.CatalogHistoryInsert(ctx, db.CatalogHistoryInsertParams{
		ID: c.store.NewID("cph"), Subject: historyOf(row.Class, row.ItemID, row.Ref), Cycle: row.Cycle, Reason: reasonConfirmed,
		Currency: row.Currency, OldCost: row.Cost, NewCost: row.HeldCost, NotedAt: now,
	}); err != nil {
		return err
	}
	return q.CatalogVersionBump(ctx)
}

// ConfirmAll takes every cost that is held in a direction now, and says how many.
// Costs that move while it works stay held.
func (c *Catalog) ConfirmAll(ctx context.Context, up bool) (int, error) {
	taken, cursor := 0, ""
	for {
		held, next, err := c.HeldPrices(ctx, cursor, MaxLimit)
		if err != nil {
			return taken, err
		}
		n, err := c.confirmPage(ctx, held, up)
		taken += n
		if err != nil {
			return taken, fmt.Errorf("confirm held prices: %w", err)
		}
		if next == "" {
			break
		}
		cursor = next
	}
	c.follow(ctx)
	return taken, nil
}

func (c *Catalog) confirmPage(ctx context.Context, held []HeldPrice, up bool) (taken int, err error) {
	err = c.store.Tx(ctx, func(q *db.Queries) error {
		taken = 0
		for _, h := range held {
			if h.Up != up {
				continue
			}
			row, err := q.CatalogHeldByID(ctx, h.ID)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			switch err := c.confirm(ctx, q, row, h.NewCost); {
			case fault.Is(err, "price_moved"):
				continue
			case err != nil:
				return err
			}
			taken++
		}
		direction := heldDown
		if up {
			direction = heldUp
		}
		return c.clearWhenNoneHeld(ctx, q, direction)
	})
	return taken, err
}
