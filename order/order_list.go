package order

import (
	"context"
	"fmt"

	"hostfront/db"
)

// List gives a customer's orders, newest first, and the cursor of the next page.
func (o *Orders) List(ctx context.Context, customerID, cursor string, limit int) ([]Order, string, error) {
	limit = pageSize(limit)
	rows, err := o.Store.Read().OrdersByCustomer(ctx, db.OrdersByCustomerParams{
		CustomerID: customerID, Before: db.FromNewest(cursor), MaxRows: int64(limit) + 1,
	})
	return o.page(ctx, rows, limit, err)
}

// All gives every order, newest first, for staff.
func (o *Orders) All(ctx context.Context, cursor string, limit int) ([]Order, string, error) {
	limit = pageSize(limit)
	rows, err := o.Store.Read().OrdersAll(ctx, db.OrdersAllParams{Before: db.FromNewest(cursor), MaxRows: int64(limit) + 1})
	return o.page(ctx, rows, limit, err)
}

func (o *Orders) page(ctx context.Context, rows []db.Order, limit int, err error) ([]Order, string, error) {
	if err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	orders := make([]Order, 0, len(rows))
	for _, row := range rows {
		shown, err := o.show(ctx, o.Store.Read(), row)
		if err != nil {
			return nil, "", err
		}
		orders = append(orders, shown)
	}
	return orders, next, nil
}

func pageSize(asked int) int {
	const usual, most = 50, 100
	if asked <= 0 || asked > most {
		return usual
	}
	return asked
}
