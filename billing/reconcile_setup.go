package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/task"
)

// reconcileSetups asks the gateways about methods that are being saved, and gives those up
// that their customer has left.
func (b *Billing) reconcileSetups(ctx context.Context, report *ReconcileReport) error {
	now := b.clock.Now()
	for after := ""; ; {
		ids, err := b.store.Read().SetupsToCheck(ctx, db.SetupsToCheckParams{NowAt: db.At(now), After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("setups to check: %w", err)
		}
		for _, id := range ids {
			moved, err := b.reconcileSetup(ctx, id, now)
			report.Asked++
			if err != nil {
				report.skip(id, err)
			}
			if moved {
				report.Moved++
			}
			after = id
		}
		if len(ids) < 100 || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (b *Billing) reconcileSetup(ctx context.Context, id string, now time.Time) (moved bool, err error) {
	row, err := setupRow(ctx, b.store.Read(), id)
	if err != nil {
		return false, err
	}
	kept, asked := toldSetup{State: PaymentState(row.State)}, error(nil)
	if row.ProviderReference != "" {
		kept, asked = b.askSetup(ctx, row)
	}
	err = b.store.Tx(ctx, func(q *db.Queries) error {
		age := now.Sub(row.CreatedAt.Time())
		if asked != nil {
			return q.SetupCheckLater(ctx, db.SetupCheckLaterParams{ID: id, CheckAt: db.At(now.Add(checkAfter(age)))})
		}
		row, err := setupRow(ctx, q, id)
		if err != nil {
			return err
		}
		moved = row.State != string(kept.State)
		if err := b.applySetup(ctx, q, row, kept); err != nil || kept.State.isFinal() || age < setupLife {
			return err
		}
		_, err = b.tasks.Add(ctx, q, task.Params{
			Kind: KindSetupCancel, Queue: b.queueOf(row.Gateway), Subject: id, Payload: setupPayload{id}, DedupeKey: "setup_cancel:" + id,
		})
		return err
	})
	if err == nil {
		err = asked
	}
	return moved && err == nil, err
}

func (b *Billing) askSetup(ctx context.Context, row db.MethodSetup) (toldSetup, error) {
	k, err := b.keeper(row.Gateway)
	if err != nil {
		return toldSetup{}, err
	}
	s, err := k.FetchSetup(ctx, row.ProviderReference)
	if err != nil {
		return toldSetup{}, err
	}
	return b.toldSetupOf(s)
}
