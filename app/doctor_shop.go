package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hostfront/catalog"
	"hostfront/task"
)

// What is old: the mirror is taken every hour, and a due task is begun at once.
const (
	staleSync = 3 * time.Hour
	lateTask  = 10 * time.Minute
)

// catalogue looks at the mirror, the rules and the prices that they make.
func (e *examination) catalogue(ctx context.Context) {
	if e.shop == nil || e.config.checkSeller() != nil {
		return // said before
	}
	if err := e.openCatalogue(ctx); err != nil {
		e.fail("prices", "%v", err)
		return
	}
	for _, look := range []func(context.Context) error{e.sync, e.prices, e.heldPrices} {
		if err := look(ctx); err != nil {
			e.fail("prices", "%v", err)
		}
	}
}

func (e *examination) openCatalogue(ctx context.Context) error {
	calculator, err := e.shop.newTax()
	if err != nil {
		return err
	}
	if err := e.shop.newEngine(); err != nil {
		return err
	}
	return e.shop.newCatalog(ctx, calculator)
}

func (e *examination) sync(ctx context.Context) error {
	status, err := e.shop.Catalog.SyncStatus(ctx)
	if err != nil {
		return err
	}
	age := e.shop.Clock.Now().Sub(status.SyncedAt).Round(time.Minute)
	switch {
	case status.SyncedAt.IsZero():
		e.fail("sync", "the catalogue was never mirrored: run `hostfront sync`")
	case age > staleSync:
		e.warn("sync", "the mirror is %s old: is the shop running? `hostfront sync` takes it now", age)
	default:
		e.ok("sync", "the mirror is %s old", age)
	}
	if status.Failure != "" {
		e.warn("sync", "the last sync, at %s, failed: %s", status.FailedAt.Format(time.RFC3339), status.Failure)
	}
	return nil
}

// prices asks what the shop's own rules make of every cost.
func (e *examination) prices(ctx context.Context) error {
	rules, err := e.shop.Catalog.Rules(ctx)
	if err != nil {
		return err
	}
	if len(rules) == 0 {
		e.fail("prices", "there is no price rule, so nothing is for sale: save rules with PUT /v1/admin/price-rules (docs/money.md)")
		return nil
	}
	found := unpriced{reasons: map[string]int{}}
	below := []string{}
	cursor, preview := "", catalog.Preview{}
	for {
		preview, err = e.shop.Catalog.PreviewRules(ctx, rules, catalog.PreviewParams{Cursor: cursor, Limit: catalog.MaxLimit})
		if err != nil {
			return err
		}
		for _, line := range preview.Lines {
			found.add(line)
			if line.BelowCost && len(below) < 3 {
				below = append(below, line.Name)
			}
		}
		if cursor = preview.Next; cursor == "" {
			break
		}
	}
	e.belowCost(preview, below)
	e.unpriced(found)
	return nil
}

func (e *examination) belowCost(p catalog.Preview, examples []string) {
	if p.BelowCost == 0 {
		e.ok("prices", "no rule asks for less than cost")
		return
	}
	e.warn("prices", "%s would be below cost by rule alone, and %s sold at cost plus the floor instead: raise the rules (%s, …)",
		plural(p.BelowCost, "price"), map[bool]string{true: "is", false: "are"}[p.BelowCost == 1], strings.Join(examples, ", "))
}

// unpriced counts what is not for sale, by reason. A restore has a price only where
// the operator set its cost, so that one without is nothing to report.
type unpriced struct {
	prices, lines int
	reasons       map[string]int
}

func (u *unpriced) add(line catalog.PreviewLine) {
	if line.After == nil && line.Action == catalog.ActionRestore {
		return
	}
	u.prices++
	if line.After != nil {
		return
	}
	u.lines++
	u.reasons[line.Reason]++
}

func (e *examination) unpriced(u unpriced) {
	if u.lines == u.prices {
		e.fail("prices", "nothing is for sale under these rules (%s): preview them with POST /v1/admin/price-rules/preview", u)
		return
	}
	if u.reasons["no_rule"] > 0 {
		e.warn("prices", "%s no price rule and not for sale: add a rule of scope shop, or one for them", have(u.reasons["no_rule"]))
	}
	if rest := u.lines - u.reasons["no_rule"]; rest > 0 {
		e.ok("prices", "%d of %d prices are not for sale (%s); docs/money.md says what each reason means", rest, u.prices, u)
		return
	}
	e.ok("prices", "every one of %s is for sale", plural(u.prices, "price"))
}

// String is the reasons with their counts.
func (u unpriced) String() string {
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(u.reasons)) {
		parts = append(parts, fmt.Sprintf("%d %s", u.reasons[reason], reason))
	}
	return strings.Join(parts, ", ")
}

func have(n int) string {
	if n == 1 {
		return "1 price has"
	}
	return plural(n, "price") + " have"
}

func (e *examination) heldPrices(ctx context.Context) error {
	up, down, cursor := 0, 0, ""
	for {
		held, next, err := e.shop.Catalog.HeldPrices(ctx, cursor, catalog.MaxLimit)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Up {
				up++
			} else {
				down++
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if up+down == 0 {
		e.ok("prices", "no cost jumped")
		return nil
	}
	e.warn("prices", "%d costs jumped up and are off sale, %d fell far and are sold on at the old cost: confirm them through GET /v1/admin/held-prices", up, down)
	return nil
}

// work looks at what waits for a person, or for a server that is not there.
func (e *examination) work(ctx context.Context) {
	if e.shop == nil || e.shop.Tasks == nil {
		return
	}
	stats, err := e.shop.Tasks.Stats(ctx)
	if err != nil {
		e.fail("tasks", "%v", err)
		return
	}
	held, late := int64(0), time.Duration(0)
	for _, s := range stats.States {
		if s.State == task.Held {
			held += s.Tasks
		}
		late = max(late, s.Overdue)
	}
	if held > 0 {
		e.warn("tasks", "%s held for a decision: GET /v1/admin/tasks?state=held, then docs/tasks.md", areHeld(held))
	}
	if late > lateTask {
		e.warn("tasks", "a task is due since %s: is the shop running?", late.Round(time.Minute))
	}
	if held == 0 && late <= lateTask {
		e.ok("tasks", "none is held, none is late")
	}
	e.alarms(ctx)
}

func areHeld(n int64) string {
	if n == 1 {
		return "1 task is"
	}
	return plural(n, "task") + " are"
}

func (e *examination) alarms(ctx context.Context) {
	const shown = 20
	open, err := e.shop.Events.OpenAlarms(ctx, "", shown+1)
	if err != nil {
		e.fail("alarms", "%v", err)
		return
	}
	if len(open) == 0 {
		e.ok("alarms", "none is open")
		return
	}
	for i, a := range open {
		if i == shown {
			e.warn("alarms", "and more: GET /v1/admin/alarms lists them all")
			break
		}
		e.warn("alarms", "%s %s: %s (docs/operating.md says what to do)", a.Code, a.Subject, a.Message)
	}
}
