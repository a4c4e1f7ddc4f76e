package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/money"
	"hostfront/upstream"
)

// The actions on a domain that have a price; upstream names the first two.
const (
	ActionRegister = upstream.ActionRegister
	ActionTransfer = upstream.ActionTransfer
	ActionRenew    = "renew"
	ActionRestore  = "restore"
)

// KindDomain is the kind, and the category, of every TLD in price rules; the kinds
// of products are upstream's.
const KindDomain = "domain"

// The classes of a mirrored item.
const (
	classProduct = "product"
	classTLD     = "tld"
)

// item is a product or TLD as it is mirrored, with what it costs.
type item struct {
	db.CatalogItem
	prices []db.CatalogPrice
}

// price is the item's price for a cycle.
func (it *item) price(cycle string) (db.CatalogPrice, bool) {
	for _, p := range it.prices {
		if p.Cycle == cycle {
			return p, true
		}
	}
	return db.CatalogPrice{}, false
}

// mirror is the whole catalogue as the database has it at a version.
type mirror struct {
	version int64
	items   []*item
	// set holds the costs that the operator set.
	set   map[costKey]money.Amount
	rules []Rule
}

type costKey struct{ tld, action string }

// errMoving says that the catalogue changed under every attempt to read it whole.
var errMoving = errors.New("the catalogue keeps changing while it is read")

// load reads the catalogue whole. The reads are several statements: when the
// version moved between the first and the last they are made again.
func (c *Catalog) load(ctx context.Context) (*mirror, error) {
	for range 5 {
		m, err := c.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the catalogue: %w", err)
		}
		version, err := c.store.Read().CatalogVersion(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the catalogue's version: %w", err)
		}
		if version == m.version {
			return m, nil
		}
	}
	return nil, errMoving
}

func (c *Catalog) read(ctx context.Context) (*mirror, error) {
	q := c.store.Read()
	version, err := q.CatalogVersion(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.CatalogItems(ctx, c.upstream)
	if err != nil {
		return nil, err
	}
	m := &mirror{version: version, items: make([]*item, len(rows)), set: map[costKey]money.Amount{}}
	byID := make(map[string]*item, len(rows))
	for i, row := range rows {
		m.items[i] = &item{CatalogItem: row}
		byID[row.ID] = m.items[i]
	}
	prices, err := q.CatalogPrices(ctx, c.upstream)
	if err != nil {
		return nil, err
	}
	for _, p := range prices {
		if of := byID[p.ItemID]; of != nil {
			of.prices = append(of.prices, p)
		}
	}
	if err := m.readCosts(ctx, q, c.upstream); err != nil {
		return nil, err
	}
	m.rules, err = readRules(ctx, q)
	return m, err
}

func (m *mirror) readCosts(ctx context.Context, q *db.Queries, upstream string) error {
	rows, err := q.CatalogCosts(ctx, upstream)
	if err != nil {
		return err
	}
	for _, row := range rows {
		m.set[costKey{row.Tld, row.Action}] = money.New(row.Cost, money.Currency(row.Currency))
	}
	return nil
}

// nullable is an amount's minor units as a column that may be null.
func nullable(a *money.Amount) sql.NullInt64 {
	if a == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: a.Minor, Valid: true}
}

func amountOf(n sql.NullInt64, currency string) *money.Amount {
	if !n.Valid {
		return nil
	}
	a := money.New(n.Int64, money.Currency(currency))
	return &a
}
