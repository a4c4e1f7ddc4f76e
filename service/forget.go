package service

import (
	"context"
	"fmt"

	"hostfront/db"
)

// ForgetCodes erases the auth codes of lines that will not be delivered, since their
// order was never paid, and says of how many. A delivery that ends erases its own.
func (s *Services) ForgetCodes(ctx context.Context) (forgotten int64, err error) {
	err = s.Store.Tx(ctx, func(q *db.Queries) (err error) {
		forgotten, err = q.DeliveryCodesForget(ctx, s.now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget auth codes: %w", err)
	}
	return forgotten, nil
}
