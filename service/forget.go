package service

import (
	"context"
	"fmt"

	"hostfront/db"
)

// ForgetCodes erases the auth codes of lines that will not be delivered, since their
// order was never paid, and says of how many. A delivery that ends erases its own. What is left after so many batches goes with the next run.
func (s *Services) ForgetCodes(ctx context.Context) (forgotten int64, err error) {
	const batch, batches = 200, 100
	for range batches {
		var n int64
		err := s.Store.Tx(ctx, func(q *db.Queries) (err error) {
			n, err = q.DeliveryCodesForget(ctx, db.DeliveryCodesForgetParams{UpdatedAt: s.now(), MaxRows: batch})
			return err
		})
		if err != nil {
			return forgotten, fmt.Errorf("forget auth codes: %w", err)
		}
		if forgotten += n; n < batch {
			break
		}
	}
	return forgotten, nil
}
