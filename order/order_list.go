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
	if err != nil {
		return nil, "", fmt.Errorf("list the orders of %s: %w", customerID, err)
	}
	rows, next := cut(rows, limit)
	orders, err := o.showAll(ctx, o.Store.Read(), rows, customerID)
	return orders, next, err
}

// All gives every order, newest first, for staff.
func (o *Orders) All(ctx context.Context, cursor string, limit int) ([]Order, string, error) {
	limit = pageSize(limit)
	rows, err := o.Store.Read().OrdersAll(ctx, db.OrdersAllParams{Before: db.FromNewest(cursor), MaxRows: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	rows, next := cut(rows, limit)
	orders, err := o.showAll(ctx, o.Store.Read(), rows, "")
	return orders, next, err
}

// cut is a page of rows that were read one over its limit, and the cursor of the next.
func cut(rows []db.Order, limit int) ([]db.Order, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], rows[limit-1].ID
}

func pageSize(asked int) int {
	const usual, most = 50, 100
	if asked <= 0 || asked > most {
		return usual
	}
	return asked
}
