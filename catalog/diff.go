package catalog

import (
	"hostfront/db"
)

// plan is what a sync has to write: only what differs from the mirror.
type plan struct {
	items   []itemWrite
	prices  []priceWrite
	history []db.CatalogHistoryInsertParams
	report  SyncReport
	// heldUp and heldDown name what was newly held, for the alarms; settled says in which
	// directions something is no longer held.
	heldUp, heldDown []string
	settled          map[string]bool
}

type itemWrite struct {
	row   db.CatalogItem
	isNew bool
}

type priceWrite struct {
	row   db.CatalogPrice
	isNew bool
}

func (p *plan) empty() bool { return len(p.items) == 0 && len(p.prices) == 0 }

// differ compares an answer with the mirror, in memory.
type differ struct {
	newID  func(prefix string) string
	now    db.Instant
	jump   int64
	vanish int64 // percent
	// accepted is how much staff have seen missing and take as true.
	accepted int64
	current  map[[2]string]*item
	plan     *plan
	// onSale and gone count items by class, offered and uncosted the prices that had a cost
	// and those of them that have none any more.
	onSale, gone, offered, uncosted map[string]int64
}

func (d *differ) compare(m *mirror, a *answer) (*plan, error) {
	d.current = make(map[[2]string]*item, len(m.items))
	for _, it := range m.items {
		d.current[[2]string{it.Class, it.Ref}] = it
	}
	d.plan = &plan{settled: map[string]bool{}}
	d.onSale, d.gone, d.offered, d.uncosted = map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	d.plan.report = SyncReport{Products: a.products, TLDs: a.tlds, Skipped: a.skipped, Version: m.version}
	told := make(map[[2]string]bool, len(a.items))
	for i := range a.items {
		t := &a.items[i]
		key := [2]string{t.Class, t.Ref}
		told[key] = true
		if it := d.current[key]; it != nil {
			d.known(it, t)
		} else {
			d.fresh(t)
		}
	}
	d.vanished(m, a, told)
	if err := d.believable(); err != nil {
		return nil, err
	}
	return d.plan, nil
}

// fresh plans an item that was never seen.
func (d *differ) fresh(t *told) {
	row := t.CatalogItem
	prefix := "prd"
	if row.Class == classTLD {
		prefix = "tld"
	}
	row.ID, row.CreatedAt, row.UpdatedAt = d.newID(prefix), d.now, d.now
	d.plan.items = append(d.plan.items, itemWrite{row, true})
	d.plan.report.Added++
	for _, p := range t.prices {
		d.freshPrice(row.ID, p)
	}
}

// known plans what changed about an item that the mirror has.
func (d *differ) known(it *item, t *told) {
	row := it.CatalogItem
	row.Kind, row.Category, row.Name, row.Description = t.Kind, t.Category, t.Name, t.Description
	row.Billing, row.Attributes = t.Billing, t.Attributes
	row.RequiresDomain, row.RequiresTargetUrl, row.TransferSupported = t.RequiresDomain, t.RequiresTargetUrl, t.TransferSupported
	row.WithdrawnAt = 0
	if row != it.CatalogItem {
		if it.WithdrawnAt.IsZero() {
			d.plan.report.Changed++
		} else {
			d.plan.report.Returned++
		}
		row.UpdatedAt = d.now
		d.plan.items = append(d.plan.items, itemWrite{row, false})
	}
	for _, p := range t.prices {
		if known, ok := it.price(p.cycle); ok {
			d.price(it, known, p)
		} else {
			d.freshPrice(it.ID, p)
		}
	}
	for _, known := range it.prices {
		if !t.has(known.Cycle) {
			d.price(it, known, toldPrice{cycle: known.Cycle, assumed: known.Assumed, list: amountOf(known.List, known.Currency)})
		}
	}
}

func (t *told) has(cycle string) bool {
	for _, p := range t.prices {
		if p.cycle == cycle {
			return true
		}
	}
	return false
}

// vanished plans the withdrawal of what the answer lacks, where the key may read it.
func (d *differ) vanished(m *mirror, a *answer, told map[[2]string]bool) {
	for _, it := range m.items {
		if !it.WithdrawnAt.IsZero() || a.forbidden[it.Class] {
			continue
		}
		d.onSale[it.Class]++
		if told[[2]string{it.Class, it.Ref}] {
			continue
		}
		d.gone[it.Class]++
		row := it.CatalogItem
		row.WithdrawnAt, row.UpdatedAt = d.now, d.now
		d.plan.items = append(d.plan.items, itemWrite{row, false})
		d.plan.report.Withdrawn++
		for _, p := range it.prices {
			if p.Held != "" {
				d.plan.settled[p.Held] = true
			}
		}
	}
}
