package billing

import (
	"context"

	"hostfront/db"
	"hostfront/tally"
)

// one deals with one row of a run, in a transaction of its own.
func (b *Billing) one(ctx context.Context, deal func(q *db.Queries) error) error {
	return tally.One(func() error { return b.store.Tx(ctx, deal) })
}

// Tally tells a run of billing.renew in the shape of every job's report.
func (r RenewReport) Tally() *tally.Report {
	return tallied(tally.Of(r.Billed+r.Ended+r.Paused, map[string]int{
		"billed": r.Billed, "charges": r.Charges, "mailed": r.Mailed, "from_credit": r.FromCredit, "ended": r.Ended,
		"exempt": r.Exempt,
		"paused": r.Paused, "below_cost": r.BelowCost,
	}), r.Skipped, r.Skips)
}

// Tally tells a run of billing.reconcile.
func (r ReconcileReport) Tally() *tally.Report {
	return tallied(tally.Of(r.Asked, map[string]int{"asked": r.Asked, "moved": r.Moved}), r.Skipped, r.Skips)
}

// Tally tells a run of billing.lapse.
func (r LapseReport) Tally() *tally.Report {
	return tallied(tally.Of(r.Lapsed+r.Supplied+r.Overdue, map[string]int{"lapsed": r.Lapsed, "supplied": r.Supplied, "overdue": r.Overdue, "waiting": r.Waiting}), r.Skipped, r.Skips)
}

// Tally tells a run of billing.turnover.
func (r TurnoverReport) Tally() *tally.Report {
	t := tally.Of(1, map[string]int{"year": r.Year})
	t.Note("turnover " + r.Turnover.String())
	return t
}

// tallied adds what a run skipped.
func tallied(t *tally.Report, skipped int, skips []Skip) *tally.Report {
	t.SkippedCount = skipped
	for _, s := range skips {
		t.Skipped = append(t.Skipped, tally.Skip(s))
	}
	return t
}

// Tally tells a run of billing.expire_credit.
func (r ExpiryReport) Tally() *tally.Report {
	return tallied(tally.Of(r.Ended, map[string]int{"ended": r.Ended}), r.Skipped, r.Skips)
}
