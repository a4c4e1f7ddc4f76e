package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// Dispute is a payment that a customer has disputed at their bank.
type Dispute struct {
	ID, Gateway, Reference, PaymentID, InvoiceID, CustomerID string
	State                                                    DisputeState
	// Amount is what is disputed, zero until the provider has told it; Fee is what the provider
	// keeps for it.
	Amount, Fee money.Amount
	Reason      string
	// Outcome is what became of the invoice of a lost one, also of one that was won after all.
	Outcome string
	// AnswerBy is until when evidence is taken at the provider.
	AnswerBy, OpenedAt, ClosedAt time.Time
}

// Disputes lists disputes newest first, before a cursor; state empty is any state.
func (b *Billing) Disputes(ctx context.Context, state DisputeState, cursor string, limit int) ([]Dispute, error) {
	rows, err := b.store.Read().DisputesPage(ctx, db.DisputesPageParams{State: string(state), Before: db.FromNewest(cursor), Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list disputes: %w", err)
	}
	out := make([]Dispute, 0, len(rows))
	for _, r := range rows {
		out = append(out, disputeOf(r))
	}
	return out, nil
}

// Dispute is one of them; fault NotFound.
func (b *Billing) Dispute(ctx context.Context, id string) (Dispute, error) {
	row, err := b.store.Read().DisputeByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Dispute{}, fault.Missing("dispute", id)
	}
	return disputeOf(row), wrap(err, "read dispute "+id)
}

func disputeOf(r db.Dispute) Dispute {
	cur := money.Currency(r.Currency)
	return Dispute{
		ID: r.ID, Gateway: r.Gateway, Reference: r.ProviderReference, PaymentID: r.PaymentID, InvoiceID: r.InvoiceID,
		CustomerID: r.CustomerID, State: DisputeState(r.State), Amount: money.New(r.Amount, cur), Fee: money.New(r.Fee, cur),
		Reason: r.Reason, Outcome: r.Outcome, AnswerBy: r.AnswerAt.Time(), OpenedAt: r.OpenedAt.Time(), ClosedAt: r.ClosedAt.Time(),
	}
}

// A bank may take back within months what it decided against the shop. A lost dispute is looked
// at again every so often for that long: the webhook may be lost.
const (
	reversalEvery = 7 * day
	reversalWatch = 120 * day
)

// nextLook is when a dispute is asked about again: one that is not over once a day.
func nextLook(d db.Dispute, now db.Instant) db.Instant {
	switch {
	case d.State != string(DisputeLost):
		return now.Add(day)
	case now.Add(reversalEvery) > d.ClosedAt.Add(reversalWatch):
		return 0
	}
	return now.Add(reversalEvery)
}

// doubtfulDisputes are those that may change: a webhook may be lost.
func (b *Billing) doubtfulDisputes() inDoubt {
	return inDoubt{"disputes", func(ctx context.Context, now db.Instant, after string) ([]string, error) {
		return b.store.Read().DisputesToCheck(ctx, db.DisputesToCheckParams{NowAt: now, After: after, Page: doubtPage})
	}, func(ctx context.Context, id string, now time.Time) (bool, error) {
		return false, b.reconcileDispute(ctx, id, db.At(now))
	}}
}

func (b *Billing) reconcileDispute(ctx context.Context, id string, now db.Instant) error {
	d, err := b.store.Read().DisputeByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read dispute %s: %w", id, err)
	}
	g, err := b.gateway(d.Gateway)
	if err != nil {
		return gone(d.Gateway)
	}
	s, found, err := b.fetchDispute(ctx, g, d.ProviderReference)
	if err != nil {
		return err
	}
	return b.store.Tx(ctx, func(q *db.Queries) error {
		if err := q.DisputeCheckLater(ctx, db.DisputeCheckLaterParams{ID: id, CheckAt: nextLook(d, now)}); err != nil || !found {
			return err
		}
		return b.applyDispute(ctx, q, d.Gateway, s)
	})
}
