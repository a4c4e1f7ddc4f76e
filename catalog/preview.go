package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hostfront/fault"
	"hostfront/money"
)

// PreviewParams narrows a preview.
type PreviewParams struct {
	// Query is part of a name or ref. OnlyChanged and OnlyRaised leave out what keeps its
	// price, and what is not lifted by a floor.
	Query                   string
	OnlyChanged, OnlyRaised bool
	// Cursor is Preview.Next of the page before; Limit is at most MaxLimit.
	Cursor string
	Limit  int
}

// Preview is what a set of rules would do to every price.
type Preview struct {
	// The counts are of the whole catalogue, whatever the params left out. Raised are
	// prices that a floor lifts; BelowCost those of them that the rule would have put below
	// the cost itself; Unpriced are not for sale under the rules.
	Prices, Changed, Raised, BelowCost, Unpriced int
	// IntroBelowCost are products whose introduction is below their cost.
	IntroBelowCost int
	Lines          []PreviewLine
	Next           string
}

// PreviewLine is one price, before and after.
type PreviewLine struct {
	ItemID, Ref, Name string
	// Action is empty for products.
	Action, Cycle string
	// Cost is nil when none is known. Before and After are nil where that is not for sale.
	Cost          *money.Amount
	Before, After *Price
	// IntroBefore and IntroAfter are what the first periods of a product cost, nil without an introduction.
	IntroBefore, IntroAfter *IntroPrice
	// Rule is the place in the rules that made the price ("rules[2]"), or "".
	Rule string
	// Raised: the floor lifted it. BelowCost: the rule alone would have sold at a loss.
	Raised, BelowCost bool
	// IntroBelowCost: the introduction is below the cost itself, which is the shop's choice.
	IntroBelowCost bool
	// Reason is why After is nil: "no_cost", "no_rule", "cost_jumped_up", …
	Reason string
}

// PreviewRules tells what rules would do to every price, without saving them. The
// error is a fault with fields when a rule cannot be.
func (c *Catalog) PreviewRules(ctx context.Context, rules []Rule, p PreviewParams) (Preview, error) {
	if err := checkRules(rules, c.conf.Currency); err != nil {
		return Preview{}, err
	}
	start, err := previewStart(p.Cursor)
	if err != nil {
		return Preview{}, err
	}
	m, err := c.load(ctx)
	if err != nil {
		return Preview{}, err
	}
	numbered := slices.Clone(rules)
	for i := range numbered {
		numbered[i].ID = fmt.Sprintf("rules[%d]", i)
	}
	before, after := c.newBook(m.rules), c.newBook(numbered)
	out := Preview{Lines: []PreviewLine{}}
	var lines []PreviewLine
	for _, it := range m.items {
		if !it.WithdrawnAt.IsZero() {
			continue
		}
		was := c.offers(before, m, it)
		for i, o := range c.offers(after, m, it) {
			line := previewLine(it, o, was[i].priced, after)
			out.count(line)
			if p.wants(line) {
				lines = append(lines, line)
			}
		}
	}
	out.page(lines, start, pageSize(p.Limit))
	return out, nil
}

func previewLine(it *item, o offer, before priced, b *book) PreviewLine {
	line := PreviewLine{
		ItemID: it.ID, Ref: it.Ref, Name: it.Name, Action: o.action, Cycle: o.cycle, Cost: o.cost,
		Before: before.price, After: o.price, IntroBefore: before.intro, IntroAfter: o.intro, Raised: o.raised, Reason: o.reason,
	}
	if o.rule != nil {
		line.Rule = o.rule.ID
	}
	line.BelowCost = o.raised && o.cost != nil && o.wanted.LessThan(b.inBasis(o.cost.Decimal()))
	line.IntroBelowCost = o.intro != nil && o.cost != nil && o.intro.Net.Cmp(*o.cost) < 0
	return line
}

func (p *Preview) count(line PreviewLine) {
	p.Prices++
	if line.changed() {
		p.Changed++
	}
	if line.Raised {
		p.Raised++
	}
	if line.BelowCost {
		p.BelowCost++
	}
	if line.After == nil {
		p.Unpriced++
	}
	if line.IntroBelowCost {
		p.IntroBelowCost++
	}
}

func (l *PreviewLine) changed() bool {
	if l.Before == nil || l.After == nil {
		return l.Before != l.After
	}
	if l.IntroBefore == nil || l.IntroAfter == nil {
		return l.Before.Price != l.After.Price || l.IntroBefore != l.IntroAfter
	}
	return l.Before.Price != l.After.Price || *l.IntroBefore != *l.IntroAfter
}

func (p *PreviewParams) wants(line PreviewLine) bool {
	query := strings.ToLower(strings.TrimSpace(p.Query))
	return (!p.OnlyChanged || line.changed()) && (!p.OnlyRaised || line.Raised) &&
		(query == "" || strings.Contains(strings.ToLower(line.Name+"\n"+line.Ref), query))
}

func (p *Preview) page(lines []PreviewLine, start, limit int) {
	lines = lines[min(start, len(lines)):]
	if len(lines) > limit {
		lines = lines[:limit]
		p.Next = strconv.Itoa(start + limit)
	}
	p.Lines = append(p.Lines, lines...)
}

// previewStart reads a preview's cursor: a preview is computed anew for each page, so
// its place is a number.
func previewStart(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	start, err := strconv.Atoi(cursor)
	if err != nil || start < 0 {
		return 0, fault.BadCursor()
	}
	return start, nil
}
