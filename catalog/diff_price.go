package catalog

import (
	"database/sql"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

func (d *differ) freshPrice(itemID string, p toldPrice) {
	if p.cost == nil && p.list == nil {
		return
	}
	d.plan.prices = append(d.plan.prices, priceWrite{isNew: true, row: db.CatalogPrice{
		ID: d.newID("cpr"), ItemID: itemID, Cycle: p.cycle, Currency: p.currency(),
		Cost: nullable(p.cost), List: nullable(p.list), Assumed: p.assumed, Offered: p.cost != nil,
		CreatedAt: d.now, UpdatedAt: d.now,
	}})
}

func (p *toldPrice) currency() string {
	for _, a := range []*money.Amount{p.cost, p.list} {
		if a != nil {
			return string(a.Currency)
		}
	}
	return ""
}

// price plans what changed about a price.
func (d *differ) price(it *item, row db.CatalogPrice, p toldPrice) {
	was := standing{cost: row.Cost, list: row.List, offered: row.Offered, held: row.Held, heldTo: row.HeldCost}
	now, reason := was.follow(nullable(p.cost), nullable(p.list), d.jump)
	if was.offered && it.WithdrawnAt.IsZero() {
		d.offered[it.Class]++
		if !now.offered {
			d.uncosted[it.Class]++
		}
	}
	if now == was && p.assumed == row.Assumed {
		return
	}
	if was.held != "" && now.held != was.held {
		d.plan.settled[was.held] = true
	}
	next := row
	next.Cost, next.List, next.Offered, next.Held, next.HeldCost = now.cost, now.list, now.offered, now.held, now.heldTo
	next.Assumed, next.UpdatedAt = p.assumed, d.now
	d.plan.prices = append(d.plan.prices, priceWrite{next, false})
	if reason == "" {
		return
	}
	d.plan.report.Prices++
	d.note(it, row, now, reason)
}

// note writes the history, and remembers what the alarms are to name.
func (d *differ) note(it *item, row db.CatalogPrice, now standing, reason string) {
	cost := now.cost
	name := fmt.Sprintf("%s (%s) by the %s", it.Name, it.Ref, row.Cycle)
	switch reason {
	case reasonHeldUp:
		cost = now.heldTo
		d.plan.heldUp = append(d.plan.heldUp, name)
	case reasonHeldDown:
		cost = now.heldTo
		d.plan.heldDown = append(d.plan.heldDown, name)
	case reasonGone:
		cost = sql.NullInt64{}
	}
	d.plan.history = append(d.plan.history, db.CatalogHistoryInsertParams{
		ID: d.newID("cph"), Subject: historyOf(it.Class, it.ID, it.Ref), Cycle: row.Cycle, Reason: reason, Currency: row.Currency,
		OldCost: row.Cost, NewCost: cost, NewList: now.list, NotedAt: d.now,
	})
}

// historyOf is the subject of a price's history: a product by its id, a TLD by its
// name, so that what the operator set for it stands in the same list.
func historyOf(class, id, ref string) string {
	if class == classTLD {
		return ref
	}
	return id
}
