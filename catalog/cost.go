package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// SetTLDCost sets what an action (register, renew, transfer, restore) on a TLD costs
// the account a year, where the upstream does not tell; nil takes it back, and the
// cost is assumed again. Fault not_found: the mirror has never had the TLD. Any other is a
// fault about tld, action or cost.
func (c *Catalog) SetTLDCost(ctx context.Context, tld, action string, cost *money.Amount) error {
	tld, err := c.checkCost(tld, action, cost)
	if err != nil {
		return err
	}
	err = c.store.Tx(ctx, func(q *db.Queries) error {
		if err := c.mirrored(ctx, q, tld); cost != nil && err != nil {
			return err
		}
		return c.putCost(ctx, q, costKey{tld, action}, cost)
	})
	if _, told := fault.As(err); told {
		return err
	}
	if err != nil {
		return fmt.Errorf("set the cost of %s .%s: %w", action, tld, err)
	}
	c.follow(ctx)
	return nil
}

// mirrored refuses a TLD that the upstream has never had: a cost of it would never count.
func (c *Catalog) mirrored(ctx context.Context, q *db.Queries, tld string) error {
	items, err := q.CatalogItems(ctx, c.upstream)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(items, func(i db.CatalogItem) bool { return i.Class == classTLD && i.Ref == tld }) {
		return fault.Missing("TLD", tld)
	}
	return nil
}

func (c *Catalog) checkCost(tld, action string, cost *money.Amount) (string, error) {
	if !slices.Contains([]string{ActionRegister, ActionRenew, ActionTransfer, ActionRestore}, action) {
		return "", fault.InvalidField("action", "invalid", "One of register, renew, transfer, restore.")
	}
	ascii, err := toASCII(strings.TrimPrefix(strings.TrimSpace(tld), "."))
	if err != nil {
		return "", fault.InvalidField("tld", "invalid", "A TLD such as nl or co.uk.")
	}
	switch {
	case cost == nil:
	case cost.Currency != c.conf.Currency:
		return "", fault.InvalidField("cost", "currency", "Costs are in %s.", c.conf.Currency)
	case cost.IsNegative() || cost.Minor > maxPrice:
		return "", fault.InvalidField("cost", "out_of_range", "A cost is not negative, and not absurd.")
	}
	return ascii, nil
}

// putCost writes a cost that differs from the one that stands, with its history.
func (c *Catalog) putCost(ctx context.Context, q *db.Queries, key costKey, cost *money.Amount) error {
	stood, err := q.CatalogCost(ctx, db.CatalogCostParams{Upstream: c.upstream, Tld: key.tld, Action: key.action})
	if err != nil {
		return err
	}
	var old *money.Amount
	if len(stood) > 0 {
		a := money.New(stood[0].Cost, money.Currency(stood[0].Currency))
		old = &a
	}
	if (old == nil) == (cost == nil) && (old == nil || *old == *cost) {
		return nil
	}
	now := db.At(c.clock.Now())
	if cost == nil {
		_, err = q.CatalogCostDelete(ctx, db.CatalogCostDeleteParams{Upstream: c.upstream, Tld: key.tld, Action: key.action})
	} else {
		err = q.CatalogCostPut(ctx, db.CatalogCostPutParams{
			Upstream: c.upstream, Tld: key.tld, Action: key.action,
			Currency: string(cost.Currency), Cost: cost.Minor, UpdatedAt: now,
		})
	}
	if err != nil {
		return err
	}
	if err := q.CatalogHistoryInsert(ctx, db.CatalogHistoryInsertParams{
		ID: c.store.NewID("cph"), Subject: key.tld, Action: key.action, Cycle: "year", Reason: reasonOperator,
		Currency: string(c.conf.Currency), OldCost: nullable(old), NewCost: nullable(cost), NotedAt: now,
	}); err != nil {
		return err
	}
	return q.CatalogVersionBump(ctx)
}

// TLDCost is a cost that the operator set.
type TLDCost struct {
	TLD, Action string
	Cost        money.Amount
	SetAt       time.Time
}

// TLDCosts are the costs that the operator set, by TLD and action.
func (c *Catalog) TLDCosts(ctx context.Context) ([]TLDCost, error) {
	rows, err := c.store.Read().CatalogCosts(ctx, c.upstream)
	if err != nil {
		return nil, fmt.Errorf("read the costs of TLDs: %w", err)
	}
	costs := make([]TLDCost, len(rows))
	for i, row := range rows {
		costs[i] = TLDCost{
			TLD: row.Tld, Action: row.Action, SetAt: row.UpdatedAt.Time(),
			Cost: money.New(row.Cost, money.Currency(row.Currency)),
		}
	}
	return costs, nil
}
