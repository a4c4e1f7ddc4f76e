package billing

import (
	"context"
	"time"

	"hostfront/db"
	"hostfront/task"
)

// doubtfulSetups are methods that are being saved; those that their customer has left are given
// up.
func (b *Billing) doubtfulSetups() inDoubt {
	return inDoubt{"setups", func(ctx context.Context, now db.Instant, after string) ([]string, error) {
		return b.store.Read().SetupsToCheck(ctx, db.SetupsToCheckParams{NowAt: now, After: after, Page: doubtPage})
	}, b.reconcileSetup}
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
