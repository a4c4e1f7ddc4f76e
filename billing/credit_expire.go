package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// ExpiryReport is what a run of ExpireCredit did.
type ExpiryReport struct {
	// Ended counts the grants whose date has come.
	Ended   int    `json:"ended"`
	Skipped int    `json:"skipped"`
	Skips   []Skip `json:"skips,omitempty"`
}

// ExpireCredit takes back what is left of given credit whose date has come, a transaction for
// each. Money that a customer paid never runs out.
func (b *Billing) ExpireCredit(ctx context.Context) (ExpiryReport, error) {
	var report ExpiryReport
	now := db.At(b.clock.Now())
	for after := ""; ; {
		ids, err := b.store.Read().CreditGrantsExpired(ctx, db.CreditGrantsExpiredParams{NowAt: now, After: after, Page: 100})
		if err != nil {
			return report, fmt.Errorf("credit that has run out: %w", err)
		}
		for _, id := range ids {
			after = id
			err := b.one(ctx, func(q *db.Queries) error {
				_, err := b.EndCredit(ctx, q, id)
				return err
			})
			switch {
			case err == nil:
				report.Ended++
			case !fault.Is(err, "credit_ended"):
				report.Skipped++
				if len(report.Skips) < maxSkips {
					report.Skips = append(report.Skips, Skip{ID: id, Reason: err.Error()})
				}
			}
		}
		if len(ids) < 100 || ctx.Err() != nil {
			return report, ctx.Err()
		}
	}
}

// EndCredit takes back what is left of given credit, in the caller's transaction, and gives how
// it stands then. Fault code: "credit_ended".
func (b *Billing) EndCredit(ctx context.Context, q *db.Queries, grantID string) (Grant, error) {
	g, err := b.Grant(ctx, q, grantID)
	if err != nil {
		return Grant{}, err
	}
	rows, err := q.CreditGrantEnd(ctx, db.CreditGrantEndParams{ID: g.ID, EndedAt: db.At(b.clock.Now())})
	if err != nil {
		return Grant{}, fmt.Errorf("end credit %s: %w", g.ID, err)
	}
	if rows == 0 {
		return Grant{}, fault.New(fault.Conflict, "credit_ended", "This credit has ended already.")
	}
	if g.Left.IsPositive() {
		// A grant may end, get credit back, and end again: the subject is each ending.
		err := b.post(ctx, q, posting{
			kind: "credit_expired", subject: b.store.NewID("cre"), customerID: g.CustomerID,
			entries: []entry{{account: Credit, amount: g.Left, lotID: g.ID}, {account: Goodwill, amount: g.Left.Neg()}},
		})
		if err != nil {
			return Grant{}, err
		}
	}
	g.Left, g.EndedAt = money.Zero(b.currency), b.clock.Now()
	return g, nil
}
