package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/clock"
)

// audit holds that speed cost nothing: the ledger is at zero, each paid thing was
// ordered upstream once, and no task is stuck.
func (w *world) audit(ctx context.Context, orders int) error {
	balance, err := w.app.Billing.LedgerBalance(ctx)
	if err != nil {
		return err
	}
	if balance != 0 {
		return fmt.Errorf("the ledger is at %d", balance)
	}
	if bought := len(w.upstream.Orders()); bought != orders {
		return fmt.Errorf("%d orders were placed upstream for %d of ours", bought, orders)
	}
	stats, err := w.app.Tasks.Stats(ctx)
	if err != nil {
		return err
	}
	for _, s := range stats.States {
		if s.State == "held" || s.State == "unknown" || s.State == "failed" || s.State == "action_required" {
			err = errors.Join(err, fmt.Errorf("%d tasks %s are %s", s.Tasks, s.Kind, s.State))
		}
	}
	return err
}

// settle waits until the workers have nothing left to do, mails included.
func (w *world) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		quiet, err := w.app.Tasks.Quiet(ctx)
		if err != nil {
			return err
		}
		next, due, err := w.app.Tasks.NextDue(ctx)
		if err != nil {
			return err
		}
		if quiet && (!due || next.After(w.app.Now().Add(time.Minute))) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-clock.After(10 * time.Millisecond):
		}
	}
}
