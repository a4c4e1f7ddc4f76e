package catalog

import (
	"context"
	"fmt"

	"hostfront/db"
)

// Rules are the shop's price rules, in the order they were saved.
func (c *Catalog) Rules(ctx context.Context) ([]Rule, error) {
	rules, err := readRules(ctx, c.store.Read())
	if err != nil {
		return nil, fmt.Errorf("read the price rules: %w", err)
	}
	return rules, nil
}

// SaveRules replaces the shop's price rules with this set, gives them ids, and
// publishes the prices they make. The error is a fault with fields ("rules[2].value")
// when a rule cannot be; look at PreviewRules first.
func (c *Catalog) SaveRules(ctx context.Context, rules []Rule) ([]Rule, error) {
	if err := checkRules(rules, c.conf.Currency); err != nil {
		return nil, err
	}
	saved := make([]Rule, len(rules))
	for i, r := range rules {
		r.ID = c.store.NewID("rul")
		saved[i] = r
	}
	err := c.store.Tx(ctx, func(q *db.Queries) error { return c.replaceRules(ctx, q, saved) })
	if err != nil {
		return nil, fmt.Errorf("save the price rules: %w", err)
	}
	c.follow(ctx)
	return saved, nil
}

// EnsureRules saves a first set of rules where there is none: a new shop's.
func (c *Catalog) EnsureRules(ctx context.Context, first []Rule) error {
	rules, err := c.Rules(ctx)
	if err != nil || len(rules) > 0 {
		return err
	}
	_, err = c.SaveRules(ctx, first)
	return err
}

func (c *Catalog) replaceRules(ctx context.Context, q *db.Queries, rules []Rule) error {
	if err := q.CatalogRulesDelete(ctx); err != nil {
		return err
	}
	now := db.At(c.clock.Now())
	for _, r := range rules {
		if err := q.CatalogRuleInsert(ctx, db.CatalogRuleInsertParams{
			ID: r.ID, Scope: string(r.Scope), Target: r.Target, Action: r.Action, Cycle: r.Cycle,
			Premium: r.Premium, Method: string(r.Method), Value: r.Value.String(), Ending: string(r.Ending),
			Step: r.Step.String(), MinMargin: r.Floor.String(), IntroPeriods: int64(r.Intro.Periods),
			IntroMethod: string(r.Intro.Method), IntroValue: r.Intro.Value.String(), IntroOnce: r.Intro.OncePerCustomer, CreatedAt: now,
		}); err != nil {
			return err
		}
	}
	return q.CatalogVersionBump(ctx)
}
