package billing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/money"
	"hostfront/review"
	"hostfront/tally"
)

// The questions about money that does not come.
const (
	missingQuestion = "payout_missing"
	absentQuestion  = "payout_absent"
)

// mostMissing bounds how many payments one run asks about.
const mostMissing = 100

// paidOut keeps that a payment's money is in a payout, and ends the question where it is.
func (b *Billing) paidOut(ctx context.Context, q *db.Queries, paymentID string) error {
	rows, err := q.PaymentPaidOut(ctx, paymentID)
	if err != nil || rows == 0 {
		return wrap(err, "keep that payment "+paymentID+" is paid out")
	}
	_, err = review.Answered(ctx, q, b.tasks, missingQuestion, paymentID, "it is in a payout now")
	return err
}

// missing asks about payments that have been settled for longer than the shop waits
// (Policies.PayoutAfter) and are in no payout: one by one where the provider has told of later
// payouts what they are made of, and once for the gateway where it has not.
func (r *payoutRun) missing(ctx context.Context) error {
	if r.policies.PayoutAfter <= 0 {
		return nil
	}
	name := r.gateway.Name()
	newest, err := r.store.Read().PayoutNewestRead(ctx, name)
	if err != nil {
		return fmt.Errorf("newest payout of %s: %w", name, err)
	}
	if err := r.missingRefunds(ctx, db.Instant(newest)); err != nil {
		return err
	}
	late := db.At(r.clock.Now().Add(-r.policies.PayoutAfter))
	asked, absent := 0, db.PaymentNotPaidOutRow{}
	for after := ""; asked < mostMissing && absent.ID == ""; {
		rows, err := r.store.Read().PaymentNotPaidOut(ctx, db.PaymentNotPaidOutParams{Gateway: name, After: after, Page: payoutPage})
		if err != nil {
			return fmt.Errorf("payments of %s that are in no payout: %w", name, err)
		}
		for _, p := range rows {
			after = p.ID
			switch {
			case p.SettledAt > late:
			case p.SettledAt >= db.Instant(newest):
				absent = p
			case asked < mostMissing:
				asked++
				r.report.Skip(p.ID, tally.One(func() error { return r.askMissing(ctx, p.ID) }))
			}
		}
		if len(rows) < payoutPage || ctx.Err() != nil {
			break
		}
	}
	r.report.Count("missing", asked)
	if absent.ID != "" {
		holds, err := r.holds(ctx)
		if err != nil {
			return err
		}
		if !holds {
			absent = db.PaymentNotPaidOutRow{} // a balance that is spent on refunds is not paid out
		}
	}
	return r.askAbsent(ctx, absent)
}

// holds is true while the gateway has money of the shop by the books.
func (r *payoutRun) holds(ctx context.Context) (bool, error) {
	accounts, err := r.Trial(ctx)
	i := slices.IndexFunc(accounts, func(a Balance) bool { return a.Account == Clearing(r.gateway.Name()) })
	return err == nil && i >= 0 && accounts[i].Balance.IsPositive(), err
}

// askMissing puts a payment to the operator that is in no payout.
func (r *payoutRun) askMissing(ctx context.Context, paymentID string) error {
	p, err := paymentRow(ctx, r.store.Read(), paymentID)
	if err != nil {
		return err
	}
	return r.store.Tx(ctx, func(q *db.Queries) error {
		_, err := review.Ask(ctx, q, r.tasks, review.Question{
			Code: missingQuestion, Subject: p.ID,
			Message: "The money of a payment is in no payout, though later payouts are read. Look it up at the provider by its reference; this ends by itself when it is paid out.",
			Details: map[string]string{
				"gateway": p.Gateway, "reference": p.ProviderReference, "invoice": p.InvoiceID,
				"amount": money.New(p.Received, money.Currency(p.Currency)).String(), "settled": p.SettledAt.Time().Format(time.DateOnly),
			},
		})
		return err
	})
}

// askAbsent keeps the question about a gateway that pays nothing out, or does not tell what its
// payouts are made of; it ends by itself when it does.
func (r *payoutRun) askAbsent(ctx context.Context, oldest db.PaymentNotPaidOutRow) error {
	name := r.gateway.Name()
	return r.store.Tx(ctx, func(q *db.Queries) error {
		if oldest.ID == "" {
			_, err := review.Answered(ctx, q, r.tasks, absentQuestion, name, "its payouts are read again")
			return err
		}
		_, err := review.Ask(ctx, q, r.tasks, review.Question{
			Code: absentQuestion, Subject: name,
			Message: "The gateway's money is not paid out, or its provider does not tell what the payouts are made of (manual payouts at Stripe). Switch automatic payouts on at the provider, or reconcile them by hand and leave this so.",
			Details: map[string]string{"gateway": name, "payment": oldest.ID, "settled": oldest.SettledAt.Time().Format(time.DateOnly)},
		})
		return err
	})
}
