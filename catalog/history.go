package catalog

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/money"
)

// PriceChange is one line of a price's history.
type PriceChange struct {
	ID, Action, Cycle string
	// Reason is accepted, held_up, held_down, confirmed, gone, back or operator.
	Reason string
	// OldCost and NewCost are nil for "no cost"; List is the upstream's list price.
	OldCost, NewCost, List *money.Amount
	At                     time.Time
}

// PriceHistory lists what happened to the costs of a product (by its id) or of a TLD
// (by its A-label), oldest first.
func (c *Catalog) PriceHistory(ctx context.Context, of, cursor string, limit int) (changes []PriceChange, next string, err error) {
	limit = pageSize(limit)
	rows, err := c.store.Read().CatalogHistory(ctx, db.CatalogHistoryParams{Subject: of, After: cursor, RowLimit: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("price history of %s: %w", of, err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	changes = make([]PriceChange, len(rows))
	for i, row := range rows {
		changes[i] = PriceChange{
			ID: row.ID, Action: row.Action, Cycle: row.Cycle, Reason: row.Reason, At: row.NotedAt.Time(),
			OldCost: amountOf(row.OldCost, row.Currency), NewCost: amountOf(row.NewCost, row.Currency),
			List: amountOf(row.NewList, row.Currency),
		}
	}
	return changes, next, nil
}

func pageSize(limit int) int {
	if limit <= 0 {
		return DefaultLimit
	}
	return min(limit, MaxLimit)
}
