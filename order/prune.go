package order

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
)

// quoteKept is how long a cart that nobody ordered is kept after its prices expired.
const quoteKept = 7 * 24 * time.Hour

// PruneQuotes deletes carts that nobody ordered, with the auth codes in them, and says
// how many. What is left after a batch goes with the next run.
func (o *Orders) PruneQuotes(ctx context.Context) (pruned int64, err error) {
	const batch, batches = 500, 100
	before := db.At(o.Clock.Now().Add(-quoteKept))
	for range batches {
		n, err := o.pruneQuotes(ctx, db.QuotesStaleParams{BeforeAt: before, MaxRows: batch})
		pruned += n
		if err != nil || n < batch {
			return pruned, err
		}
	}
	return pruned, nil
}

func (o *Orders) pruneQuotes(ctx context.Context, which db.QuotesStaleParams) (pruned int64, err error) {
	err = o.Store.Tx(ctx, func(q *db.Queries) error {
		pruned = 0
		stale, err := q.QuotesStale(ctx, which)
		if err != nil {
			return err
		}
		for _, id := range stale {
			if err := q.QuoteLinesDelete(ctx, id); err != nil {
				return err
			}
			n, err := q.QuoteDelete(ctx, id)
			if err != nil {
				return err
			}
			pruned += n
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("prune quotes: %w", err)
	}
	return pruned, nil
}
