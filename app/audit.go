package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"hostfront/audit"
	"hostfront/db"
	"hostfront/event"
)

// alarmAudit is raised while the nightly audit finds a broken row.
const alarmAudit = "audit.broken"

// ErrBroken says that an audit found rows that break an invariant.
var ErrBroken = errors.New("the books are not in order")

// Audit checks every invariant on a live database and prints the rows that break
// one; then its error is ErrBroken.
func Audit(ctx context.Context, c Config, out io.Writer) error {
	if err := c.atHand(); err != nil {
		return err
	}
	store, err := db.Open(ctx, c.DatabaseURL, db.Options{})
	if err != nil {
		return err
	}
	report, err := auditStore(ctx, store)
	if err == nil {
		fmt.Fprintln(out, report)
		if len(report.Findings) > 0 {
			err = ErrBroken
		}
	}
	return errors.Join(err, store.Close())
}

func auditStore(ctx context.Context, store *db.Store) (audit.Report, error) {
	if err := store.Current(ctx); err != nil {
		return audit.Report{}, err
	}
	return auditWhole(ctx, store)
}

// auditWhole asks every invariant, and whether the database is whole as a file.
func auditWhole(ctx context.Context, store *db.Store) (audit.Report, error) {
	damage, err := store.Damage(ctx)
	if err != nil {
		return audit.Report{}, err
	}
	report, err := audit.Run(ctx, store.Read())
	if err != nil && len(damage) == 0 {
		return report, err
	}
	// In a damaged file a question may have no answer: the damage is.
	return report.With("database_damaged", "the database is damaged: stop the shop and restore a backup", damage), nil
}

// auditNightly is the job: it raises an alarm while anything is broken, and clears
// it when all is well again.
func (a *App) auditNightly(ctx context.Context) (audit.Report, error) {
	report, err := a.auditTonight(ctx)
	if err != nil {
		return report, err
	}
	err = a.Store.Tx(ctx, func(q *db.Queries) error {
		if len(report.Findings) == 0 {
			return a.Events.Clear(ctx, q, alarmAudit, "")
		}
		return a.Events.Raise(ctx, q, event.Alarm{
			Code:    alarmAudit,
			Message: fmt.Sprintf("%d rows break an invariant, the first: %s of %s.", len(report.Findings), report.Findings[0].Rule, report.Findings[0].Subject),
		})
	})
	return report, err
}

func (a *App) auditTonight(ctx context.Context) (audit.Report, error) {
	if a.options.Throwaway {
		return audit.Run(ctx, a.Store.Read())
	}
	return auditWhole(ctx, a.Store)
}
