package billing

import (
	"context"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/tally"
	"hostfront/task"
)

// payoutTimeout bounds one try to read a payout: a large one goes on where it was at the next.
const payoutTimeout = 5 * time.Minute

// payoutPayload names a payout at its provider.
type payoutPayload struct {
	Gateway   string `json:"gateway"`
	Reference string `json:"reference"`
}

// addPayout has a payout read that a webhook hinted at, in the caller's transaction.
func (b *Billing) addPayout(ctx context.Context, q *db.Queries, gateway, reference string) error {
	g, err := b.gateway(gateway)
	if err != nil {
		return gone(gateway)
	}
	if _, lists := g.(PayoutLister); !lists {
		return nil
	}
	_, err = b.tasks.Add(ctx, q, task.Params{
		Kind: KindPayout, Queue: b.queueOf(gateway), Subject: gateway + ":" + reference, Payload: payoutPayload{gateway, reference},
	})
	return err
}

// doPayout brings a payout as far as it goes. Lines that cannot be dealt with are the next run's.
func (b *Billing) doPayout(ctx context.Context, t task.Task) (task.Progress, error) {
	pay, err := readPayload[payoutPayload](t)
	if err != nil {
		return task.Progress{}, err
	}
	g, err := b.gateway(pay.Gateway)
	lister, ok := g.(PayoutLister)
	if err != nil || !ok {
		return task.Progress{}, gone(pay.Gateway)
	}
	told, err := lister.FetchPayout(ctx, pay.Reference)
	if err = later(err); err != nil {
		if fault.OutcomeOf(err).Result == fault.Rejected {
			return task.Progress{}, nil // another shop's, or of the other mode
		}
		return task.Progress{}, err
	}
	run := payoutRun{Billing: b, gateway: g, lister: lister, report: tally.New()}
	if err := b.keepPayout(ctx, pay.Gateway, told); err != nil {
		return task.Progress{}, err
	}
	rows, err := b.store.Read().PayoutByReference(ctx, db.PayoutByReferenceParams{Gateway: pay.Gateway, Reference: pay.Reference})
	if err != nil || len(rows) == 0 {
		return task.Progress{}, err
	}
	return task.Progress{}, run.lookInto(ctx, rows[0].ID, told)
}
