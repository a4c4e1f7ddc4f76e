package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

func (b *Billing) doubtfulRefunds() inDoubt {
	return inDoubt{"refunds", func(ctx context.Context, now db.Instant, after string) ([]string, error) {
		return b.store.Read().RefundsToCheck(ctx, db.RefundsToCheckParams{NowAt: now, After: after, Page: doubtPage})
	}, func(ctx context.Context, id string, now time.Time) (bool, error) {
		return false, b.reconcileRefund(ctx, id, now)
	}}
}

func (b *Billing) reconcileRefund(ctx context.Context, id string, now time.Time) error {
	r, err := b.store.Read().RefundByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read refund %s: %w", id, err)
	}
	g, err := b.gateway(r.Gateway)
	if err != nil {
		return gone(r.Gateway)
	}
	fetcher, ok := g.(RefundFetcher)
	if !ok {
		return fault.Came(fault.Held, "refund_unreadable", "The gateway cannot read a refund again.")
	}
	s, err := fetcher.FetchRefund(ctx, r.ProviderReference)
	if err != nil {
		return err
	}
	return b.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.RefundByID(ctx, id)
		if err != nil {
			return fmt.Errorf("read refund %s: %w", id, err)
		}
		if s.State == string(refundPending) {
			later := db.At(now.Add(checkAfter(now.Sub(row.CreatedAt.Time()))))
			return q.RefundCheckLater(ctx, db.RefundCheckLaterParams{ID: id, CheckAt: later})
		}
		return b.applyRefund(ctx, q, row, toldRefundOf(s))
	})
}
