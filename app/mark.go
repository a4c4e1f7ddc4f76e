package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
)

// markSetting is the shop's own id, made once and kept with its books: a backup that is restored
// is the same shop, another database is another.
const markSetting = "shop_id"

// mark is the shop's own id.
func (a *App) mark(ctx context.Context) (string, error) {
	kept, err := a.Store.Read().SettingByName(ctx, markSetting)
	if err == nil {
		return kept.Value, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the id of the shop: %w", err)
	}
	id := a.Store.NewID("shop")
	err = a.Store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.SettingInsert(ctx, db.SettingInsertParams{Name: markSetting, Value: id, UpdatedAt: db.At(a.Clock.Now())})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("keep the id of the shop: %w", err)
	}
	if kept, err = a.Store.Read().SettingByName(ctx, markSetting); err != nil {
		return "", fmt.Errorf("read the id of the shop: %w", err)
	}
	return kept.Value, nil
}
