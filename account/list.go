package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"hostfront/db"
)

// Filter chooses customers. Email, when given, is the whole address in either
// case. Cursor is the last id of the page before.
type Filter struct {
	Email  string
	Cursor string
	Limit  int
}

// maxPage bounds every list of this room.
const maxPage = 200

func pageSize(limit int) int {
	if limit <= 0 || limit > maxPage {
		return maxPage
	}
	return limit
}

// List gives customers in the order they registered; next is the cursor of the
// page that follows, empty on the last.
func (a *Accounts) List(ctx context.Context, f Filter) (customers []Customer, next string, err error) {
	if f.Email != "" {
		customers, err = a.listByEmail(ctx, f.Email)
		return customers, "", err
	}
	limit := pageSize(f.Limit)
	rows, err := a.store.Read().CustomerList(ctx, db.CustomerListParams{AfterID: f.Cursor, MaxRows: int64(limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("list customers: %w", err)
	}
	if len(rows) > limit {
		rows, next = rows[:limit], rows[limit-1].ID
	}
	customers = make([]Customer, len(rows))
	for i, r := range rows {
		customers[i] = customerOf(r)
	}
	return customers, next, nil
}

func (a *Accounts) listByEmail(ctx context.Context, email string) ([]Customer, error) {
	row, err := a.store.Read().CustomerByEmail(ctx, lowerEmail(email))
	if errors.Is(err, sql.ErrNoRows) {
		return []Customer{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find customer by mail address: %w", err)
	}
	return []Customer{customerOf(row)}, nil
}

func lowerEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
